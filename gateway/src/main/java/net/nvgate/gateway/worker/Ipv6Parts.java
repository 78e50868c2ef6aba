package net.nvgate.gateway.worker;

import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.RouteTables;
import org.jspecify.annotations.Nullable;

/** Makes the IPv6 steps of a worker, which share all that leads out of it with those of IPv4. */
final class Ipv6Parts {

    final Tenant6Routes routes;
    final Icmp6Sender icmp;
    final Nat64Errors nat64Errors;
    final Tenant6Path tenant;
    final External6Path external;
    final Pa6Input paInput;
    final Inner6Input innerInput;
    final Ext6Input extInput;
    final TenantLink6Input backEnd;
    final TenantLink6Input frontEnd;

    /**
     * @param paLink checks frames of the PA port
     * @param extLink checks frames of the external port
     * @param paReply answers by the PA port
     * @param extReply answers by the external port
     * @param limiter of ICMPv6 errors
     * @param limits of tenants
     * @param sizes of both families
     * @param acl of both families
     * @param firstId of what NAT64 sends, any number
     */
    Ipv6Parts(
            RouteTables tables,
            InsideHosts hosts,
            Adjacencies adjacencies,
            Egress egress,
            NeighborChannel channel,
            WorkerPorts ports,
            LinkInput paLink,
            LinkInput extLink,
            LinkReply paReply,
            LinkReply extReply,
            ErrorLimiter limiter,
            Limiter limits,
            SizeParts sizes,
            @Nullable HandOff handOff,
            Tap tap,
            AclTransit acl,
            WorkerClock clock,
            WorkerCounters counters,
            Disposal disposal,
            int firstId) {
        EchoResponder6 paEcho = new EchoResponder6(paReply, counters, disposal);
        EchoResponder6 extEcho = new EchoResponder6(extReply, counters, disposal);
        routes = new Tenant6Routes(tables, adjacencies);
        icmp = new Icmp6Sender(tables, routes, adjacencies, egress, limiter, clock, counters, disposal);
        external = new External6Path(
                tables, routes, adjacencies, egress, extEcho, icmp, limits, sizes, tap, acl, disposal);
        nat64Errors = new Nat64Errors(hosts, adjacencies, icmp, disposal);
        Nat64Outbound nat64 =
                new Nat64Outbound(tables, hosts, icmp, nat64Errors, tap, clock, counters, disposal, firstId);
        tenant = new Tenant6Path(
                tables,
                routes,
                adjacencies,
                egress,
                extEcho,
                icmp,
                external,
                nat64,
                limits,
                sizes,
                tap,
                acl,
                counters,
                disposal);
        OwnIpv6 paOwn =
                OwnIpv6.shared(tables, Own6Addresses.PROVIDER, ports.pa().mac());
        OwnIpv6 extOwn =
                OwnIpv6.shared(tables, Own6Addresses.EXTERNAL, ports.ext().mac());
        NeighborInput paNeighbors =
                new NeighborInput(paOwn, ports.paId(), ports.pa().mac(), channel, paReply, counters, disposal);
        NeighborInput extNeighbors =
                new NeighborInput(extOwn, ports.extId(), ports.ext().mac(), channel, extReply, counters, disposal);
        InnerNeighborInput innerNeighbors =
                new InnerNeighborInput(tables, new NvgreReply(paReply, counters), counters, disposal);
        paInput = new Pa6Input(tables, paOwn, paNeighbors, paEcho, sizes, handOff, disposal);
        innerInput = new Inner6Input(innerNeighbors, tenant, disposal);
        extInput = new Ext6Input(extOwn, extNeighbors, extEcho, external, disposal);
        OwnIpv6 paLinkOwn =
                OwnIpv6.ofTenants(tables, Own6Addresses.PROVIDER, ports.pa().mac());
        OwnIpv6 extLinkOwn =
                OwnIpv6.ofTenants(tables, Own6Addresses.EXTERNAL, ports.ext().mac());
        NeighborInput paLinkNeighbors =
                new NeighborInput(paLinkOwn, ports.paId(), ports.pa().mac(), channel, paReply, counters, disposal);
        NeighborInput extLinkNeighbors =
                new NeighborInput(extLinkOwn, ports.extId(), ports.ext().mac(), channel, extReply, counters, disposal);
        backEnd = new TenantLink6Input(paLink, paLinkOwn, paLinkNeighbors, paEcho, routes, tenant, counters, disposal);
        frontEnd = new TenantLink6Input(
                extLink, extLinkOwn, extLinkNeighbors, extEcho, routes, tenant, counters, disposal);
    }
}
