package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Source NAT of a VM network (VMM NATConnection). Several with the same source prefixes are a pool: an inside address
 * keeps one external address of it.
 *
 * @param externalPoolId pool of a logical network without HNV
 * @param externalAddress the address on the physical side; connections that share it have disjoint ports
 * @param portMin first external port or ICMP identifier of dynamic mappings
 * @param portMax last one, inclusive
 * @param sourcePrefixes CAs that use the connection, empty = all; of a VM network's connections the longest match wins
 * @param filtering which packets from outside a mapping lets in
 * @param timeouts at least what the RFCs ask for
 * @param portBlockSize ports are given to a CA in blocks: a power of two, 64..4096; 0 = one by one
 * @param deterministicPrefixes CAs with computed port ranges (RFC 7422), empty = none
 * @param algs application-level gateways that are on
 * @param maximumBandwidthInboundKbps from outside, kbit/s; 0 = no limit
 * @param maximumBandwidthOutboundKbps to outside, kbit/s; 0 = no limit
 * @param limitMode of what comes faster
 */
public record NatConnection(
        @JsonUnwrapped Meta meta,
        UUID vmNetworkGatewayId,
        UUID externalPoolId,
        IpAddress externalAddress,
        int portMin,
        int portMax,
        List<IpPrefix> sourcePrefixes,
        Filtering filtering,
        NatTimeouts timeouts,
        int portBlockSize,
        List<IpPrefix> deterministicPrefixes,
        Set<Alg> algs,
        int maximumBandwidthInboundKbps,
        int maximumBandwidthOutboundKbps,
        LimitMode limitMode)
        implements FabricObject {

    public static final int PORT_MIN = 1024;
    public static final int PORT_MAX = 65_535;

    /** Settings that were left out, or that an older version did not know, have their defaults. */
    public NatConnection(
            Meta meta,
            UUID vmNetworkGatewayId,
            UUID externalPoolId,
            IpAddress externalAddress,
            int portMin,
            int portMax,
            @Nullable List<IpPrefix> sourcePrefixes,
            @Nullable Filtering filtering,
            @Nullable NatTimeouts timeouts,
            int portBlockSize,
            @Nullable List<IpPrefix> deterministicPrefixes,
            @Nullable Set<Alg> algs,
            int maximumBandwidthInboundKbps,
            int maximumBandwidthOutboundKbps,
            @Nullable LimitMode limitMode) {
        String kind = Kind.NAT_CONNECTION.label();
        this.meta = Rules.meta(Kind.NAT_CONNECTION, meta);
        this.vmNetworkGatewayId = Rules.required(kind, "vmNetworkGatewayId", vmNetworkGatewayId);
        this.externalPoolId = Rules.required(kind, "externalPoolId", externalPoolId);
        this.externalAddress = Rules.required(kind, "externalAddress", externalAddress);
        this.portMin = Rules.range(kind, "portMin", portMin, PORT_MIN, PORT_MAX);
        this.portMax = Rules.range(kind, "portMax", portMax, portMin, PORT_MAX);
        this.sourcePrefixes = distinct("sourcePrefixes", sourcePrefixes);
        this.filtering = filtering == null ? NatSettings.DEFAULT.filtering() : filtering;
        this.timeouts = timeouts == null ? NatTimeouts.DEFAULT : timeouts.rfc(kind);
        this.portBlockSize = NatSettings.portBlockSize(kind, portBlockSize);
        this.deterministicPrefixes = distinct("deterministicPrefixes", deterministicPrefixes);
        this.algs = NatSettings.ordered(algs == null ? NatSettings.DEFAULT.algs() : algs);
        this.maximumBandwidthInboundKbps =
                Rules.range(kind, "maximumBandwidthInboundKbps", maximumBandwidthInboundKbps, 0, Integer.MAX_VALUE);
        this.maximumBandwidthOutboundKbps =
                Rules.range(kind, "maximumBandwidthOutboundKbps", maximumBandwidthOutboundKbps, 0, Integer.MAX_VALUE);
        this.limitMode = Rules.given(limitMode, LimitMode.POLICE);
        checkPorts();
    }

    public Bandwidth bandwidth() {
        return new Bandwidth(maximumBandwidthInboundKbps, maximumBandwidthOutboundKbps, 0, 0, limitMode);
    }

    private static List<IpPrefix> distinct(String field, @Nullable List<IpPrefix> value) {
        List<IpPrefix> prefixes = Rules.list(Kind.NAT_CONNECTION.label(), field, value);
        if (new HashSet<>(prefixes).size() < prefixes.size()) {
            throw new ModelException(Kind.NAT_CONNECTION.label(), field, prefixes, "must not name a prefix twice");
        }
        return prefixes;
    }

    private void checkPorts() {
        String kind = Kind.NAT_CONNECTION.label();
        int ports = portMax - portMin + 1;
        if (portBlockSize > ports) {
            throw new ModelException(kind, "portBlockSize", portBlockSize, "must not exceed the " + ports + " ports");
        }
        if (deterministicPrefixes.size() > NatSettings.DETERMINISTIC_MAX) {
            throw new ModelException(
                    kind,
                    "deterministicPrefixes",
                    deterministicPrefixes,
                    "must be at most " + NatSettings.DETERMINISTIC_MAX);
        }
        long hosts = 0;
        for (IpPrefix prefix : deterministicPrefixes) {
            if (prefix.address().bits() != 32) {
                throw new ModelException(kind, "deterministicPrefixes", prefix, "must be IPv4");
            }
            if (deterministicPrefixes.stream().filter(prefix::overlaps).count() > 1) {
                throw new ModelException(kind, "deterministicPrefixes", prefix, "must not overlap another one");
            }
            hosts += 1L << (32 - prefix.length());
        }
        if (hosts > ports) {
            throw new ModelException(
                    kind,
                    "deterministicPrefixes",
                    deterministicPrefixes,
                    "must have at most as many addresses as there are ports, " + ports);
        }
    }

    /** As gateways get them. */
    public NatSettings settings() {
        return new NatSettings(filtering, timeouts, portBlockSize, deterministicPrefixes, algs);
    }

    /** The ports of dynamic mappings have one in common with {@code first}..{@code last}. */
    public boolean hasPorts(int first, int last) {
        return portMin <= last && first <= portMax;
    }

    @Override
    public Kind kind() {
        return Kind.NAT_CONNECTION;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(vmNetworkGatewayId, externalPoolId);
    }

    @Override
    public NatConnection withMeta(Meta meta) {
        return new NatConnection(
                meta,
                vmNetworkGatewayId,
                externalPoolId,
                externalAddress,
                portMin,
                portMax,
                sourcePrefixes,
                filtering,
                timeouts,
                portBlockSize,
                deterministicPrefixes,
                algs,
                maximumBandwidthInboundKbps,
                maximumBandwidthOutboundKbps,
                limitMode);
    }
}
