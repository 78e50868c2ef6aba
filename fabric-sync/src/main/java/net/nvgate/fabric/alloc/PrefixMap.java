package net.nvgate.fabric.alloc;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.nvgate.fabric.model.IpPrefix;

/**
 * Prefixes with their owners; prefixes may overlap. To find what overlaps one costs a look-up for each shorter length, and
 * what is found.
 */
public final class PrefixMap<T> {

    private final TreeMap<IpPrefix, Set<T>> owners = new TreeMap<>();

    public void add(IpPrefix prefix, T owner) {
        owners.computeIfAbsent(prefix, _ -> new HashSet<>()).add(owner);
    }

    public void remove(IpPrefix prefix, T owner) {
        owners.computeIfPresent(prefix, (_, there) -> {
            there.remove(owner);
            return there.isEmpty() ? null : there;
        });
    }

    /** Owners of prefixes that share an address with this one; an owner can come more than once. */
    public Stream<T> overlapping(IpPrefix prefix) {
        Stream<Set<T>> around = IntStream.range(0, prefix.length())
                .mapToObj(length -> owners.getOrDefault(IpPrefix.of(prefix.address(), length), Set.of()));
        // What is inside sorts from the prefix itself up to the single address at its end.
        IpPrefix end = IpPrefix.of(prefix.last(), prefix.address().bits());
        Stream<Set<T>> inside = owners.subMap(prefix, true, end, true).values().stream();
        return Stream.concat(around, inside).flatMap(Collection::stream);
    }
}
