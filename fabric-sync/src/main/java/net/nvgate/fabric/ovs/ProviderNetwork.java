package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.ovs.DriftKind.Finding;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The host's PAs, PA routes and neighbours, in the kernel's tables of the provider bridge; Open vSwitch takes them from
 * there. What the agent made is told from what others made, so that nothing foreign is ever removed: routes by their
 * protocol number, addresses by a list in the bridge's {@code external_ids}. (A label would do for addresses, but
 * getifaddrs() reports it as the interface's name, and Open vSwitch then finds no address on the bridge.)
 */
final class ProviderNetwork {

    /** Marks routes as ours; a number without a name in /etc/iproute2/rt_protos. */
    private static final String ROUTE_PROTOCOL = "186";

    private final Commands commands;
    private final String namespace;
    private final String bridge;
    private final String uplink;
    private final OvsSwitch vswitch;
    private final JsonMapper json = new JsonMapper();

    ProviderNetwork(Commands commands, AgentSettings settings, OvsSwitch vswitch) {
        this.commands = commands;
        this.namespace = settings.networkNamespace();
        this.bridge = settings.vswitch().providerBridge();
        this.uplink = settings.vswitch().providerInterface();
        this.vswitch = vswitch;
    }

    /** Brings the provider bridge up. The kernel sees the uplink's frames as well, and must not answer ARP there. */
    void prepare() throws CommandException {
        if (!uplink.isEmpty()) {
            // With slashes, because a dot may be part of the interface's name.
            sysctl("net/ipv4/conf/" + uplink + "/arp_ignore=8");
            ip("link", "set", "dev", uplink, "up");
        }
        // Several PAs of one subnet: without this the kernel drops all of them with the first.
        sysctl("net/ipv4/conf/" + bridge + "/promote_secondaries=1");
        ip("link", "set", "dev", bridge, "up");
    }

    private void sysctl(String assignment) throws CommandException {
        List<String> command = new ArrayList<>();
        if (!namespace.isEmpty()) {
            command.addAll(List.of("ip", "netns", "exec", namespace));
        }
        command.addAll(List.of("sysctl", "-qw", assignment));
        commands.run(command);
    }

    /** Adds the addresses and routes of the policy that are missing. */
    void add(HostPolicy policy) throws CommandException {
        Set<String> present = addresses();
        Set<String> missing = wanted(policy);
        missing.removeAll(present);
        if (!missing.isEmpty()) {
            // Written down first: whatever interrupts us, what we add is known to be ours.
            Set<String> ours = vswitch.ownProviderAddresses();
            ours.addAll(missing);
            vswitch.setOwnProviderAddresses(ours);
        }
        for (String address : missing) {
            ip("address", "add", address, "dev", bridge);
        }
        Set<Route> routes = routes();
        for (ProviderRoute route : policy.providerRoutes()) {
            Route wanted = Route.of(route);
            if (!routes.contains(wanted)) {
                List<String> command = new ArrayList<>(List.of("route", "add"));
                command.addAll(wanted.words());
                command.addAll(List.of("dev", bridge, "proto", ROUTE_PROTOCOL));
                ip(command.toArray(String[]::new));
            }
        }
    }

    /** What others took away of the policy's addresses and routes, or of the bridge's link. */
    List<Finding> differences(HostPolicy policy) throws CommandException {
        List<Finding> found = new ArrayList<>();
        if (!isUp()) {
            found.add(Finding.of(DriftKind.PROVIDER_LINK, bridge + " is down"));
        }
        Set<String> addresses = wanted(policy);
        addresses.removeAll(addresses());
        for (String address : addresses) {
            found.add(Finding.of(DriftKind.PROVIDER_ADDRESS, address + " is not on " + bridge));
        }
        Set<Route> present = policy.providerRoutes().isEmpty() ? Set.of() : routes();
        for (ProviderRoute route : policy.providerRoutes()) {
            if (!present.contains(Route.of(route))) {
                found.add(Finding.of(
                        DriftKind.PROVIDER_ROUTE,
                        String.join(" ", Route.of(route).words())));
            }
        }
        return found;
    }

    private boolean isUp() throws CommandException {
        for (JsonNode link : list("link", "show", "dev", bridge)) {
            for (JsonNode flag : link.path("flags")) {
                if (flag.asString("").equals("UP")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Names of the kernel's interfaces. */
    Set<String> links() throws CommandException {
        Set<String> names = new HashSet<>();
        for (JsonNode link : list("link", "show")) {
            names.add(link.path("ifname").asString(""));
        }
        return names;
    }

    /** Bytes of the largest packet on the PA network, 0 if unknown. */
    int mtu() throws CommandException {
        int smallest = Integer.MAX_VALUE;
        for (String name : uplink.isEmpty() ? List.of(bridge) : List.of(bridge, uplink)) {
            for (JsonNode link : list("link", "show", "dev", name)) {
                smallest = Math.min(smallest, link.path("mtu").asInt(Integer.MAX_VALUE));
            }
        }
        return smallest == Integer.MAX_VALUE ? 0 : smallest;
    }

    /** Removes what the agent once added and the policy no longer has. */
    void removeOthers(HostPolicy policy) throws CommandException {
        Set<Route> wantedRoutes =
                policy.providerRoutes().stream().map(Route::of).collect(Collectors.toSet());
        for (Route route : routes()) {
            if (!wantedRoutes.contains(route)) {
                List<String> command = new ArrayList<>(List.of("route", "del"));
                command.addAll(route.words());
                command.addAll(List.of("dev", bridge, "proto", ROUTE_PROTOCOL));
                ip(command.toArray(String[]::new));
            }
        }
        Set<String> ours = vswitch.ownProviderAddresses();
        Set<String> stale = new TreeSet<>(ours);
        stale.removeAll(wanted(policy));
        if (stale.isEmpty()) {
            return;
        }
        Set<String> present = addresses();
        for (String address : stale) {
            if (present.contains(address)) {
                ip("address", "del", address, "dev", bridge);
            }
        }
        ours.removeAll(stale);
        vswitch.setOwnProviderAddresses(ours);
    }

    private static Set<String> wanted(HostPolicy policy) {
        return policy.providerAddresses().stream()
                .map(address -> address.providerAddress() + "/" + address.prefixLength())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> addresses() throws CommandException {
        Set<String> found = new HashSet<>();
        for (JsonNode link : list("-4", "address", "show", "dev", bridge)) {
            for (JsonNode address : link.path("addr_info")) {
                found.add(address.path("local").asString("") + "/"
                        + address.path("prefixlen").asInt());
            }
        }
        return found;
    }

    private Set<Route> routes() throws CommandException {
        Set<Route> found = new HashSet<>();
        for (JsonNode route : list("-4", "route", "show", "proto", ROUTE_PROTOCOL, "dev", bridge)) {
            String destination = route.path("dst").asString("");
            found.add(new Route(
                    destination.equals("default")
                            ? "0.0.0.0/0"
                            : destination.contains("/") ? destination : destination + "/32",
                    route.path("gateway").asString(""),
                    route.path("metric").asInt(0)));
        }
        return found;
    }

    private record Route(String destination, String nextHop, int metric) {
        static Route of(ProviderRoute route) {
            boolean onLink = route.nextHop().isUnspecified();
            return new Route(
                    route.destinationPrefix().toString(),
                    onLink ? "" : route.nextHop().toString(),
                    route.metric());
        }

        List<String> words() {
            List<String> words = new ArrayList<>(List.of(destination));
            if (!nextHop.isEmpty()) {
                words.addAll(List.of("via", nextHop));
            }
            words.addAll(List.of("metric", Integer.toString(metric)));
            return words;
        }
    }

    /** Where frames for the policy's remote PAs go first: the PA itself when it is on link, or the route's next hop. */
    static Set<IpAddress> nextHops(HostPolicy policy) {
        Set<IpAddress> hops = new TreeSet<>();
        for (IpAddress remote : policy.remoteAddresses()) {
            boolean onLink = policy.providerAddresses().stream()
                    .anyMatch(own -> IpPrefix.of(own.providerAddress(), own.prefixLength())
                            .contains(remote));
            if (onLink) {
                hops.add(remote);
            } else {
                routeTo(policy, remote).ifPresent(hops::add);
            }
        }
        return hops;
    }

    private static Optional<IpAddress> routeTo(HostPolicy policy, IpAddress remote) {
        Optional<ProviderRoute> best = policy.providerRoutes().stream()
                .filter(route -> route.destinationPrefix().contains(remote))
                .reduce((a, b) -> isBetter(b, a) ? b : a);
        return best.map(route -> route.nextHop().isUnspecified() ? remote : route.nextHop());
    }

    private static boolean isBetter(ProviderRoute a, ProviderRoute b) {
        int byLength = Integer.compare(
                a.destinationPrefix().length(), b.destinationPrefix().length());
        return byLength != 0 ? byLength > 0 : a.metric() < b.metric();
    }

    /**
     * Has the kernel resolve these addresses and keep them resolved ("managed" neighbours, Linux 5.16). Open vSwitch
     * learns from the ARP replies that pass; it would drop the first packet to an address it had not seen.
     */
    void keepNeighbors(Set<IpAddress> hops) throws CommandException {
        Map<String, String> kept = neighbors();
        for (IpAddress hop : hops) {
            if (!kept.containsKey(hop.toString())) {
                ip("neigh", "replace", hop.toString(), "dev", bridge, "managed");
            }
        }
        Set<String> wanted = hops.stream().map(IpAddress::toString).collect(Collectors.toSet());
        for (String address : kept.keySet()) {
            if (!wanted.contains(address)) {
                ip("neigh", "del", address, "dev", bridge);
            }
        }
    }

    /** Managed neighbours and their MACs, empty while unresolved. */
    Map<String, String> neighbors() throws CommandException {
        Map<String, String> found = new HashMap<>();
        for (JsonNode neighbor : list("-4", "neigh", "show", "dev", bridge)) {
            if (neighbor.has("managed")) {
                found.put(
                        neighbor.path("dst").asString(""),
                        neighbor.path("lladdr").asString(""));
            }
        }
        return found;
    }

    private JsonNode list(String... arguments) throws CommandException {
        List<String> words = new ArrayList<>(List.of("-j"));
        words.addAll(List.of(arguments));
        String text = ip(words.toArray(String[]::new));
        return json.readTree(text.isBlank() ? "[]" : text);
    }

    private String ip(String... arguments) throws CommandException {
        List<String> command = new ArrayList<>(List.of("ip"));
        if (!namespace.isEmpty()) {
            command.addAll(List.of("-n", namespace));
        }
        command.addAll(List.of(arguments));
        return commands.run(command);
    }
}
