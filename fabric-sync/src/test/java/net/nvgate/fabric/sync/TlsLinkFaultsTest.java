package net.nvgate.fabric.sync;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A TLS link that is damaged or cut at any byte: no wrong byte gets through, and in the end the follower has the manager's policy. */
@Timeout(300)
class TlsLinkFaultsTest extends TlsFixture {

    private static final int RECORD_HEADER = 5;
    private static final int DAMAGES = 8;
    private static final int CUTS = 8;

    @Test
    void damagedRecordEndsTheConnection() {
        for (int round = 0; round < DAMAGES; round++) {
            int connections = link.connections();
            link.damageNext(this::withOneBitChanged);
            change();
            Await.until("the record has gone", () -> !link.isDamagePending());
            Await.until("the follower connects again", () -> link.connections() > connections);
            change();
            awaitEqual();
        }
        assertThat(target.snapshots).as("it resumes by deltas").isEqualTo(1);
    }

    /** One that a plain stream would have taken for another message, or for a valid one. */
    private byte[] withOneBitChanged(byte[] record) {
        byte[] damaged = record.clone();
        int bit = random.nextInt(RECORD_HEADER * Byte.SIZE, record.length * Byte.SIZE);
        damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return damaged;
    }

    @Test
    void linkThatIsCutAtAnyByteAndHealed() {
        for (int round = 0; round < CUTS; round++) {
            // In the handshake as well as after it.
            link.cutAfter(random.nextInt(round % 2 == 0 ? 4_000 : 400));
            for (int i = 0; i < 100 && !link.isCut(); i++) {
                change();
                long head = source.revision();
                Await.until("the follower moves, or the link is cut", () -> link.isCut() || target.revision() >= head);
            }
            link.cut();
            change();
            link.heal();
        }
        awaitEqual();
        assertThat(target.snapshots).as("it resumes by deltas").isEqualTo(1);
    }
}
