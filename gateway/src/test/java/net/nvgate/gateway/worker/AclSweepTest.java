package net.nvgate.gateway.worker;

import static net.nvgate.gateway.worker.Acls.inboundDenied;
import static net.nvgate.gateway.worker.Acls.list;
import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.fabric.model.AclAction;
import org.junit.jupiter.api.Test;

/** Silent sessions that lists have come to forbid, in a table of several slices of 64. */
class AclSweepTest extends NatTestBase {

    private static final int SLICE = 64;
    /** Three quarters of the table: what one tenant may have. */
    private static final int SLICES = 3;

    @Override
    WorkerConfig config() {
        return new WorkerConfig(
                -1, 4 * SLICE, 8, 64, 64, 64, net.nvgate.gateway.nat.NatTimers.DEFAULT, true, 1000, 100, 0);
    }

    private void sessions() {
        for (int i = 0; i < SLICES * SLICE; i++) {
            out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 1000 + i));
        }
        assertThat(gateway.worker.sessions().count()).isEqualTo(SLICES * SLICE);
    }

    /** Each turn a change of another tenant's lists, so that no sweep could begin anew and ever come to an end. */
    @Test
    void changesWithoutEndKeepNoSessionAliveForLongerThanARound() {
        sessions();
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.DENY));
        for (int turn = 0; turn < SLICES; turn++) {
            Acls.set(gateway, 2, inboundDenied());
            gateway.turnAfter(2);
        }
        assertThat(gateway.worker.sessions().count()).isZero();
        assertThat(gateway.count(WorkerCounter.ACL_SESSIONS_CUT)).isEqualTo(SLICES * SLICE);
    }

    /** The lists change when a part of the table was asked about by those before: that part is asked again. */
    @Test
    void whatWasAllowedByTheListsBeforeIsAskedAgain() {
        sessions();
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.ALLOW));
        gateway.turnAfter(2);
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.DENY));
        gateway.turnAfter(2);
        gateway.turnAfter(2);
        assertThat(gateway.worker.sessions().count()).as("the first slice").isEqualTo(SLICE);
        gateway.turnAfter(2);
        assertThat(gateway.worker.sessions().count()).as("all").isZero();
    }
}
