package net.nvgate.fabric.alloc;

import java.math.BigInteger;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.nvgate.fabric.model.IpAddress;

/**
 * The used addresses of one pool, as maximal runs, so that the lowest free address is found in O(log n) however full or
 * large (IPv6) the pool is. Addresses outside the pool's range are not its business and are ignored; excluded ones are
 * taken all the time, and it is only noted that somebody has them.
 */
public final class AddressSpace {

    private final IpAddress first;
    private final IpAddress last;
    private final Set<IpAddress> excluded;
    private final Set<IpAddress> usedExcluded = new HashSet<>();
    private final TreeMap<IpAddress, IpAddress> runs = new TreeMap<>();
    private long used;

    /** @param excluded never handed out and never freed: reserved addresses, routers */
    public AddressSpace(IpAddress first, IpAddress last, Collection<IpAddress> excluded) {
        this.first = first;
        this.last = last;
        this.excluded = new HashSet<>(excluded);
        this.excluded.removeIf(address -> !inRange(address));
        this.excluded.forEach(this::add);
    }

    private boolean inRange(IpAddress address) {
        return address.bits() == first.bits() && address.compareTo(first) >= 0 && address.compareTo(last) <= 0;
    }

    /** The lowest free address at or above {@code from}; empty if there is none. */
    public Optional<IpAddress> nextFree(IpAddress from) {
        IpAddress start = from.compareTo(first) < 0 ? first : from;
        Map.Entry<IpAddress, IpAddress> run = runs.floorEntry(start);
        if (run != null && run.getValue().compareTo(start) >= 0) {
            if (run.getValue().equals(last)) {
                return Optional.empty();
            }
            start = run.getValue().plus(1);
        }
        return start.compareTo(last) <= 0 ? Optional.of(start) : Optional.empty();
    }

    public Optional<IpAddress> lowestFree() {
        return nextFree(first);
    }

    public void use(IpAddress address) {
        if (excluded.contains(address)) {
            usedExcluded.add(address);
        } else if (inRange(address) && !isUsed(address)) {
            add(address);
            used++;
        }
    }

    public void free(IpAddress address) {
        if (excluded.contains(address)) {
            usedExcluded.remove(address);
        } else if (inRange(address) && isUsed(address)) {
            cut(address);
            used--;
        }
    }

    /** Whether it hands out the same addresses as a space that would be made of these. */
    public boolean isOf(IpAddress first, IpAddress last, Collection<IpAddress> excluded) {
        Set<IpAddress> others = new HashSet<>(excluded);
        others.removeIf(address -> !inRange(address));
        return this.first.equals(first) && this.last.equals(last) && this.excluded.equals(others);
    }

    /** Addresses that somebody has, excluded ones among them. */
    public long used() {
        return used + usedExcluded.size();
    }

    /** Excluded addresses that nobody has. */
    public long reserved() {
        return (long) excluded.size() - usedExcluded.size();
    }

    /** Addresses that can still be handed out; {@link Long#MAX_VALUE} stands for more than that. */
    public long free() {
        BigInteger size = number(last).subtract(number(first)).add(BigInteger.ONE);
        BigInteger free = size.subtract(BigInteger.valueOf(used + excluded.size()));
        return free.bitLength() < Long.SIZE ? free.longValue() : Long.MAX_VALUE;
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(1, address.toBytes());
    }

    private boolean isUsed(IpAddress address) {
        Map.Entry<IpAddress, IpAddress> run = runs.floorEntry(address);
        return run != null && run.getValue().compareTo(address) >= 0;
    }

    /** An address that is not in a run yet. */
    private void add(IpAddress address) {
        IpAddress start = address;
        IpAddress end = address;
        Map.Entry<IpAddress, IpAddress> below = runs.lowerEntry(address);
        if (below != null && below.getValue().plus(1).equals(address)) {
            start = below.getKey();
        }
        if (!address.equals(last)) {
            IpAddress joined = runs.remove(address.plus(1));
            end = joined == null ? end : joined;
        }
        runs.put(start, end);
    }

    /** An address that is in a run. */
    private void cut(IpAddress address) {
        Map.Entry<IpAddress, IpAddress> run = runs.floorEntry(address);
        IpAddress start = run.getKey();
        IpAddress end = run.getValue();
        runs.remove(start);
        if (!start.equals(address)) {
            runs.put(start, address.plus(-1));
        }
        if (!end.equals(address)) {
            runs.put(address.plus(1), end);
        }
    }
}
