package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.store.StoreSnapshot;
import net.nvgate.fabric.store.UniqueKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AllocationTest {

    /** Two use cases at once want the only VSID that is left. */
    @Test
    @Timeout(300)
    void lastVsidsInFlightAreExhausted() {
        FabricIndex index = new FabricIndex(new StoreSnapshot(0, List.of()));
        Vsid last = new Vsid(70_000);
        for (int vsid = Vsid.MIN; vsid <= Vsid.MAX; vsid++) {
            if (vsid != last.value()) {
                index.vsids().use(new Vsid(vsid));
            }
        }
        Set<UniqueKey> inFlight = new HashSet<>();
        try (Allocation one = new Allocation(index, inFlight, new Random(1));
                Allocation other = new Allocation(index, inFlight, new Random(2))) {
            assertThat(one.vsid(Kind.VM_SUBNET)).isEqualTo(last);
            refused(Code.EXHAUSTED, "vsid", () -> other.vsid(Kind.VM_SUBNET));
        }
    }
}
