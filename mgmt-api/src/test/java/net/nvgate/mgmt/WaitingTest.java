package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class WaitingTest {

    private static final long MINUTE = TimeUnit.MINUTES.toMillis(1);

    /** A slow machine is no reason to give up, only to say so. */
    @Test
    void tellsAgainAndAgainAndGoesOn() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        List<Long> told = new ArrayList<>();
        Waiting.forEnd(work, 10 * MINUTE, 1, waited -> {
            told.add(waited);
            if (told.size() == 3) {
                work.complete("done");
            }
        });
        assertThat(told).hasSize(3).isSorted().allMatch(waited -> waited >= 1);
    }

    @Test
    void givesUpAtTheLimit() {
        List<Long> told = new ArrayList<>();
        assertThatThrownBy(() -> Waiting.forEnd(new CompletableFuture<>(), 50, 20, told::add))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("no end within 50 ms");
        assertThat(told).allMatch(waited -> waited < 50);
    }

    @Test
    void failsAsTheWorkDoes() {
        IOException taken = new IOException("address already in use");
        assertThatThrownBy(() -> Waiting.forEnd(CompletableFuture.failedFuture(taken), MINUTE, MINUTE, _ -> {}))
                .isSameAs(taken);
    }
}
