package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A gateway that is stopped and started while VMs speak: what they notice. */
@DemoTest
final class RestartIT {

    /** No other class's: sessions of a client that has ended stay for minutes. */
    private static final int IPERF_PORT = 5301;

    private static final double BEGUN = 100_000;
    private static final int PINGS_PER_SECOND = 50;
    /** Far more than a restart takes; ping is ended before. */
    private static final int PINGS = 3600 * PINGS_PER_SECOND;

    private static final Pattern RECEIVED = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");

    private final Demo demo;
    private final String gateway;

    RestartIT(Demo demo) {
        this.demo = demo;
        gateway = "/gateways/" + demo.named("gateways", "gw1").path("id").asString();
    }

    /** blue1's TCP connections to iperf3: inside port, external port, state. */
    private record Connection(int insidePort, int externalPort, String state) {}

    @Test
    void connectionsGoOnOverARestartAndOnlyPacketsOfTheTimeBetweenAreLost() throws Exception {
        demo.startIperf(IPERF_PORT);
        try (IperfClient iperf = IperfClient.start("blue1", IPERF_PORT, "-b", "8M")) {
            demo.await(Demo.LONG, "iperf3's connections", () -> sent() > BEGUN);
            Process ping = new ProcessBuilder(Demo.in(
                            "blue2",
                            "ping",
                            "-q",
                            "-i",
                            String.valueOf(1.0 / PINGS_PER_SECOND),
                            "-c",
                            String.valueOf(PINGS),
                            Demo.SERVER))
                    .redirectErrorStream(true)
                    .start();
            try {
                demo.await(Demo.LONG, "blue2's echo session", () -> echoes(10));
                List<Connection> before = connections();
                assertThat(before).as("iperf3's two").hasSize(2);
                demo.ctl("stop", "gateway");
                demo.ctl("start", "gateway");
                demo.awaitGateway();
                demo.await(Demo.LONG, "bytes of the connection that was there before", () -> sent() > BEGUN);
                assertThat(connections()).as("same ports outside, same state").isEqualTo(before);
                iperf.requireRunning();
                demo.await(Demo.LONG, "echoes again", () -> echoes(PINGS_PER_SECOND));
            } finally {
                new ProcessBuilder("kill", "-INT", String.valueOf(ping.pid()))
                        .start()
                        .waitFor();
            }
            String said = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            ping.waitFor();
            Matcher counts = RECEIVED.matcher(said);
            assertThat(counts.find()).as(said).isTrue();
            int lost = Integer.parseInt(counts.group(1)) - Integer.parseInt(counts.group(2));
            System.out.printf(
                    "restart of the gateway: %d of %s echoes lost at %d a second%n",
                    lost, counts.group(1), PINGS_PER_SECOND);
            assertThat(said).as("only the time between").doesNotContain("100% packet loss");
        }
        Metrics after = demo.gatewayMetrics();
        assertThat(after.sum("nvgate_kept_sessions_total", "result=\"restored\""))
                .isGreaterThanOrEqualTo(3);
        assertThat(after.sum("nvgate_kept_sessions_total", "result=\"conflict\""))
                .isZero();
        assertThat(after.sum("nvgate_kept_files_refused_total")).isZero();
    }

    private JsonNode sessions(String filter) {
        return demo.api(gateway + "/sessions?vmNetwork=blue&" + filter).path("items");
    }

    private JsonNode iperfSessions() {
        return sessions("protocol=TCP&remotePort=" + IPERF_PORT);
    }

    private List<Connection> connections() {
        return iperfSessions()
                .valueStream()
                .map(row -> new Connection(
                        row.path("insidePort").asInt(),
                        row.path("externalPort").asInt(),
                        row.path("state").asString()))
                .sorted(Comparator.comparingInt(Connection::insidePort))
                .toList();
    }

    /** Bytes of iperf3's data connection since the gateway's start. */
    private double sent() {
        return iperfSessions()
                .valueStream()
                .mapToDouble(row -> row.path("bytesOut").asDouble())
                .max()
                .orElse(0);
    }

    private boolean echoes(int answers) {
        return sessions("protocol=ICMP")
                .valueStream()
                .anyMatch(row -> row.path("packetsIn").asInt() >= answers);
    }
}
