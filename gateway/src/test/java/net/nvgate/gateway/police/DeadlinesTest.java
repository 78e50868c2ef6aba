package net.nvgate.gateway.police;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private record Due(long when, int what) {}

    @Test
    void theNextOneComesFirst() {
        Random random = new Random(3);
        Deadlines deadlines = new Deadlines(256);
        PriorityQueue<Due> model = new PriorityQueue<>(Comparator.comparingLong(Due::when));
        assertThat(deadlines.first()).isEqualTo(Deadlines.NEVER);
        long unique = 0;
        for (int i = 0; i < 20_000; i++) {
            if (model.size() < 256 && (model.isEmpty() || random.nextBoolean())) {
                // Distinct times, so that there is one right answer.
                Due due = new Due(random.nextInt(1_000_000) * 100_000L + unique++, random.nextInt(1_000));
                model.add(due);
                deadlines.add(due.what(), due.when());
            } else {
                Due due = model.remove();
                assertThat(deadlines.first()).isEqualTo(due.when());
                assertThat(deadlines.poll()).isEqualTo(due.what());
            }
        }
    }
}
