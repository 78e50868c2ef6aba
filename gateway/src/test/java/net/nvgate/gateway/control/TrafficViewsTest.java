package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.flow.SessionMatch;
import net.nvgate.gateway.flow.SessionReader;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.talkers.TrafficKeys;
import net.nvgate.gateway.talkers.TrafficSnapshot;
import net.nvgate.gateway.talkers.TrafficSnapshot.Traffic;
import net.nvgate.gateway.talkers.TrafficWatch;
import net.nvgate.gateway.worker.ViewedGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Top talkers of a real worker. */
@ExtendWith(EalExtension.class)
class TrafficViewsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long SECOND = 1_000_000_000L;

    private ViewedGateway gateway;
    private DataPath path;
    private LiveViews views;

    @BeforeEach
    void open() throws PolicyRejectedException {
        gateway = new ViewedGateway(List.of(new RoutingDomain(id(1), "blue"), new RoutingDomain(id(2), "red")));
        path = gateway.path();
        views = new LiveViews(path);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private List<JsonNode> rows(String view, Map<String, String> filter) {
        return StreamSupport.stream(
                        JSON.readTree(views.query(view, filter, 100).json()).spliterator(), false)
                .toList();
    }

    private static List<String> who(List<JsonNode> rows) {
        return rows.stream()
                .map(row -> row.get("vmNetwork").stringValue() + " "
                        + row.path("customerAddress").asString("all") + " "
                        + row.get("packetsOut").intValue() + " "
                        + row.get("packetsIn").intValue())
                .toList();
    }

    @Test
    void vmsAndNetworksByWhatTheyCarried() {
        gateway.sendUdp(1, 4000, 53);
        gateway.sendUdp(1, 4001, 53);
        gateway.sendUdp(2, 4001, 53);
        gateway.answerUdp(2, 4001, 53);
        gateway.answerUdp(2, 4001, 53);
        gateway.sendUdp6(5000, 53);
        path.traffic().look(SECOND);
        assertThat(who(rows("top", Map.of("sort", "packets"))))
                .containsExactly("red 192.168.1.3 1 2", "blue 192.168.1.3 2 0", "blue fd00:1::3 1 0");
        assertThat(who(rows("top", Map.of("by", "network", "sort", "packets"))))
                .containsExactlyInAnyOrder("red all 1 2", "blue all 3 0");
        assertThat(who(rows("top", Map.of("rdid", id(2).toString())))).containsExactly("red 192.168.1.3 1 2");
        assertThat(rows("top", Map.of("vsid", "6000"))).hasSize(2);
        assertThat(views.query("top", Map.of(), 2).truncated()).isTrue();
        assertThat(rows("top", Map.of("by", "rule"))).isEmpty();
        assertThatThrownBy(() -> rows("top", Map.of("by", "colour"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rows("top", Map.of("colour", "red"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ratesAreOfTheTimeBetweenTwoLooksAndWhatHasEndedStaysCounted() {
        gateway.sendUdp(1, 4000, 53);
        path.traffic().look(SECOND);
        long before = rows("top", Map.of()).getFirst().get("bytesOut").longValue();
        assertThat(rows("top", Map.of()).getFirst().get("bitsPerSecondOut").longValue())
                .isZero();
        gateway.sendUdp(1, 4000, 53);
        gateway.sendUdp(1, 4002, 53);
        endAll();
        assertThat(path.sessions()).isZero();
        path.traffic().look(3 * SECOND);
        JsonNode row = rows("top", Map.of()).getFirst();
        assertThat(row.get("bytesOut").longValue()).isEqualTo(3 * before);
        assertThat(row.get("packetsOut").longValue()).isEqualTo(3);
        assertThat(row.get("bitsPerSecondOut").longValue()).isEqualTo(2 * before * 8 / 2);
        assertThat(row.get("bitsPerSecondIn").longValue()).isZero();
        assertThat(row.get("bytesMissedMax").longValue()).isZero();
    }

    @Test
    void metricsAreOfTheSameNumbers() {
        gateway.sendUdp(2, 4001, 53);
        gateway.answerUdp(2, 4001, 53);
        path.traffic().look(SECOND);
        assertThat(Samples.read(path).stream()
                        .filter(sample -> sample.name().equals("nvgate_vm_packets"))
                        .map(sample -> sample.labels() + " " + sample.value()))
                .containsExactly(
                        "{rdid=" + id(2) + ", address=192.168.1.3, direction=out} 1.0",
                        "{rdid=" + id(2) + ", address=192.168.1.3, direction=in} 1.0");
    }

    /** A NAT64 host's handle goes to the next one; what its first host carried stays that one's, and its network's. */
    @Test
    void aHostThatGetsAnothersHandleBeginsAnew() {
        gateway.sendUdp6(5000, 53);
        gateway.sendUdp6(5000, 53);
        path.traffic().look(SECOND);
        assertThat(who(rows("top", Map.of()))).containsExactly("blue fd00:1::3 2 0");
        endAll();
        gateway.pass(70);
        gateway.sendUdp6FromVm2(5000, 53);
        path.traffic().look(2 * SECOND);
        assertThat(who(rows("top", Map.of()))).containsExactly("blue fd00:1::4 1 0");
        assertThat(who(rows("top", Map.of("by", "network")))).containsExactly("blue all 3 0");
    }

    @Test
    void aRuleHasNothingOfWhatAnotherTenantHadAtItsPort() throws PolicyRejectedException {
        gateway.close();
        gateway = new ViewedGateway(List.of(
                new RoutingDomain(id(1), "blue"),
                new RoutingDomain(id(2), "red"),
                PolicySamples.connection(1, "203.0.113.100"),
                PolicySamples.rule(1, 1, 8080, "192.168.1.3", 80)));
        int blue = domain("blue");
        int external = Ipv4Address.parse("203.0.113.100").value();
        Traffic carried = new Traffic(1, 100, 2, 200, 0);
        Map<Long, Traffic> byRule = Map.of(
                TrafficKeys.rule(Ipv4.TCP, blue, 8080, external), carried,
                TrafficKeys.rule(Ipv4.TCP, domain("red"), 8080, external), new Traffic(7, 7, 7, 7, 0),
                TrafficKeys.rule(Ipv4.UDP, blue, 8080, external), new Traffic(9, 9, 9, 9, 0));
        TrafficViews traffic = new TrafficViews(gateway.path(), (_, _) -> 0);
        assertThat(traffic.rules(
                        new TrafficWatch.Pair(TrafficSnapshot.NONE, new TrafficSnapshot(SECOND, List.of(), byRule))))
                .singleElement()
                .satisfies(row -> assertThat(row.now()).isEqualTo(carried))
                .satisfies(row -> assertThat(row.who()).containsEntry("natRule", id(2001).toString()));
    }

    private int domain(String network) {
        return IntStream.range(1, 10)
                .filter(domain -> gateway.path()
                        .policy()
                        .tenant(domain)
                        .filter(tenant -> tenant.vmNetwork().equals(network))
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }

    private void endAll() {
        WorkerThread worker = path.workers().getFirst();
        SessionReader reader = worker.sessions();
        reader.look(
                0,
                reader.touched(),
                SessionMatch.ALL,
                0,
                (item, _, stamp) -> worker.commands().end(item, stamp));
        gateway.turn();
    }
}
