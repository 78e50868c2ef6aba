package net.nvgate.fabric.manager;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import net.nvgate.fabric.alloc.AddressSpace;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.store.UniqueKey;

/**
 * Allocates for one use case. What it picks is held in {@code inFlight} until the use case has ended, so that concurrent
 * use cases of this manager pick differently; between managers the store's unique keys decide.
 */
final class Allocation implements AutoCloseable {

    private static final int START_MAX = 65_536;

    private final FabricIndex index;
    private final Set<UniqueKey> inFlight;
    private final RandomGenerator random;
    private final List<UniqueKey> held = new ArrayList<>();
    /** Held by earlier operations of the batch. The index knows what is still used: the rest can be picked again. */
    private final Set<UniqueKey> earlier = new HashSet<>();

    /** @param inFlight concurrent set shared by the use cases of one manager */
    Allocation(FabricIndex index, Set<UniqueKey> inFlight, RandomGenerator random) {
        this.index = index;
        this.inFlight = inFlight;
        this.random = random;
    }

    /** The operations before are carried out on the index. */
    void nextOperation() {
        earlier.addAll(held);
        held.clear();
    }

    RandomGenerator random() {
        return random;
    }

    /** The lowest free address of a pool. */
    IpAddress address(IpPool pool, Function<IpAddress, UniqueKey> key, Kind kind, String field) {
        return address(pool, key, _ -> true, kind, field);
    }

    /** @param free whether nobody has an address otherwise than by its key, or from another pool of the same prefix */
    IpAddress address(
            IpPool pool, Function<IpAddress, UniqueKey> key, Predicate<IpAddress> free, Kind kind, String field) {
        return addressFrom(pool.rangeStart(), pool, key, free).orElseThrow(() -> exhausted(pool, kind, field));
    }

    /** A free address of a pool, from a random start among the first {@value #START_MAX}. */
    IpAddress anyAddress(IpPool pool, Function<IpAddress, UniqueKey> key, Kind kind, String field) {
        IpAddress start = pool.rangeStart().plus(random.nextInt(pool.size(START_MAX)));
        return addressFrom(start, pool, key, _ -> true)
                .or(() -> addressFrom(pool.rangeStart(), pool, key, _ -> true))
                .orElseThrow(() -> exhausted(pool, kind, field));
    }

    private Optional<IpAddress> addressFrom(
            IpAddress start, IpPool pool, Function<IpAddress, UniqueKey> key, Predicate<IpAddress> admitted) {
        AddressSpace space = index.space(pool.id());
        Optional<IpAddress> free = space.nextFree(start);
        // Outside the pool's books an address can be taken too: the gateway's CA by hand, an address in flight.
        while (free.isPresent() && !(admitted.test(free.get()) && hold(key.apply(free.get())))) {
            free = free.get().equals(pool.rangeEnd())
                    ? Optional.empty()
                    : space.nextFree(free.get().plus(1));
        }
        return free;
    }

    private static FabricException exhausted(IpPool pool, Kind kind, String field) {
        return exhausted(
                kind,
                field,
                "ip-pool '" + pool.name() + "' has no free address in " + pool.rangeStart() + "-" + pool.rangeEnd());
    }

    /** For what is on all hosts alike. */
    MacAddress mac(Kind kind, String field) {
        return mac(MacRange.forAll(index), kind, field);
    }

    /** For an adapter on a host that is in this group, or in none. */
    MacAddress mac(Optional<UUID> hostGroupId, Kind kind, String field) {
        return mac(MacRange.forHost(index, hostGroupId), kind, field);
    }

    MacAddress mac(MacRange range, Kind kind, String field) {
        return mac(List.of(range), kind, field);
    }

    /** The lowest free one of the first range that has any. */
    private MacAddress mac(List<MacRange> ranges, Kind kind, String field) {
        for (MacRange range : ranges) {
            Optional<MacAddress> free = index.macs().nextFree(range.first(), range.last());
            while (free.isPresent() && !hold(new UniqueKey("mac", free.get().toString()))) {
                free = index.macs().nextFree(free.get().plus(1), range.last());
            }
            if (free.isPresent()) {
                return free.get();
            }
        }
        String tried = ranges.stream()
                .map(range ->
                        "mac-pool '" + range.name() + "' has no free address in " + range.first() + "-" + range.last())
                .collect(Collectors.joining(", "));
        throw exhausted(kind, field, tried.isEmpty() ? "no mac-pool serves the host" : tried);
    }

    /** From a random start, so that a VSID just freed does not come back at once. */
    Vsid vsid(Kind kind) {
        Vsid from = new Vsid(random.nextInt(Vsid.MIN, Vsid.MAX + 1));
        Optional<Vsid> first = index.vsids().nextFree(from);
        Optional<Vsid> free = first;
        while (free.isPresent() && !hold(UniqueKeys.vsid(free.get()))) {
            int next = free.get().value() == Vsid.MAX ? Vsid.MIN : free.get().value() + 1;
            // Once around: all that are free are being allocated at this moment.
            free = index.vsids().nextFree(new Vsid(next)).filter(vsid -> !first.equals(Optional.of(vsid)));
        }
        return free.orElseThrow(() -> exhausted(kind, "vsid", "no VSID is free in " + Vsid.MIN + "-" + Vsid.MAX));
    }

    private boolean hold(UniqueKey key) {
        if (index.owner(key).isPresent() || !(earlier.remove(key) || inFlight.add(key))) {
            return false;
        }
        held.add(key);
        return true;
    }

    private static FabricException exhausted(Kind kind, String field, String message) {
        return new FabricException(FabricException.Code.EXHAUSTED, kind.label(), field, message);
    }

    @Override
    public void close() {
        nextOperation();
        earlier.forEach(inFlight::remove);
        earlier.clear();
    }
}
