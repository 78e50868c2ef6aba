package net.nvgate.fabric.manager;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NatRule.Protocol;

/** Who uses which external address, and with which ports. Only NAT connections share one. */
final class ExternalBook {

    /** What is on one address. */
    private static final class Entry {
        final Set<UUID> owners = new HashSet<>();
        final Map<Protocol, Ports> rules = new HashMap<>();

        boolean isEmpty() {
            return owners.isEmpty() && rules.isEmpty();
        }
    }

    /** Rules of one protocol. Ranges are few; single ports are found by number. */
    private static final class Ports {
        final TreeMap<Integer, Map<UUID, NatRule>> singles = new TreeMap<>();
        final Map<UUID, NatRule> ranges = new HashMap<>();

        Stream<NatRule> within(int first, int last) {
            return Stream.concat(
                    singles.subMap(first, true, last, true).values().stream()
                            .map(Map::values)
                            .flatMap(Collection::stream),
                    ranges.values().stream()
                            .filter(rule -> rule.externalPort() <= last && first <= rule.externalPortLast()));
        }
    }

    private final Map<IpAddress, Entry> entries = new HashMap<>();

    void own(IpAddress address, UUID owner) {
        entry(address).owners.add(owner);
    }

    void disown(IpAddress address, UUID owner) {
        entries.computeIfPresent(address, (_, entry) -> {
            entry.owners.remove(owner);
            return entry.isEmpty() ? null : entry;
        });
    }

    /** Ids of gateways, NAT connections and one-to-ones with this address. */
    Set<UUID> owners(IpAddress address) {
        Entry entry = entries.get(address);
        return entry == null ? Set.of() : Collections.unmodifiableSet(entry.owners);
    }

    void add(IpAddress address, NatRule rule) {
        Ports ports = entry(address).rules.computeIfAbsent(rule.protocol(), _ -> new Ports());
        if (rule.portCount() == 1) {
            ports.singles
                    .computeIfAbsent(rule.externalPort(), _ -> new HashMap<>())
                    .put(rule.id(), rule);
        } else {
            ports.ranges.put(rule.id(), rule);
        }
    }

    void remove(IpAddress address, NatRule rule) {
        entries.computeIfPresent(address, (_, entry) -> {
            entry.rules.computeIfPresent(rule.protocol(), (_, ports) -> {
                ports.ranges.remove(rule.id());
                ports.singles.computeIfPresent(rule.externalPort(), (_, there) -> {
                    there.remove(rule.id());
                    return there.isEmpty() ? null : there;
                });
                return ports.singles.isEmpty() && ports.ranges.isEmpty() ? null : ports;
            });
            return entry.isEmpty() ? null : entry;
        });
    }

    /** Another rule on the address that could apply to the same packet. */
    Optional<NatRule> overlapping(IpAddress address, NatRule rule) {
        Entry entry = entries.get(address);
        Ports ports = entry == null ? null : entry.rules.get(rule.protocol());
        return ports == null
                ? Optional.empty()
                : ports.within(rule.externalPort(), rule.externalPortLast())
                        .filter(other -> !other.id().equals(rule.id()) && other.overlaps(rule))
                        .findFirst();
    }

    /** A rule of another connection on the address with one of these ports. */
    Optional<NatRule> foreignRule(IpAddress address, int first, int last, UUID connectionId) {
        Entry entry = entries.get(address);
        return entry == null
                ? Optional.empty()
                : entry.rules.values().stream()
                        .flatMap(ports -> ports.within(first, last))
                        .filter(rule -> !rule.natConnectionId().equals(connectionId))
                        .findFirst();
    }

    private Entry entry(IpAddress address) {
        return entries.computeIfAbsent(address, _ -> new Entry());
    }
}
