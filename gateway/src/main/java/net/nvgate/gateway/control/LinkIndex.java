package net.nvgate.gateway.control;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import org.jspecify.annotations.Nullable;

/** Our addresses and routes in one network: the PA network or the physical side. Few, so its rows are computed whole. */
final class LinkIndex {

    record Address(IpAddress address, int prefixLength, int vlan) {}

    record Route(IpPrefix destination, IpAddress nextHop, int metric) {}

    private static final Comparator<Route> BEST_FIRST =
            Comparator.comparingInt(Route::metric).thenComparing(Route::nextHop);

    private static final IpPrefix ANY_IPV6 = new IpPrefix(Ipv6Address.UNSPECIFIED, 0);

    final TreeMap<IpAddress, Address> addresses = new TreeMap<>();
    private final Map<IpPrefix, TreeSet<Route>> routes = new HashMap<>();

    private @Nullable Route learned;

    void add(Address address) {
        addresses.put(address.address, address);
    }

    void add(Route route) {
        routes.computeIfAbsent(route.destination, _ -> new TreeSet<>(BEST_FIRST))
                .add(route);
    }

    void remove(Route route) {
        routes.computeIfPresent(route.destination, (_, there) -> {
            there.remove(route);
            return there.isEmpty() ? null : there;
        });
    }

    /** An address is in the VLAN; the untagged network is nobody's VLAN. */
    boolean hasVlan(int vlan) {
        return vlan != 0 && addresses.values().stream().anyMatch(own -> own.vlan == vlan);
    }

    /** The IPv6 default route that a router advertises for itself; any route of policy is better. */
    void learned(Optional<Ipv6Address> router) {
        if (learned != null) {
            remove(learned);
        }
        learned = router.map(address -> new Route(ANY_IPV6, address, Integer.MAX_VALUE))
                .orElse(null);
        if (learned != null) {
            add(learned);
        }
    }

    boolean owns(IpAddress address) {
        return addresses.containsKey(address);
    }

    /**
     * IPv4 rows by prefix: the subnet of each address, and each route whose next hop is in one of them. A route whose next
     * hop is in none has no row until an address makes it reachable.
     */
    Map<IpPrefix, FibRow> rows() {
        Map<IpPrefix, FibRow> rows = new HashMap<>();
        for (TreeSet<Route> candidates : routes.values()) {
            List<Route> reachable = candidates.stream()
                    .filter(route ->
                            route.destination.address() instanceof Ipv4Address && linkTo(route.nextHop) != null)
                    .toList();
            if (!reachable.isEmpty()) {
                Route best = reachable.getFirst();
                Address from = Objects.requireNonNull(linkTo(best.nextHop));
                rows.put(best.destination, row(best.destination, from, best).withHops(lowest(reachable)));
            }
        }
        for (Address address : addresses.descendingMap().values()) {
            if (address.address instanceof Ipv4Address) {
                IpPrefix subnet = IpPrefix.of(address.address, address.prefixLength);
                rows.put(subnet, row(subnet, address, null));
            }
        }
        return rows;
    }

    /** As {@link #rows}, for IPv6. */
    Map<IpPrefix, Fib6Row> rows6() {
        Map<IpPrefix, Fib6Row> rows = new HashMap<>();
        for (TreeSet<Route> candidates : routes.values()) {
            List<Route> reachable = candidates.stream()
                    .filter(route ->
                            route.destination.address() instanceof Ipv6Address && linkTo6(route.nextHop) != null)
                    .toList();
            if (!reachable.isEmpty()) {
                Route best = reachable.getFirst();
                Address from = Objects.requireNonNull(linkTo6(best.nextHop));
                rows.put(best.destination, row6(best.destination, from, best).withHops(lowest6(reachable)));
            }
        }
        for (Address address : addresses.descendingMap().values()) {
            if (address.address instanceof Ipv6Address) {
                IpPrefix subnet = IpPrefix.of(address.address, address.prefixLength);
                rows.put(subnet, row6(subnet, address, null));
            }
        }
        return rows;
    }

    /** A link-local next hop is taken to be in the network of the lowest IPv6 address. */
    private @Nullable Address linkTo6(IpAddress nextHop) {
        if (!(nextHop instanceof Ipv6Address address) || !Ipv6.isLinkLocal(address.high())) {
            return linkTo(nextHop);
        }
        for (Address own : addresses.values()) {
            if (own.address instanceof Ipv6Address) {
                return own;
            }
        }
        return null;
    }

    /** Next hops of the lowest metric. */
    private static List<Integer> lowest(List<Route> bestFirst) {
        return bestFirst.stream()
                .filter(route -> route.metric == bestFirst.getFirst().metric)
                .map(route -> v4(route.nextHop))
                .limit(FibEntry.HOPS_MAX)
                .toList();
    }

    private static List<Ipv6Address> lowest6(List<Route> bestFirst) {
        return bestFirst.stream()
                .filter(route -> route.metric == bestFirst.getFirst().metric)
                .map(route -> (Ipv6Address) route.nextHop)
                .limit(FibEntry.HOPS_MAX)
                .toList();
    }

    /**
     * 802.1Q VLAN id in which an address that is none of the link's own is reached: that of the subnet that covers it, else of
     * the lowest address of the link, behind which it must be routed to us; 0 while there is none.
     */
    int vlanFor(IpAddress address) {
        Address covering = linkTo(address);
        if (covering != null) {
            return covering.vlan;
        }
        return addresses.isEmpty() ? 0 : addresses.firstEntry().getValue().vlan;
    }

    /** The address whose subnet holds the next hop; the longest subnet, then the lowest address. */
    private @Nullable Address linkTo(IpAddress nextHop) {
        Address best = null;
        for (Address address : addresses.values()) {
            boolean covers = IpPrefix.of(address.address, address.prefixLength).contains(nextHop);
            if (covers && (best == null || address.prefixLength > best.prefixLength)) {
                best = address;
            }
        }
        return best;
    }

    private static FibRow row(IpPrefix prefix, Address from, @Nullable Route route) {
        return new FibRow(
                Tenant.NO_INDEX,
                v4(prefix.address()),
                prefix.length(),
                route == null ? FibEntry.ON_LINK : FibEntry.VIA_ROUTER,
                route == null ? 0 : v4(route.nextHop),
                0,
                from.vlan,
                v4(from.address),
                route == null ? 0 : route.metric);
    }

    private static Fib6Row row6(IpPrefix prefix, Address from, @Nullable Route route) {
        return new Fib6Row(
                Tenant.NO_INDEX,
                (Ipv6Address) prefix.address(),
                prefix.length(),
                route == null ? FibEntry.ON_LINK : FibEntry.VIA_ROUTER,
                route == null ? Ipv6Address.UNSPECIFIED : (Ipv6Address) route.nextHop,
                0,
                from.vlan,
                (Ipv6Address) from.address,
                route == null ? 0 : route.metric);
    }

    private static int v4(IpAddress address) {
        return address instanceof Ipv4Address v4 ? v4.value() : 0;
    }
}
