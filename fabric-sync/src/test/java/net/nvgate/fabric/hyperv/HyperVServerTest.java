package net.nvgate.fabric.hyperv;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.identity.AuthoritySettings;
import net.nvgate.fabric.identity.ManagerIdentity;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.sync.Followers;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Hosts' requests over real HTTPS, store, projection and CA. */
class HyperVServerTest {

    private static final NodeId HV1 = new NodeId(NodeId.Kind.HOST, "hv1");

    @TempDir
    private Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private FabricStore store;
    private TestFabric fabric;
    private PolicyProjection policy;
    private ManagerIdentity identity;
    private HyperVServer server;
    private URI address;
    private Host hv1;
    private VmSubnet web;

    @BeforeEach
    void start() throws IOException {
        store = SqliteStore.open(directory.resolve("store"));
        fabric = new TestFabric(store, 7);
        policy = new PolicyProjection(store, 1000, meters);
        identity = new ManagerIdentity(
                store,
                AuthoritySettings.of("manager-1", List.of("127.0.0.1"), directory.resolve("seal.key")),
                Clock.systemUTC());
        server = new HyperVServer(
                HyperVServerConfig.of("127.0.0.1", 0),
                policy,
                store.fabricId().toString(),
                store.history(),
                identity,
                identity,
                meters,
                Clock.systemUTC());
        server.start();
        address = URI.create("https://127.0.0.1:" + server.address().getPort());
        hv1 = hyperV("hv1");
        web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
        fabric.vm("web1", hv1, web);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        identity.close();
        policy.close();
        fabric.close();
        store.close();
    }

    private Host hyperV(String name) {
        return (Host) fabric.make(
                Kind.HOST, named(name) + field("hostType", "HYPER_V") + field("paPoolId", fabric.paPool.id()));
    }

    private String token(NodeRole role, String name) {
        return identity.createToken(role, name, Duration.ofHours(1), Origin.SYSTEM)
                .text();
    }

    private AgentPlayer stranger() throws Exception {
        return AgentPlayer.stranger(address, identity.trusted(), "TLSv1.2");
    }

    private AgentPlayer agent(String host) throws Exception {
        try (AgentPlayer stranger = stranger()) {
            return stranger.joined(token(NodeRole.HOST, host));
        }
    }

    private static HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> future) throws Exception {
        return future.get(120, TimeUnit.SECONDS);
    }

    private static String tag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElseThrow();
    }

    private static JsonNode head(HttpResponse<String> response) {
        return FabricJson.mapper().readTree(response.body().lines().findFirst().orElseThrow());
    }

    private void reached() {
        long revision = store.head();
        Await.until(() -> "policy reaches revision " + revision, () -> policy.revision() >= revision);
    }

    private Followers.Follower follower() {
        return server.followers().find(HV1).orElseThrow();
    }

    @Test
    void aHostGetsItsPolicyOnceAndThenWhatChanges() throws Exception {
        reached();
        try (AgentPlayer agent = agent("hv1")) {
            HttpResponse<String> first = answer(agent.policy("", ""));
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.body()).contains("\"VMName\":\"web1\"", "\"Kind\":\"port\"", "nvgate:" + store.fabricId());
            assertThat(head(first).get("Lines").asLong())
                    .isEqualTo(first.body().lines().count() - 1);
            assertThat(answer(agent.policy("", tag(first))).statusCode()).isEqualTo(304);

            hyperV("hv2"); // a revision that is none of its business
            reached();
            HttpResponse<String> other = answer(agent.policy("", tag(first)));
            assertThat(other.statusCode()).isEqualTo(304);
            assertThat(other.headers().firstValue("Nvgate-Revision")).contains(Long.toString(policy.revision()));
            assertThat(tag(other)).isEqualTo(tag(first));

            fabric.vm("web2", hv1, web);
            reached();
            HttpResponse<String> next = answer(agent.policy("", tag(first)));
            assertThat(next.statusCode()).isEqualTo(200);
            assertThat(next.body()).contains("\"VMName\":\"web2\"");
            assertThat(tag(next)).isNotEqualTo(tag(first));
            assertThat(answer(agent.policy("", "\"another-fabric-" + policy.revision() + "\""))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aWaitingHostIsAnsweredWhenItsPolicyChanges() throws Exception {
        reached();
        try (AgentPlayer agent = agent("hv1")) {
            String tag = tag(answer(agent.policy("", "")));
            CompletableFuture<HttpResponse<String>> waiting = agent.policy("?wait=50s", tag);
            hyperV("hv2");
            reached();
            fabric.vm("web2", hv1, web);
            HttpResponse<String> news = answer(waiting);
            assertThat(news.statusCode()).isEqualTo(200);
            assertThat(news.body()).contains("\"VMName\":\"web2\"");
            assertThat(answer(agent.policy("?wait=1", tag(news))).statusCode()).isEqualTo(304);
        }
    }

    @Test
    void whatAHostSaysStandsWithTheFollowers() throws Exception {
        reached();
        try (AgentPlayer agent = agent("hv1")) {
            HttpResponse<String> first = answer(agent.policy("", ""));
            long revision = head(first).get("Revision").asLong();
            assertThat(follower().desiredRevision()).isEqualTo(revision);
            assertThat(follower().appliedRevision()).isZero();

            Map<String, Object> refused = Map.of(
                    "revision",
                    revision,
                    "missing",
                    Map.of("count", 3, "items", List.of()),
                    "errors",
                    Map.of(
                            "count",
                            1,
                            "items",
                            List.of(Map.of("object", "lookup-record/5001/192.168.1.4", "message", "Access denied"))));
            assertThat(agent.post("/v1/status", refused).statusCode()).isEqualTo(204);
            assertThat(follower().lastError()).isEqualTo("lookup-record/5001/192.168.1.4: Access denied");
            assertThat(follower().appliedRevision()).isZero();
            assertThat(meters.get("nvgate.hyperv.drift.objects").gauge().value())
                    .isEqualTo(3);

            assertThat(agent.post("/v1/status", Map.of("revision", revision)).statusCode())
                    .isEqualTo(204);
            assertThat(follower().lastError()).isEmpty();
            assertThat(follower().appliedRevision()).isEqualTo(revision);
            assertThat(follower().connected()).isTrue();
            assertThat(follower().software()).isEqualTo("nvgate-agent/test");

            hyperV("hv2");
            reached();
            answer(agent.policy("", tag(first)));
            assertThat(follower().appliedRevision()).isEqualTo(policy.revision());
            fabric.vm("web2", hv1, web);
            reached();
            Await.until(() -> "it lags", () -> follower().desiredRevision() == policy.revision());
            assertThat(follower().appliedRevision()).isLessThan(follower().desiredRevision());
        }
    }

    @Test
    void strangersAndOthersGetNothing() throws Exception {
        reached();
        try (AgentPlayer stranger = stranger()) {
            for (String path : List.of("/v1/policy", "/v1/module", "/v1/host", "/v1/nothing")) {
                HttpResponse<String> refused = stranger.get(path);
                assertThat(refused.statusCode()).isEqualTo(403);
                assertThat(refused.body()).contains("no-certificate");
            }
            assertThat(stranger.get("/v1/trusted").body()).contains("BEGIN CERTIFICATE");
            assertThatThrownBy(() -> stranger.joined("nvgate-join-AAAA")).hasMessageContaining("token-unknown");
            assertThat(stranger.post("/v1/join", "{").body()).contains("bad-request");
            assertThat(stranger.post("/v1/join", "[]").body()).contains("bad-request");
        }
        fabric.gateway("gw1", 10);
        try (AgentPlayer stranger = stranger();
                AgentPlayer gateway = stranger.joined(token(NodeRole.GATEWAY, "gw1"));
                AgentPlayer unknown = agent("hv9")) {
            assertThat(gateway.get("/v1/policy").body()).contains("unknown-node");
            assertThat(unknown.get("/v1/policy").body()).contains("unknown-node");
        }
        assertThat(server.followers().all()).isEmpty();
    }

    @Test
    void aRevokedHostGetsNothingEvenWhileItWaits() throws Exception {
        reached();
        try (AgentPlayer agent = agent("hv1")) {
            String tag = tag(answer(agent.policy("", "")));
            CompletableFuture<HttpResponse<String>> waiting = agent.policy("?wait=50", tag);
            identity.revoke(NodeRole.HOST, "hv1", Origin.SYSTEM);
            HttpResponse<String> end = answer(waiting);
            assertThat(end.statusCode()).isEqualTo(403);
            assertThat(end.body()).contains("revoked");
            assertThat(agent.get("/v1/policy").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aCertificateIsRenewedAndSaysWhoTheHostIs() throws Exception {
        reached();
        try (AgentPlayer agent = agent("hv1")) {
            KeyPair key = AgentPlayer.rsa();
            HttpResponse<String> given = agent.post("/v1/renew", Map.of("request", AgentPlayer.request(key)));
            assertThat(given.statusCode()).isEqualTo(200);
            try (AgentPlayer renewed = agent.with(key, FabricJson.mapper().readTree(given.body()))) {
                JsonNode who =
                        FabricJson.mapper().readTree(renewed.get("/v1/host").body());
                assertThat(who.get("host").asString()).isEqualTo("hv1");
                assertThat(who.get("fabric").asString())
                        .isEqualTo(store.fabricId().toString());
                HttpResponse<String> module = renewed.get("/v1/module");
                assertThat(module.body()).isEqualTo(HostScripts.module());
                assertThat(tag(module)).isEqualTo("\"" + HostScripts.version() + "\"");
                assertThat(renewed.get("/v1/agent").body()).isEqualTo(HostScripts.agent());
            }
        }
    }

    @Test
    void badInputIsSaidAndDoesNoHarm() throws Exception {
        reached();
        try (AgentPlayer agent = agent("hv1")) {
            assertThat(agent.get("/v1/policy?wait=61").body()).contains("wait is 0..60");
            assertThat(agent.get("/v1/policy?wait=-1").statusCode()).isEqualTo(400);
            assertThat(agent.get("/v1/policy?wait=soon").statusCode()).isEqualTo(400);
            assertThat(agent.get("/v1/nothing").statusCode()).isEqualTo(404);
            assertThat(agent.post("/v1/status", "{\"revision\":").body()).contains("not JSON");
            assertThat(agent.post("/v1/status", "[1]").body()).contains("not a JSON object");
            assertThat(agent.post("/v1/status", "{\"revision\":999999}").body()).contains("no revision 999999");
            assertThat(agent.post("/v1/status", "{\"revision\":-1,\"errors\":{\"count\":\"x\",\"items\":7}}")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(agent.post("/v1/status", "{\"a\":\"" + "x".repeat(1 << 20) + "\"}")
                            .statusCode())
                    .isEqualTo(413);
            assertThat(agent.get("/v1/policy").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aHostMayHaveTls13() throws Exception {
        reached();
        try (AgentPlayer stranger = AgentPlayer.stranger(address, identity.trusted(), "TLSv1.3");
                AgentPlayer agent = stranger.joined(token(NodeRole.HOST, "hv1"))) {
            assertThat(agent.get("/v1/policy").statusCode()).isEqualTo(200);
        }
    }
}
