package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way of a VM network to the physical network, by one gateway. It has a virtual subnet of its own, as in Windows Server
 * 2012 R2, or shares one of the VMs'.
 *
 * @param routingSubnet the subnet that holds only the gateway and the distributed router
 * @param vsid the gateway VSID: key of frames from VMs to the gateway
 * @param address the gateway's CA: the second usable one
 * @param mac MAC of the gateway's record: inner destination of frames to it
 * @param routerAddress the distributed router's CA: the first usable one
 * @param routingSubnet6 the IPv6 routing subnet, once the VM network has IPv6
 * @param address6 the gateway's IPv6 CA: the second usable one of it
 * @param routerAddress6 the distributed router's IPv6 CA: the first usable one of it
 * @param quota what the tenant and each CA of it may use
 * @param dscpMode how outer DSCPs are set
 * @param dscp outer DSCP in pipe mode, 0..63
 * @param pcp VMs may ask the gateway for mappings (RFC 6887)
 * @param nat64Prefix IPv6 destinations that stand for IPv4 addresses (RFC 6052)
 * @param nptv6Prefixes IPv6 prefixes that are translated (RFC 6296)
 * @param routes the tenant's own
 * @param vmSubnetId the VM subnet whose VSID and prefixes the gateway shares; absent = it has a virtual subnet of its own
 * @param wildcardRecords who gets the gateway's wildcard records
 * @param limits of what goes between the VM network and the physical network
 * @param planLimits of the plan that the VM network is under; they hold besides the quota and the limits
 */
public record VmNetworkGateway(
        @JsonUnwrapped Meta meta,
        UUID vmNetworkId,
        UUID gatewayId,
        IpPrefix routingSubnet,
        Vsid vsid,
        IpAddress address,
        MacAddress mac,
        IpAddress routerAddress,
        MacAddress routerMac,
        Optional<IpPrefix> routingSubnet6,
        Optional<IpAddress> address6,
        Optional<IpAddress> routerAddress6,
        NatQuota quota,
        DscpMode dscpMode,
        int dscp,
        boolean pcp,
        Optional<IpPrefix> nat64Prefix,
        List<Nptv6> nptv6Prefixes,
        List<Route> routes,
        Optional<UUID> vmSubnetId,
        WildcardRecords wildcardRecords,
        Bandwidth limits,
        NetworkLimits planLimits)
        implements FabricObject {

    /** Who gets the records that say "any address outside the tenant is behind this gateway". */
    public enum WildcardRecords {
        /** The gateway alone (Microsoft's gateway guide of 2012 R2). Hosts go by the default route. */
        GATEWAY,
        /** Every host of the VM network too (Microsoft's sample script of 2012). */
        ALL_HOSTS
    }

    /** VMM's default routing subnet. */
    public static final IpPrefix ROUTING_SUBNET_DEFAULT = IpPrefix.parse("10.254.254.0/29");

    /** The IPv6 routing subnet if none is asked for: unique local (RFC 4193), bytes of VMM's default in its global id. */
    public static final IpPrefix ROUTING_SUBNET6_DEFAULT = IpPrefix.parse("fd0a:fefe::/64");

    /** Prefix lengths of RFC 6052 section 2.2. */
    private static final Set<Integer> NAT64_LENGTHS = Set.of(32, 40, 48, 56, 64, 96);

    /**
     * A pair of prefixes of the same length, 16..64, translated to each other (RFC 6296).
     *
     * @param outsidePrefix the tenant's alone
     */
    public record Nptv6(IpPrefix insidePrefix, IpPrefix outsidePrefix) {

        public Nptv6 {
            String kind = Kind.VM_NETWORK_GATEWAY.label();
            check("nptv6Prefixes.insidePrefix", Rules.required(kind, "nptv6Prefixes.insidePrefix", insidePrefix));
            check("nptv6Prefixes.outsidePrefix", Rules.required(kind, "nptv6Prefixes.outsidePrefix", outsidePrefix));
            if (insidePrefix.length() != outsidePrefix.length()) {
                throw new ModelException(
                        kind,
                        "nptv6Prefixes.outsidePrefix",
                        outsidePrefix,
                        "must be as long as the inside prefix " + insidePrefix);
            }
        }

        private static void check(String field, IpPrefix prefix) {
            boolean translatable = prefix.address().bits() == 128 && prefix.length() >= 16 && prefix.length() <= 64;
            if (!translatable || prefix.address().isMulticast()) {
                throw new ModelException(
                        Kind.VM_NETWORK_GATEWAY.label(), field, prefix, "must be a unicast IPv6 prefix of 16..64 bits");
            }
        }
    }

    /**
     * A route of the tenant: by VMs, or into a black hole.
     *
     * @param nextHops CAs of VMs, which share the load; at most 8
     * @param blackhole packets are dropped; then there are no next hops
     * @param metric of the customer routes, lowest wins, 0..2147483647
     */
    public record Route(IpPrefix destinationPrefix, List<IpAddress> nextHops, boolean blackhole, int metric) {

        public static final int NEXT_HOPS_MAX = 8;

        /** The metric of all routes in Microsoft's samples. */
        public static final int METRIC_DEFAULT = 255;

        public Route {
            String kind = Kind.VM_NETWORK_GATEWAY.label();
            Rules.required(kind, "routes.destinationPrefix", destinationPrefix);
            nextHops = Rules.list(kind, "routes.nextHops", nextHops);
            if (blackhole != nextHops.isEmpty() || nextHops.size() > NEXT_HOPS_MAX) {
                throw new ModelException(
                        kind,
                        "routes.nextHops",
                        nextHops,
                        "must have 1.." + NEXT_HOPS_MAX + " entries, or none if it is a blackhole");
            }
            if (nextHops.stream().distinct().count() < nextHops.size()) {
                throw new ModelException(kind, "routes.nextHops", nextHops, "must not name an address twice");
            }
            for (IpAddress nextHop : nextHops) {
                if (nextHop.bits() != destinationPrefix.address().bits()) {
                    throw new ModelException(kind, "routes.nextHops", nextHop, "must be of the family of the prefix");
                }
            }
            Rules.range(kind, "routes.metric", metric, 0, Integer.MAX_VALUE);
        }

        /** From JSON: a metric that is left out is the default. */
        @JsonCreator
        public static Route of(
                @JsonProperty("destinationPrefix") IpPrefix destinationPrefix,
                @JsonProperty("nextHops") List<IpAddress> nextHops,
                @JsonProperty("blackhole") @Nullable Boolean blackhole,
                @JsonProperty("metric") @Nullable Integer metric) {
            return new Route(
                    destinationPrefix,
                    nextHops,
                    blackhole != null && blackhole,
                    metric == null ? METRIC_DEFAULT : metric);
        }
    }

    public VmNetworkGateway {
        Rules.meta(Kind.VM_NETWORK_GATEWAY, meta);
        String kind = Kind.VM_NETWORK_GATEWAY.label();
        Rules.required(kind, "vmNetworkId", vmNetworkId);
        Rules.required(kind, "gatewayId", gatewayId);
        VmSubnet.hosting(kind, "routingSubnet", routingSubnet, 2);
        Rules.required(kind, "vsid", vsid);
        Rules.usable(kind, "address", address, routingSubnet);
        Rules.unicast(kind, "mac", mac);
        Rules.usable(kind, "routerAddress", routerAddress, routingSubnet);
        Rules.unicast(kind, "routerMac", routerMac);
        if (address.equals(routerAddress)) {
            throw new ModelException(kind, "routerAddress", routerAddress, "must differ from the gateway's address");
        }
        if (mac.equals(routerMac)) {
            throw new ModelException(kind, "routerMac", routerMac, "must differ from the gateway's MAC");
        }
        checkIpv6(routingSubnet6, address6, routerAddress6);
        quota = Rules.given(quota, NatQuota.UNLIMITED);
        dscpMode = Rules.given(dscpMode, DscpMode.UNIFORM);
        Rules.range(kind, "dscp", dscp, 0, 63);
        nat64Prefix.ifPresent(VmNetworkGateway::checkNat64);
        nptv6Prefixes = Rules.list(kind, "nptv6Prefixes", nptv6Prefixes);
        Rules.disjoint(
                kind,
                "nptv6Prefixes.insidePrefix",
                nptv6Prefixes.stream().map(Nptv6::insidePrefix).toList());
        Rules.disjoint(
                kind,
                "nptv6Prefixes.outsidePrefix",
                nptv6Prefixes.stream().map(Nptv6::outsidePrefix).toList());
        routes = Rules.list(kind, "routes", routes);
        if (routes.stream().map(Route::destinationPrefix).distinct().count() < routes.size()) {
            throw new ModelException(kind, "routes.destinationPrefix", routes, "must be unique within the gateway");
        }
        wildcardRecords = Rules.given(wildcardRecords, WildcardRecords.GATEWAY);
        limits = Rules.given(limits, Bandwidth.UNLIMITED);
        planLimits = Rules.given(planLimits, NetworkLimits.NONE);
    }

    private static void checkIpv6(
            Optional<IpPrefix> subnet, Optional<IpAddress> address, Optional<IpAddress> routerAddress) {
        String kind = Kind.VM_NETWORK_GATEWAY.label();
        if (subnet.isPresent() != address.isPresent() || subnet.isPresent() != routerAddress.isPresent()) {
            throw new ModelException(
                    kind,
                    "routingSubnet6",
                    subnet.orElse(null),
                    "comes with address6 and routerAddress6, and only then");
        }
        subnet.ifPresent(prefix -> {
            VmSubnet.hosting(kind, "routingSubnet6", prefix, 2);
            if (prefix.address().bits() != 128) {
                throw new ModelException(kind, "routingSubnet6", prefix, "must be IPv6");
            }
            Rules.usable(kind, "address6", address.orElseThrow(), prefix);
            Rules.usable(kind, "routerAddress6", routerAddress.orElseThrow(), prefix);
        });
    }

    /** RFC 6052 section 2.2: bits 64 to 71 of an address are zero. */
    private static void checkNat64(IpPrefix prefix) {
        boolean fits = prefix.address() instanceof Ipv6Address v6
                && NAT64_LENGTHS.contains(prefix.length())
                && v6.low() >>> 56 == 0;
        if (!fits || prefix.address().isMulticast()) {
            throw new ModelException(
                    Kind.VM_NETWORK_GATEWAY.label(),
                    "nat64Prefix",
                    prefix,
                    "must be an IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits with bits 64 to 71 zero");
        }
    }

    /** The gateway has no virtual subnet of its own: VSID, prefixes and router are those of a VM subnet. */
    public boolean sharesVmSubnet() {
        return vmSubnetId.isPresent();
    }

    /** Routing subnets of both families, none if they are those of a VM subnet. */
    public List<IpPrefix> routingSubnets() {
        if (sharesVmSubnet()) {
            return List.of();
        }
        return Stream.concat(Stream.of(routingSubnet), routingSubnet6.stream()).toList();
    }

    /** The gateway's CAs. */
    public List<IpAddress> addresses() {
        return Stream.concat(Stream.of(address), address6.stream()).toList();
    }

    /** The same gateway with an IPv6 routing subnet. */
    public VmNetworkGateway withIpv6(IpPrefix subnet) {
        IpAddress router = subnet.address().plus(1);
        return with(meta, gatewayId, Optional.of(subnet), Optional.of(router.plus(1)), Optional.of(router), planLimits);
    }

    @Override
    public Kind kind() {
        return Kind.VM_NETWORK_GATEWAY;
    }

    @Override
    public Set<UUID> references() {
        return Stream.concat(Stream.of(vmNetworkId, gatewayId), vmSubnetId.stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public VmNetworkGateway withMeta(Meta meta) {
        return with(meta, gatewayId, routingSubnet6, address6, routerAddress6, planLimits);
    }

    /** The same way by another gateway: addresses, MACs and VSID stay. */
    public VmNetworkGateway movedTo(UUID gateway) {
        return with(meta, gateway, routingSubnet6, address6, routerAddress6, planLimits);
    }

    /** The same gateway under another plan, or under a changed one. */
    public VmNetworkGateway withPlanLimits(NetworkLimits limits) {
        return with(meta, gatewayId, routingSubnet6, address6, routerAddress6, limits);
    }

    /** Limits of what goes between the VM network and the physical network: its own, and no more than the plan's. */
    public Bandwidth effectiveLimits() {
        return planLimits.applied(limits);
    }

    private VmNetworkGateway with(
            Meta meta,
            UUID gatewayId,
            Optional<IpPrefix> routingSubnet6,
            Optional<IpAddress> address6,
            Optional<IpAddress> routerAddress6,
            NetworkLimits planLimits) {
        return new VmNetworkGateway(
                meta,
                vmNetworkId,
                gatewayId,
                routingSubnet,
                vsid,
                address,
                mac,
                routerAddress,
                routerMac,
                routingSubnet6,
                address6,
                routerAddress6,
                quota,
                dscpMode,
                dscp,
                pcp,
                nat64Prefix,
                nptv6Prefixes,
                routes,
                vmSubnetId,
                wildcardRecords,
                limits,
                planLimits);
    }
}
