package net.nvgate.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.nvgate.gateway.control.StillRunningException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {

    private static final HealthServer.Check NEVER = new HealthServer.Check(false, "");

    private final AtomicBoolean ready = new AtomicBoolean();
    private final HttpClient client = HttpClient.newHttpClient();
    private HealthServer server;

    @BeforeEach
    void start() throws IOException {
        server = new HealthServer(
                "127.0.0.1",
                0,
                () -> {
                    throw new IllegalStateException("no numbers");
                },
                () -> new HealthServer.Check(true, "ok"),
                () -> new HealthServer.Check(ready.get(), ready.get() ? "forwarding" : "no policy yet"));
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void readinessFollowsTheCheckAndSaysWhy() throws Exception {
        assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(503);
        assertThat(ask("GET", "/readyz").body()).isEqualTo("no policy yet\n");
        ready.set(true);
        assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void onlyReadsOfKnownPagesAreAnswered() throws Exception {
        assertThat(ask("HEAD", "/healthz").statusCode()).isEqualTo(200);
        assertThat(ask("POST", "/healthz").statusCode()).isEqualTo(405);
        assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
    }

    @Test
    void aPageThatCannotBeMadeIsAnErrorAndTheServerGoesOn() throws Exception {
        assertThat(ask("GET", "/metrics").statusCode()).isEqualTo(500);
        assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
    }

    /** What it reads may be unmapped right after. */
    @Test
    void closingWaitsForAPageInTheMaking() throws Exception {
        SlowPage page = new SlowPage();
        HealthServer slow = new HealthServer("127.0.0.1", 0, page::make, () -> NEVER, () -> NEVER);
        var answer = startMaking(slow, page);
        Thread closer = Thread.ofPlatform().start(() -> slow.close(Duration.ofMinutes(30)));
        while (closer.isAlive() && closer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertThat(page.made).isFalse();
        page.goOn.countDown();
        closer.join();
        assertThat(page.made).isTrue();
        answer.join();
    }

    /** Then nobody may unmap what it reads. */
    @Test
    void closingTellsThatAPageIsStillInTheMaking() throws Exception {
        SlowPage page = new SlowPage();
        HealthServer slow = new HealthServer("127.0.0.1", 0, page::make, () -> NEVER, () -> NEVER);
        var answer = startMaking(slow, page);
        assertThatThrownBy(slow::close)
                .isInstanceOf(StillRunningException.class)
                .hasMessageContaining("a page in the making");
        page.goOn.countDown();
        answer.join();
    }

    private CompletableFuture<Boolean> startMaking(HealthServer slow, SlowPage page) throws InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + slow.address().getPort() + "/metrics");
        var answer = client.sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
        assertThat(page.making.await(60, TimeUnit.SECONDS)).isTrue();
        // The connection will be gone; what the client makes of it does not matter here.
        return answer.handle((_, _) -> true);
    }

    /** Is made when it is told to go on. */
    private static final class SlowPage {

        final CountDownLatch making = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final AtomicBoolean made = new AtomicBoolean();

        String make() {
            making.countDown();
            try {
                made.set(goOn.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "";
        }
    }

    @Test
    void anAddressInUseIsNamed() {
        int port = server.address().getPort();
        assertThatThrownBy(() -> new HealthServer("127.0.0.1", port, () -> "", () -> NEVER, () -> NEVER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen for HTTP on 127.0.0.1:" + port);
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
