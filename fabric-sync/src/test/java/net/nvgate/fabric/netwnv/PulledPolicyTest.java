package net.nvgate.fabric.netwnv;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.hyperv.AgentPlayer;
import net.nvgate.fabric.hyperv.HyperVServer;
import net.nvgate.fabric.hyperv.HyperVServerConfig;
import net.nvgate.fabric.identity.AuthoritySettings;
import net.nvgate.fabric.identity.ManagerIdentity;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.netwnv.NetWnvLookupRecord.Rule;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.testing.Await;
import net.nvgate.fabric.testing.FreePort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** The whole way of a record: a host's files, the import, the fabric, and over HTTPS back to the agent of a host; none differs. */
@Timeout(300)
class PulledPolicyTest {

    private static final List<String> HOSTS = List.of("HV1", "HV2", "HV3");

    private static final Map<String, String> LISTS = Map.of(
            "lookup-record", "LookupRecords",
            "customer-route", "CustomerRoutes",
            "provider-address", "ProviderAddresses",
            "provider-route", "ProviderRoutes");

    @TempDir
    private Path directory;

    private final Map<String, AgentPlayer> agents = new HashMap<>();
    private final Map<String, String> tags = new HashMap<>();
    private ImportFixture fabric;
    private ManagerIdentity identity;
    private HyperVServer server;

    /** What an agent was told: its NetWNV, and the ports of its VMs as "name MAC VSID". */
    private record Pulled(NetWnvHost host, List<String> ports) {}

    @BeforeEach
    void start() throws Exception {
        fabric = new ImportFixture(directory.resolve("fabric"));
        identity = new ManagerIdentity(
                fabric.store,
                AuthoritySettings.of("manager-1", List.of("127.0.0.1"), directory.resolve("seal.key")),
                Clock.systemUTC());
        server = serve(FreePort.take());
        URI address = URI.create("https://127.0.0.1:" + server.address().getPort());
        for (String host : HOSTS) {
            String token = identity.createToken(NodeRole.HOST, host, Duration.ofHours(1), Origin.SYSTEM)
                    .text();
            try (AgentPlayer stranger = AgentPlayer.stranger(address, identity.trusted(), "TLSv1.2")) {
                agents.put(host, stranger.joined(token));
            }
        }
    }

    private HyperVServer serve(int port) throws IOException {
        HyperVServer next = new HyperVServer(
                HyperVServerConfig.of("127.0.0.1", port),
                fabric.policy,
                fabric.store.fabricId().toString(),
                fabric.store.history(),
                identity,
                identity,
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        next.start();
        return next;
    }

    @AfterEach
    void stop() {
        agents.values().forEach(AgentPlayer::close);
        server.close();
        identity.close();
        fabric.close();
    }

    private void imported(List<NetWnvHost> hosts) {
        fabric.apply(NetWnvImport.of(ImportFixture.sources(hosts), SampleHosts.options())
                .file());
        long revision = fabric.store.head();
        Await.until("policy reaches revision " + revision, () -> fabric.policy.revision() >= revision);
    }

    /** A question with what the agent holds; the answer must be a policy. */
    private CompletableFuture<HttpResponse<String>> ask(String host, String query) {
        return Objects.requireNonNull(agents.get(host)).policy(query, tags.getOrDefault(host, ""));
    }

    private Pulled pulled(String host, CompletableFuture<HttpResponse<String>> asked) throws Exception {
        HttpResponse<String> answer = asked.get(120, TimeUnit.SECONDS);
        while (answer.statusCode() == 304 && answer.request().uri().getQuery() != null) {
            answer = ask(host, "?wait=50").get(120, TimeUnit.SECONDS); // as an agent does when a wait has ended
        }
        assertThat(answer.statusCode()).as(host).isEqualTo(200);
        tags.put(host, answer.headers().firstValue("ETag").orElseThrow());
        ObjectNode tree = FabricJson.mapper().createObjectNode().put("Name", host);
        LISTS.values().forEach(tree::putArray);
        List<String> ports = new ArrayList<>();
        for (String line : answer.body().lines().skip(1).toList()) {
            ObjectNode record = (ObjectNode) FabricJson.mapper().readTree(line);
            String kind = record.remove("Kind").asString();
            if (kind.equals("port")) {
                ports.add(record.get("VMName").asString() + " "
                        + record.get("MACAddress").asString() + " "
                        + record.get("VirtualSubnetID").asLong());
                continue;
            }
            if (record.has("Context")) {
                String mark = "nvgate:" + fabric.store.fabricId() + "/";
                String context = record.get("Context").asString();
                assertThat(context).startsWith(mark);
                record.put("Context", context.substring(mark.length()));
            }
            tree.withArray(Objects.requireNonNull(LISTS.get(kind), kind)).add(record);
        }
        return new Pulled(
                SampleHosts.comparable(NetWnvJson.read(FabricJson.write(tree))),
                ports.stream().sorted().toList());
    }

    /** An agent's rule is always Encap, and Global is none of its business; nothing else differs from the files. */
    private static NetWnvHost wanted(NetWnvHost host) {
        NetWnvHost same = SampleHosts.comparable(host);
        return new NetWnvHost(
                same.name(),
                same.lookupRecords().stream()
                        .map(record -> record.withRule(Rule.TRANSLATION_METHOD_ENCAP, false))
                        .toList(),
                same.customerRoutes(),
                same.providerAddresses(),
                same.providerRoutes(),
                Optional.empty());
    }

    /** From the objects themselves. */
    private List<String> ports(String host) {
        Host object = (Host) fabric.manager.list(Kind.HOST, host).getFirst();
        return fabric.manager.list(Kind.VM).stream()
                .map(Vm.class::cast)
                .filter(vm -> vm.hostId().equals(object.id()))
                .flatMap(vm -> vm.nics().stream()
                        .map(nic -> vm.name() + " " + NetWnvText.mac(nic.mac()) + " "
                                + fabric.manager
                                        .get(VmSubnet.class, nic.vmSubnetId())
                                        .vsid()
                                        .value()))
                .sorted()
                .toList();
    }

    @Test
    void whatHostsShowedComesBackToThem() throws Exception {
        imported(SampleHosts.all(false));
        for (NetWnvHost host : SampleHosts.all(false)) {
            Pulled pulled = pulled(host.name(), ask(host.name(), ""));
            assertThat(pulled.host()).isEqualTo(wanted(host));
            assertThat(pulled.ports()).isEqualTo(ports(host.name())).isNotEmpty();
        }
    }

    /** Hosts change, agents wait for it, the manager goes away and comes back: the last answer is the model's, record by record. */
    @Test
    void changesReachWaitingAgentsAndOnesThatMissedTheManager() throws Exception {
        imported(SampleHosts.all(false));
        for (String host : HOSTS) {
            assertThat(pulled(host, ask(host, "")).ports()).isEqualTo(ports(host));
        }
        Map<String, CompletableFuture<HttpResponse<String>>> waiting = new HashMap<>();
        HOSTS.forEach(host -> waiting.put(host, ask(host, "?wait=50")));
        imported(SampleHosts.later());
        for (String host : HOSTS) {
            // The import is one transaction, so what comes first is all of it.
            Pulled pulled = pulled(host, Objects.requireNonNull(waiting.get(host)));
            assertThat(pulled.host()).isEqualTo(wanted(fabric.export(host)));
            assertThat(pulled.ports()).isEqualTo(ports(host));
        }
        // HV1 is as its files: its VM networks have a VM there still.
        assertThat(pulled("HV1", Objects.requireNonNull(agents.get("HV1")).policy("", ""))
                        .host())
                .isEqualTo(wanted(SampleHosts.later().getFirst()));

        int port = server.address().getPort();
        server.close();
        imported(SampleHosts.all(false));
        server = serve(port);
        for (NetWnvHost host : SampleHosts.all(false)) {
            Pulled pulled = pulled(host.name(), ask(host.name(), ""));
            assertThat(pulled.host()).isEqualTo(wanted(host));
            assertThat(pulled.ports()).isEqualTo(ports(host.name()));
            assertThat(ask(host.name(), "").get(120, TimeUnit.SECONDS).statusCode())
                    .as("it has all")
                    .isEqualTo(304);
        }
    }
}
