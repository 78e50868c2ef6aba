package net.nvgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MeanwhileTest {

    private final List<String> ended = new CopyOnWriteArrayList<>();

    @Test
    void whatWasMadeIsGivenAndClosed() throws IOException {
        Meanwhile<String> part = new Meanwhile<>("part", () -> "made", ended::add);
        assertThat(part.await()).isEqualTo("made");
        assertThat(ended).isEmpty();
        part.close();
        assertThat(ended).containsExactly("made");
    }

    /** As when something else has failed first. */
    @Test
    void whatNobodyWaitedForIsClosedWhenItIsMade() {
        CountDownLatch closing = new CountDownLatch(1);
        Meanwhile<String> part = new Meanwhile<>(
                "part",
                () -> {
                    closing.await();
                    return "made";
                },
                ended::add);
        Thread.ofPlatform().start(closing::countDown);
        part.close();
        assertThat(ended).containsExactly("made");
    }

    @Test
    void whatCouldNotBeMadeSaysWhyAndNeedsNoClosing() {
        Meanwhile<String> part = new Meanwhile<>(
                "part",
                () -> {
                    throw new IOException("no such key");
                },
                ended::add);
        assertThatThrownBy(part::await).isInstanceOf(IOException.class).hasMessage("no such key");
        part.close();
        assertThat(ended).isEmpty();
    }

    @Test
    void whatIsNeverMadeHoldsNobodyUp() {
        CountDownLatch never = new CountDownLatch(1);
        Meanwhile<String> part = new Meanwhile<>(
                "part",
                () -> {
                    never.await();
                    return "made";
                },
                ended::add,
                Duration.ofMillis(10));
        part.close();
        assertThat(ended).isEmpty();
        never.countDown();
    }
}
