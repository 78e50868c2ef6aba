package net.nvgate.fabric.store;

import static net.nvgate.fabric.store.TestObjects.network;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RevisionTailTest {

    private static RevisionChanges revision(long number, int changes) {
        ObjectChange change = new ObjectChange(Optional.empty(), Optional.of(network("n")));
        return new RevisionChanges(
                number,
                Instant.EPOCH,
                Origin.SYSTEM,
                Stream.generate(() -> change).limit(changes).toList());
    }

    @Test
    void itHoldsABoundedNumberOfChangesWhateverTheRevisionsAreLike() {
        RevisionTail tail = new RevisionTail(4096, 1000, 0);
        for (int i = 1; i <= 4096; i++) {
            tail.publish(List.of(revision(i, 100)));
            assertThat(tail.changesHeld()).isLessThanOrEqualTo(1000);
        }
        assertThat(tail.reaches(4086)).isTrue();
        assertThat(tail.reaches(4085)).isFalse();
        assertThat(tail.read(4085, 1)).isEmpty();
        assertThat(tail.read(4086, 100).orElseThrow()).hasSize(10);
    }

    @Test
    void theLastRevisionIsHeldHoweverLargeItIs() throws InterruptedException {
        RevisionTail tail = new RevisionTail(4, 10, 0);
        tail.publish(List.of(revision(1, 1), revision(2, 5000)));
        assertThat(tail.changesHeld()).isEqualTo(5000);
        assertThat(tail.reaches(1)).isTrue();
        assertThat(tail.await(0, () -> false)).isInstanceOf(RevisionTail.Next.OnDisk.class);
        tail.publish(List.of(revision(3, 1)));
        assertThat(tail.changesHeld()).isEqualTo(1);
    }

    @Test
    void itHoldsABoundedNumberOfRevisions() {
        RevisionTail tail = new RevisionTail(4, 1000, 7);
        for (int i = 8; i <= 20; i++) {
            tail.publish(List.of(revision(i, 1)));
        }
        assertThat(tail.changesHeld()).isEqualTo(4);
        assertThat(tail.read(16, 2).orElseThrow())
                .extracting(RevisionChanges::revision)
                .containsExactly(17L, 18L);
        tail.jump(30);
        assertThat(tail.changesHeld()).isZero();
        assertThat(tail.reaches(20)).isFalse();
        assertThat(tail.reaches(30)).isTrue();
    }
}
