package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.mgmt.ApiClient.Reply;
import org.junit.jupiter.api.Test;

/** Contract, metrics and health as machines see them, and the page at /. */
class OperationsTest extends ManagerTestBase {

    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");

    @Test
    void servesTheContractAsWritten() throws Exception {
        Reply reply = api.get("/openapi.yaml");
        assertThat(reply.headers()).containsEntry("content-type", "application/yaml");
        assertThat(reply.body()).isEqualTo(Files.readString(Path.of("src/main/resources/openapi.yaml")));
    }

    @Test
    void isLiveAndReady() {
        assertThat(api.get("/healthz").body()).isEqualTo("ok\n");
        Reply ready = api.get("/readyz");
        assertThat(ready.status()).as(ready.body()).isEqualTo(200);
        assertThat(ready.json().getJsonObject("checks").fieldNames()).contains("store", "model", "policy");
    }

    @Test
    void readinessTellsHowFarTheStoreIsAhead() {
        assertThat(Manager.followed(7, 7, Optional.empty())).isEqualTo("ok");
        assertThat(Manager.followed(1007, 8, Optional.empty())).isEqualTo("ok");
        assertThat(Manager.followed(1007, 7, Optional.empty())).isEqualTo("1000 revisions behind the store");
        assertThat(Manager.followed(9, 7, Optional.of("disk full")))
                .isEqualTo("2 revisions behind the store, and cannot follow it: disk full");
    }

    @Test
    void metricsCountRequestsByOperation() throws Exception {
        api.get("/api/v1/hosts");
        api.get("/api/v1/nothing");
        String text = api.get("/metrics").body();
        assertThat(text)
                .contains(
                        "nvgate_http_server_requests_seconds_count{method=\"GET\",operation=\"listHosts\",status=\"200\"")
                .contains("operation=\"none\",status=\"404\"")
                .contains("nvgate_nodes_connected{kind=\"gateway\"} 0")
                .contains("nvgate_fabric_objects{kind=\"clouds\"} 0")
                .contains("nvgate_fabric_revision ")
                .contains("nvgate_policy_revision ")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void metricsPassPromtool() throws Exception {
        assumeTrue(Files.isExecutable(PROMTOOL), "promtool is not installed");
        new Walk(api).physical().tenant("contoso");
        String text = api.get("/metrics").body();
        Process promtool = new ProcessBuilder(PROMTOOL.toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = promtool.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        promtool.waitFor();
        assertThat(said.lines().filter(line -> line.startsWith("nvgate_") || line.contains("error")))
                .isEmpty();
    }

    @Test
    void pagesAreHardenedAndDeepLinksWork() {
        for (String path : new String[] {"/", "/gateways/5", "/login"}) {
            Reply page = page(path);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.headers().get("content-type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.headers().get("content-security-policy"))
                    .contains("default-src 'self'", "frame-ancestors 'none'");
            assertThat(page.body()).containsIgnoringCase("<!doctype html>").contains("nvgate");
        }
    }

    /** Pages are no part of the contract, so that they are fetched without its checks. */
    private static Reply page(String path) {
        try {
            var response = api.http()
                    .send(
                            java.net.http.HttpRequest.newBuilder(api.uri(path)).build(),
                            java.net.http.HttpResponse.BodyHandlers.ofString());
            var headers = new java.util.TreeMap<String, String>();
            response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
            return new Reply(response.statusCode(), headers, response.body());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(path, e);
        }
    }
}
