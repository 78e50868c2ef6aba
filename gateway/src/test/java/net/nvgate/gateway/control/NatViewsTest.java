package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.worker.ViewedGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sessions and mappings of a real worker as people see them. */
@ExtendWith(EalExtension.class)
class NatViewsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ViewedGateway gateway;
    private LiveViews views;

    @BeforeEach
    void open() throws PolicyRejectedException {
        gateway = new ViewedGateway(List.of(new RoutingDomain(id(1), "blue"), new RoutingDomain(id(2), "red")));
        views = new LiveViews(gateway.path());
        gateway.sendUdp(1, 4000, 53);
        gateway.sendUdp(1, 4000, 54);
        gateway.sendUdp(2, 4001, 53);
        gateway.sendUdp6(5000, 53);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private List<JsonNode> rows(String kind, Map<String, String> filter) {
        JsonNode rows = JSON.readTree(views.query(kind, filter, 100).json());
        return StreamSupport.stream(rows.spliterator(), false).toList();
    }

    @Test
    void mappingHasItsFields() {
        JsonNode row = rows("nat-mappings", Map.of("vmNetwork", "red")).getFirst();
        assertThat(row.get("rdid").stringValue()).isEqualTo(id(2).toString());
        assertThat(row.get("protocol").stringValue()).isEqualTo("UDP");
        assertThat(row.get("insideAddress").stringValue()).isEqualTo("192.168.1.3");
        assertThat(row.get("insidePort").intValue()).isEqualTo(4001);
        assertThat(row.get("externalAddress").stringValue()).isEqualTo("203.0.113.11");
        assertThat(row.get("externalPort").intValue()).isEqualTo(4001);
        assertThat(row.get("sessions").intValue()).isEqualTo(1);
        assertThat(row.get("filtering").stringValue()).isEqualTo("ADDRESS_AND_PORT_DEPENDENT");
        assertThat(row.get("secondsLeft").intValue()).isZero();
    }

    @Test
    void mappingsAreFoundByAnyField() {
        assertThat(rows("nat-mappings", Map.of())).hasSize(3);
        assertThat(rows("nat-mappings", Map.of("insidePort", "4000")))
                .singleElement()
                .satisfies(row -> assertThat(row.get("sessions").intValue()).isEqualTo(2));
        assertThat(rows("nat-mappings", Map.of("protocol", "17"))).hasSize(3);
        assertThat(rows("nat-mappings", Map.of("protocol", "TCP"))).isEmpty();
        assertThat(rows("nat-mappings", Map.of("externalAddress", "203.0.113.11")))
                .hasSize(1);
        assertThat(rows("nat-mappings", Map.of("insideAddress", "192.168.1.9"))).isEmpty();
        assertThat(views.query("nat-mappings", Map.of(), 2).truncated()).isTrue();
        assertThatThrownBy(() -> rows("nat-mappings", Map.of("state", "x"))).hasMessageContaining("no field 'state'");
        assertThatThrownBy(() -> rows("nat-mappings", Map.of("insideAddress", "fd00::zz")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mappingThatWasAskedForLetsEverybodyInAndSaysHowLong() {
        gateway.map(7000);
        JsonNode row = rows("nat-mappings", Map.of("insidePort", "7000")).getFirst();
        assertThat(row.get("filtering").stringValue()).isEqualTo("ENDPOINT_INDEPENDENT");
        assertThat(row.get("secondsLeft").intValue()).isBetween(3000, 3600);
        assertThat(row.get("sessions").intValue()).isZero();
    }

    /** Inside the worker an IPv6 host is a number of 240.0.0.0/4; nobody outside sees it. */
    @Test
    void nat64HostsHaveTheirIpv6Address() {
        for (String kind : List.of("sessions", "nat-mappings")) {
            assertThat(rows(kind, Map.of("insideAddress", "fd00:1:0::0003")))
                    .as(kind)
                    .singleElement()
                    .satisfies(row -> {
                        assertThat(row.get("insideAddress").stringValue()).isEqualTo("fd00:1::3");
                        assertThat(row.get("insidePort").intValue()).isEqualTo(5000);
                        assertThat(row.get("vmNetwork").stringValue()).isEqualTo("blue");
                    });
            assertThat(rows(kind, Map.of("insideAddress", "fd00:1::4"))).isEmpty();
            assertThat(views.query(kind, Map.of(), 100).json()).doesNotContain("\"240.");
        }
        assertThat(rows("sessions", Map.of("insidePort", "5000"))
                        .getFirst()
                        .get("vsid")
                        .intValue())
                .isEqualTo(6000);
    }

    @Test
    void sessionsOfAnIpv6HostAreEndedByItsAddress() {
        assertThat(end(Map.of("insideAddress", "fd00:1::3"))).isEqualTo("[{\"ended\":1}]");
        assertThat(rows("sessions", Map.of())).hasSize(3);
        assertThat(rows("sessions", Map.of("insideAddress", "fd00:1::3"))).isEmpty();
    }

    @Test
    void sessionsAreFoundByPrefixPortsOriginAndUse() {
        assertThat(rows("sessions", Map.of("insideAddress", "192.168.1.0/24"))).hasSize(3);
        assertThat(rows("sessions", Map.of("insideAddress", "192.168.0.0/24"))).isEmpty();
        assertThat(rows("sessions", Map.of("insideAddress", "fd00:1::/64"))).hasSize(1);
        assertThat(rows("sessions", Map.of("remoteAddress", "203.0.113.0/24", "remotePort", "54-60")))
                .hasSize(1);
        assertThat(rows("sessions", Map.of("rdid", id(1).toString()))).hasSize(3);
        assertThat(rows("sessions", Map.of("rdid", id(9).toString()))).isEmpty();
        assertThat(rows("sessions", Map.of("state", "active,established"))).hasSize(4);
        assertThat(rows("sessions", Map.of("state", "established"))).isEmpty();
        assertThat(rows("sessions", Map.of("nat", "mapping"))).hasSize(4);
        assertThat(rows("sessions", Map.of("nat", "RULE"))).isEmpty();
        assertThat(rows("sessions", Map.of("packetsMin", "1", "packetsMax", "1")))
                .hasSize(4);
        assertThat(rows("sessions", Map.of("packetsMin", "2"))).isEmpty();
        gateway.answerUdp(2, 4001, 53);
        assertThat(rows("sessions", Map.of("packetsMin", "2"))).singleElement().satisfies(row -> {
            assertThat(row.get("vmNetwork").stringValue()).isEqualTo("red");
            assertThat(row.get("packetsIn").intValue()).isEqualTo(1);
            assertThat(row.get("nat").stringValue()).isEqualTo("MAPPING");
            assertThat(row.get("fromOutside").booleanValue()).isFalse();
            assertThat(row.get("ageSeconds").isNumber()).isTrue();
        });
    }

    @Test
    void sessionsAreCountedBeforeTheyEndAndByAnyOfTheirFields() {
        Map<String, String> filter = Map.of("remotePort", "53", "packetsMax", "1");
        Map<String, String> count = new java.util.HashMap<>(filter);
        count.put("dryRun", "true");
        assertThat(end(count)).isEqualTo("[{\"ended\":0,\"matched\":3}]");
        assertThat(rows("sessions", Map.of())).hasSize(4);
        assertThat(end(filter)).isEqualTo("[{\"ended\":3}]");
        assertThat(rows("sessions", Map.of()))
                .singleElement()
                .satisfies(row -> assertThat(row.get("remotePort").intValue()).isEqualTo(54));
    }

    private String end(Map<String, String> filter) {
        SessionEnder ender =
                new SessionEnder(gateway.path().workers(), gateway.path().policy(), views.nat()::check);
        CompletableFuture<String> answer =
                CompletableFuture.supplyAsync(() -> ender.end(filter, 10).json());
        while (!answer.isDone()) {
            gateway.turn();
        }
        return answer.join();
    }
}
