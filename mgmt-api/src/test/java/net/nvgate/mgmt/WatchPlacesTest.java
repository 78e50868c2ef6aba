package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.nvgate.mgmt.api.StrictContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Places of who watches changes: there are some for each user, and all come free again. */
class WatchPlacesTest {

    private static final String PASSWORD = "a long first password";
    private static final int PER_USER = 16;

    @TempDir
    static Path state;

    private static StrictContract contract;
    private static Manager manager;
    private static ApiClient admin;
    private static ApiClient other;

    @BeforeAll
    static void start() throws Exception {
        contract = new StrictContract();
        Path password = Files.writeString(state.resolve("password"), PASSWORD);
        manager = Manager.start(AccessTest.config(state.resolve("state"), Optional.of(password)));
        ApiClient nobody = new ApiClient(manager.httpPort(), contract);
        ApiClient session = nobody.loggedIn("admin", PASSWORD);
        admin = nobody.with("Authorization", "Bearer " + secret(session));
        session.post("users", "{'name':'carol','role':'OPERATOR','password':'" + PASSWORD + "'}");
        ApiClient first = nobody.loggedIn("carol", PASSWORD);
        ApiClient.Reply changed =
                first.post("password", "{'current':'" + PASSWORD + "','password':'then another one'}");
        assertThat(changed.status()).as(changed.body()).isEqualTo(204);
        other = nobody.with("Authorization", "Bearer " + secret(first));
    }

    private static String secret(ApiClient session) {
        return session.post("tokens", "{'name':'t'}").json().getString("secret");
    }

    @AfterAll
    static void stop() {
        manager.close();
        contract.close();
    }

    private static HttpResponse<InputStream> watch(ApiClient client) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(client.uri(API + "watch"))
                .header("Authorization", client.header("Authorization"))
                .build();
        return client.http().send(request, BodyHandlers.ofInputStream());
    }

    private static boolean isWatched(ApiClient client) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = watch(client);
        if (response.statusCode() != 200) {
            assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"too-many-streams\"");
        }
        response.body().close();
        return response.statusCode() == 200;
    }

    @Test
    @Timeout(300)
    void whoGoesBeforeTheAnswerKeepsNoPlace() throws Exception {
        byte[] request = ("GET " + API + "watch HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                        + admin.header("Authorization") + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 300; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), manager.httpPort())) {
                socket.setSoLinger(true, 0); // a reset
                socket.getOutputStream().write(request);
            }
        }
        // All of one user's are there at once.
        Await.until("all places of one user", () -> {
            List<HttpResponse<InputStream>> streams = new ArrayList<>();
            try {
                for (int i = 0; i < PER_USER; i++) {
                    streams.add(watch(admin));
                }
                return streams.stream().allMatch(stream -> stream.statusCode() == 200);
            } finally {
                for (HttpResponse<InputStream> stream : streams) {
                    stream.body().close();
                }
            }
        });
    }

    @Test
    @Timeout(300)
    void oneUserDoesNotTakeAllPlaces() throws Exception {
        Await.until("a place", () -> isWatched(other));
        List<HttpResponse<InputStream>> streams = new ArrayList<>();
        HttpResponse<InputStream> last = watch(other);
        while (last.statusCode() == 200 && streams.size() < 200) {
            streams.add(last);
            last = watch(other);
        }
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(last.headers().firstValue("retry-after")).isPresent();
        assertThat(new String(last.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("\"too-many-streams\"", "this user");
        assertThat(streams).hasSizeLessThanOrEqualTo(PER_USER);
        Await.until("a place", () -> isWatched(admin));
        for (HttpResponse<InputStream> stream : streams) {
            stream.body().close();
        }
        Await.until("a place", () -> isWatched(other));
    }

    /** Of pages there are more than of watchers, and those are counted apart. */
    @Test
    @Timeout(300)
    void pagesHavePlacesOfTheirOwn() throws Exception {
        List<HttpResponse<InputStream>> streams = new ArrayList<>();
        try {
            HttpResponse<InputStream> last = listen(admin);
            while (last.statusCode() == 200 && streams.size() < 200) {
                streams.add(last);
                last = listen(admin);
            }
            assertThat(last.statusCode()).isEqualTo(429);
            assertThat(new String(last.body().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"too-many-streams\"");
            assertThat(streams).hasSizeBetween(PER_USER + 1, 32);
            String metrics = admin.get("/metrics").body();
            assertThat(metrics)
                    .contains("nvgate_api_event_streams{stream=\"events\"} " + streams.size() + ".0")
                    .containsPattern(
                            "nvgate_api_event_streams_refused_total\\{limit=\"user\",stream=\"events\"} [1-9]");
            HttpResponse<InputStream> another = listen(other);
            assertThat(another.statusCode()).isEqualTo(200);
            another.body().close();
        } finally {
            for (HttpResponse<InputStream> stream : streams) {
                stream.body().close();
            }
        }
        Await.until(
                "places come free",
                () -> admin.get("/metrics").body().contains("nvgate_api_event_streams{stream=\"events\"} 0.0"));
    }

    private static HttpResponse<InputStream> listen(ApiClient client) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(client.uri(API + "events"))
                .header("Authorization", client.header("Authorization"))
                .build();
        return client.http().send(request, BodyHandlers.ofInputStream());
    }
}
