package net.nvgate.gateway.control;

import java.util.TreeMap;
import java.util.UUID;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.policy.PolicyObject.BlackholeRoute;
import net.nvgate.fabric.policy.PolicyObject.PeerRoute;
import net.nvgate.fabric.policy.PolicyObject.TenantSettings;
import org.jspecify.annotations.Nullable;

/** Settings of a tenant, and its routes beside its customer routes. */
final class TenantRouting {

    /** What all VSIDs of a tenant have in common. */
    void set(TenantSettings settings, Tenant tenant, Dirty dirty) {
        tenant.dscpMode = settings.dscpMode();
        tenant.dscp = settings.dscp();
        tenant.pcp = settings.pcp();
        tenant.limits = settings.bandwidth();
        dirty.vsids.addAll(tenant.subnets.keySet());
    }

    void add(BlackholeRoute route, Tenant tenant, Dirty dirty) {
        tenant.blackholes.add(route.destinationPrefix());
        NamedTenants.refer(tenant, 1, dirty);
        dirty.routes.add(new Dirty.RouteRow(tenant, route.destinationPrefix()));
    }

    void remove(BlackholeRoute route, Tenant tenant, Dirty dirty) {
        tenant.blackholes.remove(route.destinationPrefix());
        NamedTenants.refer(tenant, -1, dirty);
        dirty.routes.add(new Dirty.RouteRow(tenant, route.destinationPrefix()));
    }

    /** The peer is referred to as well, so that it has an index for the route's row. */
    void add(PeerRoute route, Tenant tenant, Tenant peer, Dirty dirty) {
        tenant.peers
                .computeIfAbsent(route.destinationPrefix(), _ -> new TreeMap<>())
                .put(peer.rdid, route);
        NamedTenants.refer(tenant, 1, dirty);
        NamedTenants.refer(peer, 1, dirty);
        mark(route, tenant, peer, dirty);
    }

    void remove(PeerRoute route, Tenant tenant, Tenant peer, Dirty dirty) {
        tenant.peers.computeIfPresent(route.destinationPrefix(), (_, there) -> {
            there.remove(peer.rdid);
            return there.isEmpty() ? null : there;
        });
        NamedTenants.refer(tenant, -1, dirty);
        NamedTenants.refer(peer, -1, dirty);
        mark(route, tenant, peer, dirty);
    }

    /** The peer's routes to this tenant count once this tenant has one to the peer. */
    private static void mark(PeerRoute route, Tenant tenant, Tenant peer, Dirty dirty) {
        dirty.routes.add(new Dirty.RouteRow(tenant, route.destinationPrefix()));
        peer.peers.forEach((prefix, routes) -> {
            if (routes.containsKey(tenant.rdid)) {
                dirty.routes.add(new Dirty.RouteRow(peer, prefix));
            }
        });
    }

    /** Whom a peer route leads to: of several the lowest RDID that has a route back; null if none has. */
    static @Nullable Tenant peer(PolicyIndex index, Tenant tenant, IpPrefix prefix) {
        for (UUID rdid : tenant.peers.getOrDefault(prefix, new TreeMap<>()).keySet()) {
            Tenant peer = index.tenants.get(rdid);
            if (peer != null && hasRouteTo(peer, tenant)) {
                return peer;
            }
        }
        return null;
    }

    /** Whether a tenant has a route to another one. */
    static boolean hasRouteTo(Tenant from, Tenant to) {
        return from.peers.values().stream().anyMatch(routes -> routes.containsKey(to.rdid));
    }
}
