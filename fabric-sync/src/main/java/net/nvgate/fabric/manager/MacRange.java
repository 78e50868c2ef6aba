package net.nvgate.fabric.manager;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.MacPool;

/**
 * MACs that can be allocated: those of a MAC pool, or VMM's default range while there is no pool.
 *
 * @param pool absent for the default range
 */
record MacRange(String name, MacAddress first, MacAddress last, Optional<ObjectUser> pool) {

    private static final List<MacRange> DEFAULT =
            List.of(new MacRange(MacPool.DEFAULT_NAME, MacPool.DEFAULT_FIRST, MacPool.DEFAULT_LAST, Optional.empty()));

    private static final Comparator<MacPool> SCOPED_FIRST = Comparator.<MacPool, Boolean>comparing(
                    pool -> pool.hostGroupIds().isEmpty())
            .thenComparing(MacPool::rangeStart);

    boolean contains(MacAddress mac) {
        return first.compareTo(mac) <= 0 && mac.compareTo(last) <= 0;
    }

    static MacRange of(MacPool pool) {
        return new MacRange(pool.name(), pool.rangeStart(), pool.rangeEnd(), Optional.of(ObjectUser.of(pool)));
    }

    /** For an adapter on a host: pools of its host groups, then those for every host. */
    static List<MacRange> forHost(FabricIndex index, Optional<UUID> hostGroupId) {
        return orDefault(
                index,
                pools(index)
                        .filter(pool -> HostGroups.covers(index, pool.hostGroupIds(), hostGroupId))
                        .sorted(SCOPED_FIRST));
    }

    static List<MacRange> all(FabricIndex index) {
        return orDefault(index, pools(index));
    }

    /** For what is on all hosts alike: pools for every host, then the others. */
    static List<MacRange> forAll(FabricIndex index) {
        return orDefault(
                index,
                pools(index)
                        .sorted(Comparator.<MacPool, Boolean>comparing(
                                        pool -> !pool.hostGroupIds().isEmpty())
                                .thenComparing(MacPool::rangeStart)));
    }

    private static Stream<MacPool> pools(FabricIndex index) {
        return index.all(Kind.MAC_POOL).stream().map(MacPool.class::cast);
    }

    private static List<MacRange> orDefault(FabricIndex index, Stream<MacPool> pools) {
        return index.all(Kind.MAC_POOL).isEmpty()
                ? DEFAULT
                : pools.map(MacRange::of).toList();
    }
}
