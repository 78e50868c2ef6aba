package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.NatRule;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.Prefixes;
import org.jspecify.annotations.Nullable;

/**
 * NAT rules of all tenants. A rule is active while its connection is there and that is IPv4; only active rules have rows. A range
 * of ports becomes aligned blocks of powers of two, one set as seen from outside and one from inside.
 */
final class NatRuleIndex {

    /** An aligned block of {@code 1 << order} external ports. Protocol is the IANA number. */
    record Outside(int address, int protocol, int order, int port) {}

    /** An aligned block of a server's ports. For IPv6 servers the CA is the key of their addresses, which several may have. */
    record Inside(UUID rdid, int ca, int protocol, int order, int port) {}

    /** An active rule as remote hosts of one prefix see it. */
    record Part(NatRule rule, NatConnection connection, int external, int internal, Prefixes.Row remote) {

        /** The server's address if it is IPv6. */
        @Nullable
        Ipv6Address internal6() {
            return rule.internalAddress() instanceof Ipv6Address address ? address : null;
        }
    }

    /** External ports for remote hosts of one prefix: no two rules overlap there. */
    private record Space(int address, int protocol, Prefixes.Row remote) {}

    private static final Comparator<Part> ORDER = Comparator.<Part>comparingInt(part -> -part.remote.length())
            .thenComparingInt(part -> part.remote.address())
            .thenComparing(part -> part.rule.id());

    private final Map<UUID, Map<UUID, NatRule>> byConnection = new HashMap<>();
    private final Map<Integer, Set<Part>> byAddress = new HashMap<>();
    private final Map<Space, TreeMap<Integer, NatRule>> spaces = new HashMap<>();
    private final Map<Outside, TreeSet<Part>> outside = new HashMap<>();
    private final Map<Inside, TreeSet<Part>> inside = new HashMap<>();
    private int count;

    /** All rules, active or not. */
    int count() {
        return count;
    }

    /** Rules that have a block of external ports, the most specific remote prefix first. */
    Collection<Part> at(Outside block) {
        TreeSet<Part> parts = outside.get(block);
        return parts == null ? List.of() : Collections.unmodifiableSet(parts);
    }

    /** A rule that has an external port, that with the most specific remote prefix. */
    Optional<Part> at(int address, int protocol, int port) {
        for (int order = 0; order <= Short.SIZE; order++) {
            Optional<Part> there = at(new Outside(address, protocol, order, port & -1 << order)).stream()
                    .findFirst();
            if (there.isPresent()) {
                return there;
            }
        }
        return Optional.empty();
    }

    /** Rules that have a server's block of ports, the most specific remote prefix first. */
    Collection<Part> at(Inside block) {
        TreeSet<Part> parts = inside.get(block);
        return parts == null ? List.of() : Collections.unmodifiableSet(parts);
    }

    /** The parts of an active rule, none if there is no such rule. */
    List<Part> parts(UUID rule) {
        return byAddress.values().stream()
                .flatMap(Set::stream)
                .filter(part -> part.rule.id().equals(rule))
                .toList();
    }

    Collection<NatRule> of(NatConnection connection) {
        return byConnection.getOrDefault(connection.id(), Map.of()).values();
    }

    /** Keeps a rule; {@link #activate} makes it work. */
    void add(NatRule rule) {
        byConnection.computeIfAbsent(rule.connectionId(), _ -> new TreeMap<>()).put(rule.id(), rule);
        count++;
    }

    void remove(NatRule rule) {
        byConnection.computeIfPresent(rule.connectionId(), (_, rules) -> without(rules, rule.id()));
        count--;
    }

    /** Refuses a connection whose ports a rule of another connection of the same address has. */
    void check(NatConnection connection, Ipv4Address address) throws PolicyRejectedException {
        for (Part part : byAddress.getOrDefault(address.value(), Set.of())) {
            if (overlaps(part.rule, connection)) {
                throw new PolicyRejectedException(
                        connection.key(),
                        "of ports " + connection.portMin() + ".." + connection.portMax() + " some are those of "
                                + part.rule.key() + " of another connection");
            }
        }
    }

    static boolean overlaps(NatRule rule, NatConnection connection) {
        return rule.externalPort() <= connection.portMax()
                && rule.externalPort() + rule.portCount() > connection.portMin();
    }

    /** Makes a rule work, or refuses it for one that has its ports, and has then changed nothing. */
    void activate(NatRule rule, NatConnection connection, Dirty dirty) throws PolicyRejectedException {
        List<Part> parts = parts(rule, connection);
        for (Part part : parts) {
            check(part);
        }
        for (Part part : parts) {
            spaces.computeIfAbsent(space(part), _ -> new TreeMap<>()).put(rule.externalPort(), rule);
            byAddress.computeIfAbsent(part.external, _ -> new HashSet<>()).add(part);
            outsideBlocks(part)
                    .forEach(block -> outside.computeIfAbsent(block, _ -> new TreeSet<>(ORDER))
                            .add(part));
            insideBlocks(part)
                    .forEach(block -> inside.computeIfAbsent(block, _ -> new TreeSet<>(ORDER))
                            .add(part));
            mark(part, dirty);
        }
    }

    private void check(Part part) throws PolicyRejectedException {
        int first = part.rule.externalPort();
        Map.Entry<Integer, NatRule> below =
                spaces.getOrDefault(space(part), new TreeMap<>()).floorEntry(first + part.rule.portCount() - 1);
        if (below != null && below.getKey() + below.getValue().portCount() > first) {
            throw new PolicyRejectedException(
                    part.rule.key(),
                    "external " + part.rule.protocol() + " port " + Math.max(first, below.getKey())
                            + " is already that of " + below.getValue().key());
        }
    }

    void deactivate(NatRule rule, NatConnection connection, Dirty dirty) {
        for (Part part : parts(rule, connection)) {
            spaces.computeIfPresent(space(part), (_, rules) -> without(rules, rule.externalPort()));
            byAddress.computeIfPresent(part.external, (_, there) -> withoutElement(there, part));
            outsideBlocks(part)
                    .forEach(block -> outside.computeIfPresent(block, (_, there) -> withoutElement(there, part)));
            insideBlocks(part)
                    .forEach(block -> inside.computeIfPresent(block, (_, there) -> withoutElement(there, part)));
            mark(part, dirty);
        }
    }

    private static void mark(Part part, Dirty dirty) {
        dirty.outsideRules.addAll(outsideBlocks(part));
        dirty.insideRules.addAll(insideBlocks(part));
    }

    private static List<Outside> outsideBlocks(Part part) {
        return PortRanges.blocks(part.rule.externalPort(), part.rule.portCount()).stream()
                .map(block -> new Outside(part.external, part.rule.protocol().number(), block.order(), block.port()))
                .toList();
    }

    private static List<Inside> insideBlocks(Part part) {
        return PortRanges.blocks(part.rule.internalPort(), part.rule.portCount()).stream()
                .map(block -> new Inside(
                        part.connection.rdid(),
                        part.internal,
                        part.rule.protocol().number(),
                        block.order(),
                        block.port()))
                .toList();
    }

    private static Space space(Part part) {
        return new Space(part.external, part.rule.protocol().number(), part.remote);
    }

    /** None if its connection or all its remote prefixes are not IPv4. */
    private static List<Part> parts(NatRule rule, NatConnection connection) {
        List<Part> parts = new ArrayList<>();
        if (connection.externalAddress() instanceof Ipv4Address external) {
            int internal = internal(rule.internalAddress());
            for (Prefixes.Row remote : prefixes(rule.remotePrefixes())) {
                parts.add(new Part(rule, connection, external.value(), internal, remote));
            }
        }
        return parts;
    }

    private static int internal(IpAddress server) {
        return switch (server) {
            case Ipv4Address v4 -> v4.value();
            case Ipv6Address v6 -> NatRuleEntry.key(v6.high(), v6.low());
        };
    }

    /** The IPv4 ones, each once; of none at all, every address. */
    static Set<Prefixes.Row> prefixes(List<IpPrefix> prefixes) {
        Set<Prefixes.Row> rows = new HashSet<>();
        if (prefixes.isEmpty()) {
            rows.add(Prefixes.Row.ANY);
        }
        for (IpPrefix prefix : prefixes) {
            if (prefix.address() instanceof Ipv4Address address) {
                rows.add(new Prefixes.Row(address.value(), prefix.length()));
            }
        }
        return rows;
    }

    private static <K, M extends Map<K, ?>> @Nullable M without(M map, K key) {
        map.remove(key);
        return map.isEmpty() ? null : map;
    }

    private static <T, S extends Set<T>> @Nullable S withoutElement(S set, T element) {
        set.remove(element);
        return set.isEmpty() ? null : set;
    }
}
