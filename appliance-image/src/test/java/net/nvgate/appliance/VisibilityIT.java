package net.nvgate.appliance;

import static net.nvgate.appliance.Demo.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What tenants and operators see of real packets: sessions, traces, captures, top talkers. */
@DemoTest
final class VisibilityIT {

    private static final int SESSIONS = 20;
    private static final int FIRST_PORT = 7001;

    private final Demo demo;
    private final String blue;
    private final String gateway;

    @TempDir
    private Path directory;

    VisibilityIT(Demo demo) {
        this.demo = demo;
        this.blue =
                "/vm-networks/" + demo.named("vm-networks", "blue").path("id").asString();
        this.gateway = "/gateways/" + demo.named("gateways", "gw1").path("id").asString();
    }

    private static String ports() {
        return "remotePort=" + FIRST_PORT + "-" + (FIRST_PORT + SESSIONS - 1);
    }

    /** To each port of the server another number of bytes. */
    private static void sendToManyPorts() {
        Demo.output(
                "blue1",
                "bash",
                "-c",
                "for i in {1.." + SESSIONS + "}; do head -c ${i}0 /dev/zero >/dev/udp/" + SERVER + "/$((" + FIRST_PORT
                        + " - 1 + i)) || true; done");
    }

    /** Packets come through when the machine gets to it. What is not there after a while was lost: all again, by other ports of the VM. */
    private boolean eachPortGetsASession() {
        demo.nvgate("sessions", "--vm-network", "blue", "--clear", "--yes", "protocol=UDP", ports());
        sendToManyPorts();
        String sessions = blue + "/sessions?protocol=UDP&" + ports();
        return Shell.comesTrue(
                Demo.SHORT, () -> demo.api(sessions).path("items").size() == SESSIONS);
    }

    @Test
    void sessionsAreFilteredSortedPagedAndCleared() {
        demo.await(Demo.LONG, "a session for each port", this::eachPortGetsASession);
        Set<Integer> seen = new HashSet<>();
        long before = Long.MAX_VALUE;
        String after = "";
        do {
            JsonNode page = demo.api(gateway + "/sessions?vmNetwork=blue&insideAddress=192.168.1.3&sort=bytes&limit=7&"
                    + ports() + after);
            assertThat(page.path("items").size()).isBetween(1, 7);
            for (JsonNode session : page.path("items")) {
                long bytes = session.path("bytesOut").asLong()
                        + session.path("bytesIn").asLong();
                assertThat(bytes).as("the most first, over all pages").isBetween(1L, before);
                before = bytes;
                assertThat(seen.add(session.path("remotePort").asInt()))
                        .as("once")
                        .isTrue();
            }
            after = page.has("next") ? "&after=" + page.path("next").asString() : "";
        } while (!after.isEmpty());
        assertThat(seen).hasSize(SESSIONS);

        assertThat(demo.nvgate("sessions", "--vm-network", "blue", "--sort", "bytes", "--limit", "3", ports()))
                .contains("NETWORK", "192.168.1.3:", SERVER + ":" + FIRST_PORT / 100, "more than these 3");
        assertThat(demo.nvgate("sessions", "--vm-network", "blue", "--clear", "--yes", ports()))
                .contains(SESSIONS + " sessions", SESSIONS + " ended");
        assertThat(demo.api(gateway + "/sessions?" + ports()).path("items")).isEmpty();
        assertThat(Demo.output("blue1", "curl", "-sf", "--max-time", "60", "http://" + SERVER + "/"))
                .startsWith("this is server");
    }

    @Test
    void aTraceTellsWhatWouldBecomeOfAPacketAndWhatBecomesOfRealOnes() {
        String packet = "/trace?source=192.168.1.3&destination=" + SERVER + "&destinationPort=80";
        JsonNode trial = demo.api(blue + packet).path("items").path(0);
        assertThat(trial.path("verdict").asString()).as(trial.toString()).isEqualTo("FORWARDED");
        assertThat(demo.nvgate(
                        2,
                        "trace",
                        "--gateway",
                        "gw1",
                        "source=192.168.1.99",
                        "vmNetwork=blue",
                        "destination=" + SERVER))
                .contains("VM 192.168.1.99 is in no lookup record");

        CompletableFuture<JsonNode> real = Demo.atOnce(
                () -> demo.api(gateway + "/packet-traces?vmNetwork=blue&insideAddress=192.168.1.3&remoteAddress="
                        + SERVER + "&packets=4&seconds=50"));
        pingUntil(real);
        assertThat(real.join().path("items")).hasSize(4).allSatisfy(each -> {
            assertThat(each.path("verdict").asString()).as(each.toString()).isEqualTo("FORWARDED");
            assertThat(each.path("packet").asString()).contains("ICMP", SERVER);
            assertThat(each.path("steps").toString()).contains("session of 192.168.1.3");
        });
    }

    private void pingUntil(CompletableFuture<?> done) {
        demo.await(Demo.SHORT, "the packets", () -> {
            Demo.run("blue1", "ping", "-c", "2", "-i", "0.2", "-W", "3", SERVER);
            return done.isDone();
        });
    }

    /** Echo requests go out and replies come in: each by both ports, once with the inside address and once with the external one. */
    @Test
    void aCaptureIsOpenedByTshark() throws IOException {
        Path file = directory.resolve("blue.pcapng");
        CompletableFuture<String> capture = Demo.atOnce(() -> demo.nvgate(
                "capture",
                "--gateway",
                "gw1",
                "-w",
                file.toString(),
                "--seconds",
                "50",
                "--packets",
                "8",
                "vmNetwork=blue",
                "protocol=ICMP",
                "insideAddress=192.168.1.3"));
        pingUntil(capture);
        capture.join();
        List<String> fields = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString(), "-T", "fields"));
        for (String field : List.of(
                "frame.interface_name",
                "frame.packet_flags_direction",
                "ip.src",
                "ip.dst",
                "icmp.type",
                "frame.comment")) {
            fields.add("-e");
            fields.add(field);
        }
        Shell.Result read = Shell.run(Demo.SHORT, "", fields);
        assertThat(read.status()).as(read.output()).isZero();
        assertThat(read.output()).doesNotContain("cut short", "rror");
        String external = demo.externalAddress("blue");
        List<List<String>> rows = read.output()
                .lines()
                .filter(line -> line.startsWith("pa\t") || line.startsWith("ext\t"))
                .map(line -> Arrays.asList(line.split("\t", -1)))
                .toList();
        assertThat(rows).hasSize(16);
        assertThat(rows)
                .anySatisfy(row -> assertThat(row)
                        .contains("pa", "0x00000001")
                        .anySatisfy(cell -> assertThat(cell).endsWith("192.168.1.3")));
        assertThat(rows).anySatisfy(row -> assertThat(row).contains("ext", "0x00000002", external, SERVER, "8"));
        assertThat(rows).anySatisfy(row -> assertThat(row).contains("ext", "0x00000001", SERVER, external, "0"));
        assertThat(Files.size(file)).isPositive();
    }

    @Test
    void whoCarriesMostIsShown() {
        Demo.output("blue1", "curl", "-sf", "--max-time", "200", "-o", "/dev/null", "http://" + SERVER + "/small");
        demo.await(Demo.SHORT, "blue1 among the top talkers", () -> {
            JsonNode top = demo.api(blue + "/top?sort=bytes").path("items");
            return Stream.iterate(0, i -> i < top.size(), i -> i + 1)
                    .map(top::path)
                    .anyMatch(vm -> vm.path("customerAddress").asString().equals("192.168.1.3")
                            && vm.path("bytesIn").asLong() > 10_000);
        });
        assertThat(demo.nvgate("top", "--vm-network", "blue", "--sort", "bytes"))
                .contains("NETWORK", "blue", "192.168.1.3");
    }
}
