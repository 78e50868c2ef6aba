package net.nvgate.fabric.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.store.ManagerBoard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Notes of managers in a real etcd. */
@Timeout(120)
class EtcdBoardTest {

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    private static final UUID ONE = new UUID(1, 1);
    private static final UUID TWO = new UUID(2, 2);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final EtcdSettings settings = ETCD.settings();

    @Test
    void managersReadEachOthersNotesUntilTheyAreTakenBack() {
        try (EtcdStore first = EtcdStore.open(settings);
                EtcdStore second = EtcdStore.open(settings)) {
            ManagerBoard here = first.board().orElseThrow();
            ManagerBoard there = second.board().orElseThrow();
            assertThat(here.read()).isEmpty();
            here.leave(ONE, new byte[] {1}, LONG);
            there.leave(TWO, new byte[] {2}, LONG);
            here.leave(ONE, new byte[] {1}, LONG);
            assertThat(here.read()).containsOnly(Map.entry(ONE, new byte[] {1}), Map.entry(TWO, new byte[] {2}));
            here.leave(ONE, new byte[] {3}, LONG);
            assertThat(there.read().get(ONE)).containsExactly(3);
            here.remove(ONE);
            assertThat(there.read()).containsOnlyKeys(TWO);
            here.leave(ONE, new byte[] {4}, LONG);
            assertThat(there.read().get(ONE)).containsExactly(4);
            byte[] tooLarge = new byte[ManagerBoard.NOTE_BYTES_MAX + 1];
            assertThatThrownBy(() -> here.leave(ONE, tooLarge, LONG)).hasMessageContaining("at most 1048576");
        }
    }

    /** Its note goes with the lease; it comes again when the manager is there again, with the same words. */
    @Test
    void aSilentManagersNoteGoes() {
        try (EtcdStore store = EtcdStore.open(settings)) {
            ManagerBoard board = store.board().orElseThrow();
            board.leave(ONE, new byte[] {1}, Duration.ofSeconds(1));
            while (!board.read().isEmpty()) {
                LockSupport.parkNanos(50_000_000);
            }
            board.leave(ONE, new byte[] {1}, LONG);
            assertThat(board.read()).containsOnlyKeys(ONE);
        }
    }
}
