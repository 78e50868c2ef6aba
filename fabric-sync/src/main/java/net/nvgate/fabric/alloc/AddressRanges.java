package net.nvgate.fabric.alloc;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;

/** Disjoint address ranges, each with an owner. All operations are O(log n). */
public final class AddressRanges<T> {

    private record Range<T>(IpAddress end, T owner) {}

    private final TreeMap<IpAddress, Range<T>> byStart = new TreeMap<>();

    /** The owner of a range that shares an address with {@code start}..{@code end}. */
    public Optional<T> overlapping(IpAddress start, IpAddress end) {
        // Ranges are disjoint, so only the last one that starts at or below the end can reach into it.
        Map.Entry<IpAddress, Range<T>> last = byStart.floorEntry(end);
        return last != null && last.getValue().end().compareTo(start) >= 0
                ? Optional.of(last.getValue().owner())
                : Optional.empty();
    }

    public Optional<T> overlapping(IpPrefix prefix) {
        return overlapping(prefix.address(), prefix.last());
    }

    /** The owner of a range that shares an address with the prefix and is not {@code self}'s. */
    public Optional<T> overlappingOther(IpPrefix prefix, T self) {
        return overlappingOther(prefix.address(), prefix.last(), self);
    }

    /** As {@link #overlapping}, of a range that is not {@code self}'s. */
    public Optional<T> overlappingOther(IpAddress start, IpAddress end, T self) {
        Map.Entry<IpAddress, Range<T>> range = byStart.floorEntry(end);
        while (range != null && range.getValue().end().compareTo(start) >= 0) {
            if (!range.getValue().owner().equals(self)) {
                return Optional.of(range.getValue().owner());
            }
            range = byStart.lowerEntry(range.getKey());
        }
        return Optional.empty();
    }

    /** The owner of the range that holds the address. */
    public Optional<T> holding(IpAddress address) {
        return overlapping(address, address);
    }

    /** @throws IllegalStateException if the range overlaps another */
    public void add(IpAddress start, IpAddress end, T owner) {
        Optional<T> other = overlapping(start, end);
        if (other.isPresent()) {
            throw new IllegalStateException(start + "-" + end + " of " + owner + " overlaps " + other.get());
        }
        byStart.put(start, new Range<>(end, owner));
    }

    public void add(IpPrefix prefix, T owner) {
        add(prefix.address(), prefix.last(), owner);
    }

    public void remove(IpAddress start) {
        byStart.remove(start);
    }

    public boolean isEmpty() {
        return byStart.isEmpty();
    }
}
