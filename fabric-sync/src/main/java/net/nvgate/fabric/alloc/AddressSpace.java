package net.nvgate.fabric.alloc;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.nvgate.fabric.model.IpAddress;

/**
 * The used addresses of one pool, as maximal runs, so that the lowest free address is found in O(log n) however full or
 * large (IPv6) the pool is. Addresses outside the pool's range are not its business and are ignored.
 */
public final class AddressSpace {

    private final IpAddress first;
    private final IpAddress last;
    private final Set<IpAddress> excluded;
    private final TreeMap<IpAddress, IpAddress> runs = new TreeMap<>();

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
        if (inRange(address) && !excluded.contains(address)) {
            add(address);
        }
    }

    public void free(IpAddress address) {
        if (inRange(address) && !excluded.contains(address)) {
            cut(address);
        }
    }

    private boolean isUsed(IpAddress address) {
        Map.Entry<IpAddress, IpAddress> run = runs.floorEntry(address);
        return run != null && run.getValue().compareTo(address) >= 0;
    }

    private void add(IpAddress address) {
        if (isUsed(address)) {
            return;
        }
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

    private void cut(IpAddress address) {
        if (!isUsed(address)) {
            return;
        }
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
