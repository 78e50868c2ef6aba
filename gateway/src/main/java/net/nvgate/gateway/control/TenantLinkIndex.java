package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import net.nvgate.fabric.model.InterfaceAddress;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.model.Urpf;
import net.nvgate.fabric.policy.PolicyObject.TenantInterface;
import net.nvgate.fabric.policy.PolicyObject.TenantInterfaceRoute;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.TenantLinks;
import org.jspecify.annotations.Nullable;

/** Tenant interfaces and the routes out of them. A tenant has few, so its rows are computed whole. {@link TenantLinkRoutes6} has those of IPv6. */
final class TenantLinkIndex {

    static final Comparator<TenantInterfaceRoute> BEST_FIRST = Comparator.comparingInt(TenantInterfaceRoute::metric)
            .thenComparing(TenantInterfaceRoute::nextHop)
            .thenComparing(TenantInterfaceRoute::interfaceId);

    /** By {@link TenantLinks#link}. */
    final TreeMap<Integer, TenantInterface> interfaces = new TreeMap<>();

    private final Map<UUID, TenantInterface> byId = new HashMap<>();
    private final Map<UUID, Set<TenantInterfaceRoute>> routes = new HashMap<>();

    static int link(TenantInterface tenantInterface) {
        int vlan = tenantInterface.vlanId();
        return tenantInterface.side() == Side.BACK_END ? TenantLinks.backEnd(vlan) : TenantLinks.frontEnd(vlan);
    }

    void add(TenantInterface tenantInterface, Tenant tenant, Dirty dirty) throws PolicyRejectedException {
        int link = link(tenantInterface);
        TenantInterface other = interfaces.putIfAbsent(link, tenantInterface);
        if (other != null) {
            throw new PolicyRejectedException(
                    tenantInterface.key(),
                    "VLAN " + tenantInterface.vlanId() + " of the " + side(tenantInterface) + " is already that of "
                            + other.key());
        }
        byId.put(tenantInterface.id(), tenantInterface);
        tenant.interfaces.put(link, tenantInterface);
        mark(tenantInterface, tenant, dirty);
    }

    void remove(TenantInterface tenantInterface, Tenant tenant, Dirty dirty) {
        interfaces.remove(link(tenantInterface), tenantInterface);
        byId.remove(tenantInterface.id(), tenantInterface);
        tenant.interfaces.remove(link(tenantInterface), tenantInterface);
        mark(tenantInterface, tenant, dirty);
    }

    private static void mark(TenantInterface tenantInterface, Tenant tenant, Dirty dirty) {
        dirty.links.add(link(tenantInterface));
        dirty.linkTenants.add(tenant);
    }

    static String side(TenantInterface tenantInterface) {
        return tenantInterface.side() == Side.BACK_END ? "PA port" : "external port";
    }

    void add(TenantInterfaceRoute route) {
        routes.computeIfAbsent(route.interfaceId(), _ -> new HashSet<>()).add(route);
    }

    void remove(TenantInterfaceRoute route) {
        routes.computeIfPresent(route.interfaceId(), (_, there) -> {
            there.remove(route);
            return there.isEmpty() ? null : there;
        });
    }

    /** Whose interface it is; null while it is not there. */
    @Nullable
    UUID tenantOf(UUID interfaceId) {
        TenantInterface tenantInterface = byId.get(interfaceId);
        return tenantInterface == null ? null : tenantInterface.rdid();
    }

    /** Routes out of an interface. */
    Set<TenantInterfaceRoute> routesOf(TenantInterface tenantInterface) {
        return routes.getOrDefault(tenantInterface.id(), Set.of());
    }

    @Nullable
    TenantInterface byId(UUID interfaceId) {
        return byId.get(interfaceId);
    }

    /** Our IPv4 addresses on a VLAN. */
    static List<TenantLinks.Address> addresses(TenantInterface tenantInterface) {
        List<TenantLinks.Address> rows = new ArrayList<>();
        for (InterfaceAddress own : tenantInterface.addresses()) {
            if (own.address() instanceof Ipv4Address v4) {
                rows.add(new TenantLinks.Address(link(tenantInterface), v4.value(), own.prefixLength()));
            }
        }
        return rows;
    }

    /** What the data path knows of an interface. */
    static TenantLinks.Row row(TenantInterface tenantInterface, Tenant tenant, int countersIndex) {
        List<TenantLinks.Address> own = addresses(tenantInterface);
        return new TenantLinks.Row(
                link(tenantInterface),
                tenant.index,
                urpf(tenantInterface.urpf()),
                own.isEmpty() ? 0 : own.getFirst().address(),
                TenantLinkRoutes6.first(tenantInterface),
                0,
                countersIndex);
    }

    private static int urpf(Urpf urpf) {
        return switch (urpf) {
            case OFF -> TenantLinks.URPF_OFF;
            case LOOSE -> TenantLinks.URPF_LOOSE;
            case STRICT -> TenantLinks.URPF_STRICT;
        };
    }

    /**
     * A tenant's IPv4 routes out of its interfaces by prefix: the subnet of each address, and each route whose next hop is in a
     * subnet of its own interface. Those of the lowest metric share the load.
     */
    Map<IpPrefix, FibRow> routes(Tenant tenant) {
        Map<IpPrefix, TreeSet<TenantInterfaceRoute>> byPrefix = new HashMap<>();
        Map<IpPrefix, FibRow> rows = new HashMap<>();
        for (TenantInterface tenantInterface : tenant.interfaces.values()) {
            for (TenantInterfaceRoute route : routesOf(tenantInterface)) {
                if (route.destinationPrefix().address() instanceof Ipv4Address
                        && source(tenantInterface, route.nextHop()) != null) {
                    byPrefix.computeIfAbsent(route.destinationPrefix(), _ -> new TreeSet<>(BEST_FIRST))
                            .add(route);
                }
            }
        }
        byPrefix.forEach((prefix, candidates) -> rows.put(prefix, row(tenant, prefix, candidates)));
        // Of the same subnet on two interfaces the lower VLAN has it.
        for (TenantInterface tenantInterface : tenant.interfaces.descendingMap().values()) {
            for (InterfaceAddress own : tenantInterface.addresses().reversed()) {
                if (own.address() instanceof Ipv4Address address) {
                    rows.put(own.subnet(), connected(tenant, tenantInterface, own.subnet(), address));
                }
            }
        }
        return rows;
    }

    private FibRow row(Tenant tenant, IpPrefix prefix, SortedSet<TenantInterfaceRoute> candidates) {
        TenantInterfaceRoute best = candidates.first();
        TenantInterface out = byId.get(best.interfaceId());
        List<Integer> hops = candidates.stream()
                .filter(route -> route.metric() == best.metric())
                .map(route -> v4(route.nextHop()))
                .distinct()
                .limit(FibEntry.HOPS_MAX)
                .toList();
        Ipv4Address source = out == null ? null : source(out, best.nextHop());
        return new FibRow(
                tenant.index,
                v4(prefix.address()),
                prefix.length(),
                FibEntry.VIA_ROUTER,
                v4(best.nextHop()),
                0,
                out == null ? 0 : out.vlanId(),
                source == null ? 0 : source.value(),
                best.metric(),
                out == null ? 0 : link(out),
                hops.size() > 1 ? hops : List.of());
    }

    private static FibRow connected(
            Tenant tenant, TenantInterface tenantInterface, IpPrefix subnet, Ipv4Address address) {
        return new FibRow(
                tenant.index,
                v4(subnet.address()),
                subnet.length(),
                FibEntry.ON_LINK,
                0,
                0,
                tenantInterface.vlanId(),
                address.value(),
                0,
                link(tenantInterface),
                List.of());
    }

    /** Our address in the subnet of the interface that a next hop is in; null if it is in none. */
    private static @Nullable Ipv4Address source(TenantInterface tenantInterface, IpAddress nextHop) {
        for (InterfaceAddress own : tenantInterface.addresses()) {
            if (own.address() instanceof Ipv4Address v4 && own.subnet().contains(nextHop)) {
                return v4;
            }
        }
        return null;
    }

    private static int v4(IpAddress address) {
        return address instanceof Ipv4Address v4 ? v4.value() : 0;
    }
}
