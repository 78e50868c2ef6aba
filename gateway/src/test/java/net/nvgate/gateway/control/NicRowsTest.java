package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.PortProfile.Bandwidth;
import net.nvgate.fabric.policy.PolicyObject.NicBandwidth;
import net.nvgate.gateway.route.NicRates;
import net.nvgate.gateway.route.RateLimits;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import org.junit.jupiter.api.Test;

/** A gateway with fewer limits than NICs have maximums. */
class NicRowsTest {

    private static final int LIMITS = 1;

    private final RouteTables tables = new RouteTables(TestMemory::allocate, 2);
    private final NicIndex index = new NicIndex();
    private final IdPool pool = new IdPool(tables.reclaimer, 0, LIMITS, _ -> {});
    private final NicRows rows = new NicRows(tables, index, pool);
    private final Tenant tenant = new Tenant(id(1));
    private final Set<Integer> changed = new TreeSet<>();

    private static NicBandwidth nic(int n) {
        return new NicBandwidth(
                new UUID(7, n),
                id(1),
                List.of(address(n)),
                new Bandwidth(Optional.empty(), Optional.empty(), Optional.of(n)));
    }

    private static IpAddress address(int n) {
        return IpAddress.parse("192.168.1." + n);
    }

    private int limit(int n) {
        return tables.nicRates.row(1, address(n)).nic();
    }

    /** Two NICs have a limit each, and there is room for one. */
    private void twoForOne() {
        Dirty dirty = new Dirty();
        index.add(nic(1), tenant, dirty);
        index.add(nic(2), tenant, dirty);
        rows.write(dirty, changed);
    }

    @Test
    void aNicWithoutALimitGetsThatOfAnotherOneThatIsGone() {
        tenant.index = 1;
        twoForOne();
        assertThat(limit(1)).isZero();
        assertThat(limit(2)).isEqualTo(NicRates.NO_INDEX);
        assertThat(rows.without()).isEqualTo(1);
        rows.write(new Dirty(), changed);
        assertThat(rows.without()).isEqualTo(1);
        Dirty removed = new Dirty();
        index.remove(nic(1), tenant, removed);
        rows.write(removed, changed);
        tables.reclaimer.seal();
        rows.write(new Dirty(), changed);
        assertThat(limit(2)).isZero();
        assertThat(tables.rates.nicRow(0)).isEqualTo(new RateLimits.Row(2_000, 2_000, 0, 0, true, false));
        assertThat(rows.without()).isZero();
    }

    @Test
    void whoWantsNoneAnyMoreDoesNotWaitForOne() {
        tenant.index = 1;
        twoForOne();
        Dirty removed = new Dirty();
        index.remove(nic(2), tenant, removed);
        rows.write(removed, changed);
        assertThat(rows.without()).isZero();
    }

    /** They keep the limit's number and pace. */
    @Test
    void sessionsLookAgainWhenAMaximumChangesAndNotForAShare() {
        tenant.index = 1;
        Dirty dirty = new Dirty();
        index.add(nic(1), tenant, dirty);
        rows.write(dirty, changed);
        assertThat(changed).as("a maximum that was not there").containsExactly(1);
        changed.clear();
        replace(Optional.of(30), 1);
        assertThat(changed).as("a share").isEmpty();
        assertThat(tables.nicRates.row(1, address(1)).weight()).isEqualTo(30);
        replace(Optional.of(30), 5);
        assertThat(changed).as("another maximum").containsExactly(1);
        changed.clear();
        Dirty removed = new Dirty();
        index.remove(bandwidth(Optional.of(30), 5), tenant, removed);
        rows.write(removed, changed);
        assertThat(changed).as("none any more").containsExactly(1);
    }

    private static NicBandwidth bandwidth(Optional<Integer> weight, int maximum) {
        return new NicBandwidth(
                new UUID(7, 1),
                id(1),
                List.of(address(1)),
                new Bandwidth(Optional.empty(), weight, Optional.of(maximum)));
    }

    private void replace(Optional<Integer> weight, int maximum) {
        Dirty dirty = new Dirty();
        NicBandwidth there = Objects.requireNonNull(index.nics.get(new UUID(7, 1)));
        index.remove(there, tenant, dirty);
        index.add(bandwidth(weight, maximum), tenant, dirty);
        rows.write(dirty, changed);
    }
}
