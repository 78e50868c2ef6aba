package net.nvgate.appliance;

import static net.nvgate.appliance.Demo.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants reach the physical network through the gateway, and go on doing so when parts of it fail. */
@DemoTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FirstLightIT {

    private static final String BIG = "http://" + SERVER + "/big";
    private final Demo demo;

    FirstLightIT(Demo demo) {
        this.demo = demo;
    }

    @Test
    @Order(1)
    void runShowsThatItWorks() {
        assertThat(demo.runLog())
                .contains("blue1 fetches its page", "red2 pings the server")
                .doesNotContain("FAIL");
    }

    @Test
    @Order(2)
    void tenantsWithTheSameAddressReachTheServerOverDifferentExternalAddresses() {
        assertThat(Demo.output("blue1", "ip", "-4", "-o", "addr", "show", "eth0"))
                .contains("192.168.1.3/24");
        assertThat(Demo.output("red1", "ip", "-4", "-o", "addr", "show", "eth0"))
                .contains("192.168.1.3/24");
        CompletableFuture<String> blue = Demo.atOnce(() -> fetch("blue1"));
        CompletableFuture<String> red = Demo.atOnce(() -> fetch("red1"));
        assertThat(blue.join()).isEqualTo("this is server, you are " + demo.externalAddress("blue") + "\n");
        assertThat(red.join()).isEqualTo("this is server, you are " + demo.externalAddress("red") + "\n");
        assertThat(demo.externalAddress("blue")).isNotEqualTo(demo.externalAddress("red"));
    }

    private static String fetch(String vm) {
        return Demo.output(vm, "curl", "-sf", "--max-time", "60", "http://" + SERVER + "/");
    }

    @Test
    @Order(3)
    void hundredMegabytesArriveWholeInBothTenantsAtOnce() {
        String expected = Shell.output(
                        Demo.SHORT, "sha256sum", demo.state().resolve("www/big").toString())
                .split(" ", 2)[0];
        CompletableFuture<String> blue = Demo.atOnce(() -> digestOfDownload("blue1"));
        CompletableFuture<String> red = Demo.atOnce(() -> digestOfDownload("red1"));
        assertThat(blue.join()).startsWith(expected);
        assertThat(red.join()).startsWith(expected);
    }

    private static String digestOfDownload(String vm) {
        return Demo.output(vm, "bash", "-o", "pipefail", "-c", "curl -sf --max-time 250 " + BIG + " | sha256sum");
    }

    /** Goes on all the time, at 12 MB/s, and comes to its end only when there is a file of this name, however long that takes. */
    private static String digestOfDownload(String vm, Path end) {
        return Demo.output(
                vm,
                "bash",
                "-o",
                "pipefail",
                "-c",
                "curl -sf --max-time 250 --limit-rate 12M " + BIG + " | { head -c 90000000; until [ -e " + end
                        + " ]; do sleep 0.1; done; cat; } | sha256sum");
    }

    /** 1458 bytes is what a 1500-byte PA network leaves; 28 are IPv4 and ICMP headers. */
    @ParameterizedTest
    @Order(4)
    @ValueSource(ints = {0, 56, 1000, 1429, 1430})
    void pingPassesWithAndWithoutDontFragmentUpToTheTenantMtu(int payload) {
        for (String mode : List.of("do", "dont")) {
            assertThat(Demo.ping("blue1", mode, payload, SERVER))
                    .as("ping -M %s -s %d", mode, payload)
                    .contains(" 0% packet loss");
        }
    }

    @Test
    @Order(5)
    void aPortForwardReachesTheServerInAVm() {
        assertThat(Demo.output(
                        "server",
                        "curl",
                        "-sf",
                        "--max-time",
                        "60",
                        "http://" + demo.externalAddress("blue") + ":8080/"))
                .startsWith("this is blue1, you are " + SERVER);
    }

    @Test
    @Order(6)
    void aGatewayAnswersPingOnItsOwnAddresses() {
        for (String address : List.of(
                demo.named("gateways", "gw1").path("externalAddress").asString(), demo.externalAddress("blue"))) {
            assertThat(Demo.ping("server", address)).as("ping %s", address).contains(" 0% packet loss");
        }
        assertThat(Demo.ping("blue1", "10.254.254.2")).contains(" 0% packet loss");
    }

    @Test
    @Order(7)
    void tracerouteShowsTheGatewayThenTheRouter() {
        String hops = Demo.ping("blue1", SERVER, "-t", "1") + Demo.ping("blue1", SERVER, "-t", "2");
        assertThat(hops).contains("From 10.254.254.2", "From 203.0.113.1", "Time to live exceeded");
    }

    @Test
    @Order(10)
    void movingAVmKeepsAnOpenConnection() throws IOException {
        String expected = Shell.output(
                        Demo.SHORT, "sha256sum", demo.state().resolve("www/big").toString())
                .split(" ", 2)[0];
        Path moved = demo.state().resolve("moved");
        CompletableFuture<String> download = Demo.atOnce(() -> digestOfDownload("red1", moved));
        long start = bytesReceived("red1");
        demo.await(Demo.SHORT, "the download's start", () -> bytesReceived("red1") > start + 5_000_000);
        demo.ctl("move", "red1", "host2");
        Files.createFile(moved);
        assertThat(download.join()).startsWith(expected);
        demo.ctl("move", "red1", "host1");
        assertThat(fetch("red1")).contains("this is server");
    }

    private static long bytesReceived(String vm) {
        return Long.parseLong(Demo.output(vm, "cat", "/sys/class/net/eth0/statistics/rx_bytes")
                .strip());
    }

    @Test
    @Order(20)
    void killingTheManagerStopsNothingAndItsRestartLosesNothing() {
        String objects = inventory();
        Metrics before = demo.gatewayMetrics();
        demo.ctl("kill", "manager");
        assertThat(fetch("blue1")).contains("this is server");
        assertThat(fetch("red2")).contains("this is server");
        demo.ctl("start", "manager");
        assertThat(inventory()).isEqualTo(objects);
        demo.awaitGateway();
        demo.ctl("move", "blue2", "host1");
        demo.ctl("move", "blue2", "host2");
        demo.awaitGateway();
        Metrics after = demo.gatewayMetrics();
        String applied = "nvgate_sync_apply_seconds_count";
        assertThat(after.sum(applied, "kind=\"snapshot\""))
                .as("no snapshot was needed")
                .isEqualTo(before.sum(applied, "kind=\"snapshot\""));
        assertThat(after.sum(applied, "kind=\"delta\""))
                .as("caught up by deltas")
                .isGreaterThan(before.sum(applied, "kind=\"delta\""));
        assertThat(fetch("blue2")).contains("this is server");
    }

    private String inventory() {
        StringBuilder all = new StringBuilder();
        for (String kind : List.of(
                "logical-networks",
                "network-sites",
                "ip-pools",
                "hosts",
                "gateways",
                "vm-networks",
                "vm-subnets",
                "vm-network-gateways",
                "vms",
                "nat-connections",
                "nat-rules")) {
            assertThat(demo.api("/" + kind).path("items").size()).as(kind).isPositive();
            all.append(demo.api("/" + kind).path("items")).append('\n');
        }
        return all.toString();
    }

    @Test
    @Order(21)
    void aGatewayRestartedWithoutItsManagerForwardsFromTheCachedPolicy() {
        String red = demo.externalAddress("red");
        demo.ctl("kill", "manager");
        demo.ctl("kill", "gateway");
        assertThat(Demo.run("blue1", "curl", "-sf", "--max-time", "2", "http://" + SERVER + "/")
                        .ok())
                .as("nothing passes without a gateway")
                .isFalse();
        demo.ctl("start", "gateway");
        demo.await(
                Demo.SHORT,
                "traffic",
                () -> Demo.run("blue1", "curl", "-sf", "--max-time", "2", "http://" + SERVER + "/")
                        .ok());
        assertThat(fetch("red1")).contains("you are " + red);
        demo.ctl("start", "manager");
        demo.awaitGateway();
    }

    /**
     * Each port has one queue: the first worker receives all from the hosts, the second one all from outside. Of three tenants each
     * worker has one or two, so that either hands packets over to the other.
     */
    @Test
    @Order(22)
    void aGatewayOfTwoWorkersForwardsTheTenantsOfBoth() {
        Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "NOT RUN: two workers need two CPUs");
        String blue = demo.externalAddress("blue");
        String red = demo.externalAddress("red");
        demo.ctl("kill", "gateway");
        demo.ctl("start", "gateway", "2");
        demo.awaitGateway();
        Metrics before = demo.gatewayMetrics();
        assertThat(fetch("blue1")).contains("you are " + blue);
        assertThat(fetch("red1")).contains("you are " + red);
        for (String vm : List.of("blue1", "red1")) {
            assertThat(Demo.ping(vm, SERVER)).as(vm).contains(" 0% packet loss");
        }
        assertThat(Demo.ping("violet1", Demo.SERVER_NAT64)).contains(" 0% packet loss");
        String forwarded = "http://" + blue + ":8080/";
        assertThat(Demo.output("server", "curl", "-sf", "--max-time", "60", forwarded))
                .startsWith("this is blue1, you are ");
        assertThat(Demo.output("red1", "curl", "-sf", "--max-time", "60", forwarded))
                .isEqualTo("this is blue1, you are " + red + "\n");
        String gateway = demo.named("gateways", "gw1").path("id").asString();
        assertThat(demo.api("/gateways/" + gateway + "/sessions?remotePort=80").toString())
                .as("sessions of both workers")
                .contains(blue, red);
        Metrics after = demo.gatewayMetrics();
        for (String worker : List.of("worker=\"0\"", "worker=\"1\"")) {
            for (String counter : List.of("pa_rx_packets", "ext_rx_packets", "handed_over")) {
                String name = "nvgate_worker_" + counter + "_total";
                assertThat(after.sum(name, worker))
                        .as("%s of %s", name, worker)
                        .isGreaterThan(before.sum(name, worker));
            }
        }
        assertThat(after.sum("nvgate_drops_total", "reason=\"hand-off-full\"")).isZero();
        demo.ctl("kill", "gateway");
        demo.ctl("start", "gateway");
        demo.awaitGateway();
    }
}
