package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An 802.1Q sub-interface of a gateway that belongs to one VM network. On the front end it leads to the tenant's own
 * network: direct routing without NAT, CAs may overlap between tenants. On the back end it is a VLAN-based subnet of the
 * tenant, without NVGRE.
 *
 * @param vlanId 1..4094, once per gateway and side
 * @param addresses the gateway's own, on subnets disjoint from all other prefixes of the routing domain
 * @param urpf check of source addresses of packets that come in
 * @param routes out of this interface
 */
public record TenantInterface(
        @JsonUnwrapped Meta meta,
        UUID vmNetworkGatewayId,
        Side side,
        int vlanId,
        List<InterfaceAddress> addresses,
        Urpf urpf,
        List<Route> routes)
        implements FabricObject {

    /** Metric of a route that has none: that of Microsoft's samples. */
    public static final int METRIC_DEFAULT = 255;

    /**
     * A route out of the interface. Several next hops of equal metric share the load.
     *
     * @param nextHop on a subnet of the interface
     * @param metric lowest wins, 0..2147483647
     */
    public record Route(IpPrefix destinationPrefix, IpAddress nextHop, int metric) {

        public Route {
            Rules.required(Kind.TENANT_INTERFACE.label(), "routes.destinationPrefix", destinationPrefix);
            Rules.required(Kind.TENANT_INTERFACE.label(), "routes.nextHop", nextHop);
            Rules.range(Kind.TENANT_INTERFACE.label(), "routes.metric", metric, 0, Integer.MAX_VALUE);
        }

        /** From JSON: a metric that is left out is the default. */
        @JsonCreator
        public static Route of(
                @JsonProperty("destinationPrefix") IpPrefix destinationPrefix,
                @JsonProperty("nextHop") IpAddress nextHop,
                @JsonProperty("metric") @Nullable Integer metric) {
            return new Route(destinationPrefix, nextHop, metric == null ? METRIC_DEFAULT : metric);
        }
    }

    /** Subnets on the interface, each once. */
    public List<IpPrefix> subnets() {
        return addresses.stream().map(InterfaceAddress::subnet).distinct().toList();
    }

    private static void checkSubnets(List<InterfaceAddress> addresses) {
        String kind = Kind.TENANT_INTERFACE.label();
        for (int i = 0; i < addresses.size(); i++) {
            InterfaceAddress mine = addresses.get(i);
            for (InterfaceAddress other : addresses.subList(0, i)) {
                if (mine.address().equals(other.address())) {
                    throw new ModelException(kind, "addresses", mine.address(), "must be unique within the interface");
                }
                if (!mine.subnet().equals(other.subnet()) && mine.subnet().overlaps(other.subnet())) {
                    throw new ModelException(kind, "addresses", mine.subnet(), "must not overlap " + other.subnet());
                }
            }
        }
    }

    private static void checkRoute(Route route, List<InterfaceAddress> addresses) {
        String kind = Kind.TENANT_INTERFACE.label();
        IpAddress nextHop = route.nextHop();
        boolean own = addresses.stream().anyMatch(address -> address.address().equals(nextHop));
        boolean onLink = addresses.stream().anyMatch(address -> address.subnet().contains(nextHop));
        if (own || !onLink) {
            throw new ModelException(
                    kind, "routes.nextHop", nextHop, "must be another machine on a subnet of the interface");
        }
        if (route.destinationPrefix().address().bits() != nextHop.bits()) {
            throw new ModelException(kind, "routes.nextHop", nextHop, "must be of the family of the prefix");
        }
    }

    public TenantInterface {
        String kind = Kind.TENANT_INTERFACE.label();
        Rules.meta(Kind.TENANT_INTERFACE, meta);
        Rules.required(kind, "vmNetworkGatewayId", vmNetworkGatewayId);
        Rules.required(kind, "side", side);
        Rules.range(kind, "vlanId", vlanId, 1, 4094);
        Rules.required(kind, "urpf", urpf);
        addresses = Rules.list(kind, "addresses", addresses);
        if (addresses.isEmpty()) {
            throw new ModelException(kind, "addresses", "[]", "must have one entry at least");
        }
        checkSubnets(addresses);
        routes = Rules.list(kind, "routes", routes);
        for (Route route : routes) {
            checkRoute(route, addresses);
        }
        if (routes.stream()
                        .map(route -> route.destinationPrefix() + " " + route.nextHop())
                        .distinct()
                        .count()
                < routes.size()) {
            throw new ModelException(kind, "routes", routes, "must have a prefix and next hop once");
        }
    }

    @Override
    public Kind kind() {
        return Kind.TENANT_INTERFACE;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(vmNetworkGatewayId);
    }

    @Override
    public TenantInterface withMeta(Meta meta) {
        return new TenantInterface(meta, vmNetworkGatewayId, side, vlanId, addresses, urpf, routes);
    }
}
