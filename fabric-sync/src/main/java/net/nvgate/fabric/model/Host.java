package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A machine that runs VMs.
 *
 * @param paPoolId pool of an HNV logical network
 * @param providerAddress its address in the PA network, its alone
 * @param hostGroupId the group it is in; none = directly under "All Hosts"
 * @param maintenance true: it takes no new VMs, neither made nor moved
 * @param switches its logical switches; empty = nobody says
 */
public record Host(
        @JsonUnwrapped Meta meta,
        HostType hostType,
        UUID paPoolId,
        IpAddress providerAddress,
        Optional<UUID> hostGroupId,
        boolean maintenance,
        List<HostSwitch> switches)
        implements FabricObject {

    /** What programs the host's virtual switch. */
    public enum HostType {
        /** Open vSwitch, by our agent. */
        LINUX_OVS,
        /** Hyper-V Network Virtualization, by NetWNV cmdlets. */
        HYPER_V
    }

    public Host {
        Rules.meta(Kind.HOST, meta);
        Rules.required(Kind.HOST.label(), "hostType", hostType);
        Rules.required(Kind.HOST.label(), "paPoolId", paPoolId);
        Rules.required(Kind.HOST.label(), "providerAddress", providerAddress);
        switches = HostSwitch.checked(switches);
    }

    @Override
    public Kind kind() {
        return Kind.HOST;
    }

    @Override
    public Set<UUID> references() {
        return Stream.of(
                        Stream.of(paPoolId),
                        hostGroupId.stream(),
                        switches.stream().flatMap(one -> Stream.of(one.logicalSwitchId(), one.uplinkPortProfileId())))
                .flatMap(ids -> ids)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Host withMeta(Meta meta) {
        return new Host(meta, hostType, paPoolId, providerAddress, hostGroupId, maintenance, switches);
    }
}
