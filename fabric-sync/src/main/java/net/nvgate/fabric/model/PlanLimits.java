package net.nvgate.fabric.model;

import java.util.Optional;

/**
 * What each subscription to a plan may have. Absent = no limit.
 *
 * @param vmNetworks VM networks
 * @param vmSubnets VM subnets of these
 * @param publicAddresses external addresses of NAT connections and 1:1 NATs; a shared one counts once
 * @param natRules NAT rules
 * @param ports external ports and ICMP identifiers of each VM network
 * @param sessions NAT sessions of each VM network
 * @param sessionsPerSecond new NAT sessions of each VM network
 * @param inboundKbps from outside to each VM network, kbit/s
 * @param outboundKbps from each VM network to outside, kbit/s
 * @param inboundPacketsPerSecond from outside to each VM network
 * @param outboundPacketsPerSecond from each VM network to outside
 * @param vms VMs
 * @param vcpus virtual processors of all VMs
 * @param memoryMb MiB of memory of all VMs
 * @param storageGb GiB of disks of all VMs
 * @param customPoints points of all VMs
 */
public record PlanLimits(
        Optional<Long> vmNetworks,
        Optional<Long> vmSubnets,
        Optional<Long> publicAddresses,
        Optional<Long> natRules,
        Optional<Integer> ports,
        Optional<Integer> sessions,
        Optional<Integer> sessionsPerSecond,
        Optional<Integer> inboundKbps,
        Optional<Integer> outboundKbps,
        Optional<Integer> inboundPacketsPerSecond,
        Optional<Integer> outboundPacketsPerSecond,
        Optional<Long> vms,
        Optional<Long> vcpus,
        Optional<Long> memoryMb,
        Optional<Long> storageGb,
        Optional<Long> customPoints) {

    public static final PlanLimits UNLIMITED = new PlanLimits(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** Of any limit on a number of things; sums stay far below what a long holds. */
    public static final long LIMIT_MAX = 1_000_000_000_000L;

    private static final String OBJECT = Kind.PLAN.label();

    public PlanLimits {
        check(OBJECT, "limits.vmNetworks", vmNetworks);
        check(OBJECT, "limits.vmSubnets", vmSubnets);
        check(OBJECT, "limits.publicAddresses", publicAddresses);
        check(OBJECT, "limits.natRules", natRules);
        perNetwork("limits.ports", ports);
        perNetwork("limits.sessions", sessions);
        perNetwork("limits.sessionsPerSecond", sessionsPerSecond);
        perNetwork("limits.inboundKbps", inboundKbps);
        perNetwork("limits.outboundKbps", outboundKbps);
        perNetwork("limits.inboundPacketsPerSecond", inboundPacketsPerSecond);
        perNetwork("limits.outboundPacketsPerSecond", outboundPacketsPerSecond);
        check(OBJECT, "limits.vms", vms);
        check(OBJECT, "limits.vcpus", vcpus);
        check(OBJECT, "limits.memoryMb", memoryMb);
        check(OBJECT, "limits.storageGb", storageGb);
        check(OBJECT, "limits.customPoints", customPoints);
    }

    static void check(String object, String field, Optional<Long> limit) {
        limit.filter(value -> value < 0 || value > LIMIT_MAX).ifPresent(value -> {
            throw new ModelException(object, field, value, "must be 0.." + LIMIT_MAX);
        });
    }

    /** Gateways take 0 for no limit, so a limit is 1 at least. */
    private static void perNetwork(String field, Optional<Integer> limit) {
        limit.ifPresent(value -> Rules.range(OBJECT, field, value, 1, Integer.MAX_VALUE));
    }
}
