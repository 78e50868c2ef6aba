package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import net.nvgate.fabric.model.InterfaceAddress;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.policy.PolicyObject.TenantInterface;
import net.nvgate.fabric.policy.PolicyObject.TenantInterfaceRoute;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.FibEntry;
import org.jspecify.annotations.Nullable;

/** What of tenant interfaces is IPv6: our addresses on them and the routes out of them, as {@link TenantLinkIndex} has those of IPv4. */
final class TenantLinkRoutes6 {

    private TenantLinkRoutes6() {}

    /** Our addresses on a VLAN, in the order of policy. */
    static List<InterfaceAddress> addresses(TenantInterface tenantInterface) {
        return tenantInterface.addresses().stream()
                .filter(own -> own.address() instanceof Ipv6Address)
                .toList();
    }

    /** The address that ICMPv6 errors come from, :: = none. */
    static Ipv6Address first(TenantInterface tenantInterface) {
        List<InterfaceAddress> own = addresses(tenantInterface);
        return own.isEmpty() ? Ipv6Address.UNSPECIFIED : v6(own.getFirst().address());
    }

    /** A tenant's rows by prefix: the subnet of each address, and each route whose next hop is in a subnet of its own interface. */
    static Map<IpPrefix, Fib6Row> of(Tenant tenant, TenantLinkIndex links) {
        Map<IpPrefix, TreeSet<TenantInterfaceRoute>> byPrefix = new HashMap<>();
        for (TenantInterface tenantInterface : tenant.interfaces.values()) {
            for (TenantInterfaceRoute route : links.routesOf(tenantInterface)) {
                if (route.destinationPrefix().address() instanceof Ipv6Address
                        && source(tenantInterface, route.nextHop()) != null) {
                    byPrefix.computeIfAbsent(route.destinationPrefix(), _ -> new TreeSet<>(TenantLinkIndex.BEST_FIRST))
                            .add(route);
                }
            }
        }
        Map<IpPrefix, Fib6Row> rows = new HashMap<>();
        byPrefix.forEach((prefix, candidates) -> {
            Fib6Row row = row(tenant, prefix, candidates, links);
            if (row != null) {
                rows.put(prefix, row);
            }
        });
        // Of the same subnet on two interfaces the lower VLAN has it.
        for (TenantInterface tenantInterface : tenant.interfaces.descendingMap().values()) {
            for (InterfaceAddress own : addresses(tenantInterface).reversed()) {
                rows.put(own.subnet(), connected(tenant, tenantInterface, own));
            }
        }
        return rows;
    }

    private static @Nullable Fib6Row row(
            Tenant tenant, IpPrefix prefix, SortedSet<TenantInterfaceRoute> candidates, TenantLinkIndex links) {
        TenantInterfaceRoute best = candidates.first();
        TenantInterface out = links.byId(best.interfaceId());
        Ipv6Address source = out == null ? null : source(out, best.nextHop());
        if (out == null || source == null) {
            return null;
        }
        List<Ipv6Address> hops = new ArrayList<>(candidates.stream()
                .filter(route -> route.metric() == best.metric())
                .map(route -> v6(route.nextHop()))
                .distinct()
                .limit(FibEntry.HOPS_MAX)
                .toList());
        return new Fib6Row(
                        tenant.index,
                        v6(prefix.address()),
                        prefix.length(),
                        FibEntry.VIA_ROUTER,
                        v6(best.nextHop()),
                        0,
                        out.vlanId(),
                        source,
                        best.metric())
                .outOf(TenantLinkIndex.link(out))
                .withHops(hops);
    }

    private static Fib6Row connected(Tenant tenant, TenantInterface tenantInterface, InterfaceAddress own) {
        return new Fib6Row(
                        tenant.index,
                        v6(own.subnet().address()),
                        own.subnet().length(),
                        FibEntry.ON_LINK,
                        Ipv6Address.UNSPECIFIED,
                        0,
                        tenantInterface.vlanId(),
                        v6(own.address()),
                        0)
                .outOf(TenantLinkIndex.link(tenantInterface));
    }

    /** Our address in the subnet of the interface that a next hop is in; null if it is in none. */
    private static @Nullable Ipv6Address source(TenantInterface tenantInterface, IpAddress nextHop) {
        for (InterfaceAddress own : addresses(tenantInterface)) {
            if (own.subnet().contains(nextHop)) {
                return v6(own.address());
            }
        }
        return null;
    }

    private static Ipv6Address v6(IpAddress address) {
        return address instanceof Ipv6Address v6 ? v6 : Ipv6Address.UNSPECIFIED;
    }
}
