package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.config.Security;
import net.nvgate.fabric.model.UserRole;
import net.nvgate.mgmt.api.StrictContract;
import net.nvgate.mgmt.config.AuthConfig;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import net.nvgate.mgmt.config.OidcConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An OpenID provider that takes connections and says nothing. */
class OidcSilenceTest {

    private static final int REQUESTS = 40;

    @Test
    @Timeout(300)
    void nobodyWaitsForItForEver(@TempDir Path state) throws Exception {
        Path password = Files.writeString(state.resolve("password"), "a long first password");
        try (ServerSocket provider = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
                StrictContract contract = new StrictContract();
                Manager manager = Manager.start(config(state, password, provider.getLocalPort()))) {
            ApiClient nobody = new ApiClient(manager.httpPort(), contract);
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                HttpRequest request = HttpRequest.newBuilder(nobody.uri(API + "session"))
                        .header("Authorization", "Bearer a.b." + i)
                        .build();
                answers.add(nobody.http().sendAsync(request, BodyHandlers.ofString()));
            }
            List<Integer> statuses = new ArrayList<>();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                statuses.add(answer.get(120, TimeUnit.SECONDS).statusCode());
            }
            assertThat(statuses).containsOnly(401, 503).contains(401, 503);
            nobody.get(API + "oidc/login").problem(401, "login-failed");
        }
    }

    private static ManagerConfig config(Path state, Path password, int port) {
        OidcConfig oidc = OidcConfig.of(
                "http://127.0.0.1:" + port,
                "nvgate",
                null,
                "http://manager.example:8080",
                null,
                null,
                null,
                null,
                Map.of("admins", UserRole.ADMIN),
                null);
        return ManagerConfig.of(
                HttpConfig.local(0, Set.of()),
                ManagerConfig.Sync.of(null, 0, Security.NONE, null),
                null,
                state.resolve("state"),
                null,
                null,
                null,
                AuthConfig.of(AuthConfig.Mode.REQUIRED, password, null, null, null, oidc));
    }
}
