package net.nvgate.appliance;

import static net.nvgate.appliance.Demo.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linux's own TCP, UDP and ICMP through the NAT: sizes, paths, many sessions, equal tuples, the way back inside. */
@DemoTest
final class LinuxClientsIT {

    private final Demo demo;

    LinuxClientsIT(Demo demo) {
        this.demo = demo;
    }

    /**
     * Around the tenant's 1458 bytes and the wire's 1500: what may be cut arrives, in fragments of the sender or ours. No longer ones
     * from outside: net_af_packet gets fragments joined by the kernel, cut to its frames of 2048 bytes.
     */
    @ParameterizedTest
    @ValueSource(ints = {1428, 1430, 1431, 1437, 1452, 1472, 1473, 1500, 1900})
    void pingsOfAnySizePassWhenTheyMayBeCut(int payload) {
        assertThat(Demo.ping("blue1", "dont", payload, SERVER)).contains(" 0% packet loss");
    }

    @ParameterizedTest
    @ValueSource(ints = {1431, 3000, 8000})
    void fragmentsPassBetweenVms(int payload) {
        assertThat(Demo.ping("blue1", "dont", payload, "192.168.1.4")).contains(" 0% packet loss");
    }

    /** By the VM itself, which knows its MTU; {@link PathMtuIT} has the gateway and a router refuse. */
    @ParameterizedTest
    @ValueSource(ints = {1431, 1472})
    void whatMayNotBeCutIsRefusedWithTheTenantsMtu(int payload) {
        assertThat(Demo.ping("blue1", "do", payload, SERVER))
                .contains("100% packet loss")
                .containsPattern("mtu ?= ?1458");
    }

    @Test
    void traceroutesOfThreeKindsSeeTheGatewayTheRouterAndTheServer() {
        for (String kind : new String[] {"-U", "-I", "-T"}) {
            assertThat(Demo.traceroute("blue1", kind, SERVER))
                    .as("traceroute %s", kind)
                    .contains("10.254.254.2", "203.0.113.1", SERVER);
        }
    }

    @Test
    void tracepathFindsThePathAndItsMtu() {
        assertThat(Demo.output("blue1", "tracepath", "-n", "-m", "5", SERVER))
                .contains("10.254.254.2", "203.0.113.1")
                .containsPattern("pmtu 1458");
    }

    /**
     * A slow page holds each connection for half a minute: all of them are open at the same time, and all end well. Two have one tuple:
     * both VMs have the address 192.168.1.3 and bind the same port.
     */
    @Test
    void twoThousandConnectionsFromTwoTenantsAreOpenAtOnceAndTwoOfThemWithOneTuple() {
        // A connection that a class before has had cut off stays open at the server for a while.
        Set<String> old = Set.copyOf(established("server"));
        CompletableFuture<String> blue = Demo.atOnce(() -> fetchSlowly("blue1"));
        CompletableFuture<String> red = Demo.atOnce(() -> fetchSlowly("red1"));
        String tuple = "192.168.1.3:21000 " + SERVER + ":80";
        demo.await(
                Demo.SHORT,
                "two connections with one tuple",
                () -> established("blue1").contains(tuple)
                        && established("red1").contains(tuple));
        CompletableFuture<Long> many = Demo.atOnce(() -> manyFetches("blue1"));
        CompletableFuture<Long> manyOfRed = Demo.atOnce(() -> manyFetches("red1"));
        demo.await(
                Demo.LONG,
                "two thousand open connections",
                () -> openAtTheServer("blue", old) == 1001 && openAtTheServer("red", old) == 1001);
        assertThat(many.join()).isEqualTo(1000);
        assertThat(manyOfRed.join()).isEqualTo(1000);
        String expected = Shell.output(
                Demo.SHORT, "sha256sum", demo.state().resolve("www/slow").toString());
        assertThat(expected).startsWith(blue.join().strip());
        assertThat(expected).startsWith(red.join().strip());
    }

    private static String fetchSlowly(String vm) {
        return Demo.output(
                vm,
                "bash",
                "-o",
                "pipefail",
                "-c",
                "curl -sf --max-time 200 --local-port 21000 http://" + SERVER + "/slow | sha256sum | cut -d' ' -f1");
    }

    /** TCP connections of a machine, each as "own address:port other address:port". */
    private static List<String> established(String machine) {
        return Demo.output(machine, "bash", "-c", "ss -Htn state established | awk '{print $3, $4}'")
                .lines()
                .toList();
    }

    private long openAtTheServer(String tenant, Set<String> old) {
        String external = demo.externalAddress(tenant) + ":";
        return established("server").stream()
                .filter(connection -> connection.contains(":80 " + external) && !old.contains(connection))
                .count();
    }

    private static long manyFetches(String vm) {
        return Demo.output(
                        vm,
                        "bash",
                        "-c",
                        "for _ in 1 2 3 4; do curl -sf -Z --parallel-immediate --parallel-max 250 --max-time 200 -o /dev/null"
                                + " -w '%{http_code}\\n' 'http://" + SERVER
                                + "/slow?[1-250]' --no-progress-meter & done; wait")
                .lines()
                .filter("200"::equals)
                .count();
    }

    /** The port forward of blue leads back to blue1: for a VM of blue, and for one of red. */
    @Test
    void aTenantsExternalAddressIsReachedFromInside() {
        String url = "http://" + demo.externalAddress("blue") + ":8080/";
        assertThat(Demo.output("blue2", "curl", "-sf", "--max-time", "60", url))
                .isEqualTo("this is blue1, you are " + demo.externalAddress("blue") + "\n");
        assertThat(Demo.output("red1", "curl", "-sf", "--max-time", "60", url))
                .isEqualTo("this is blue1, you are " + demo.externalAddress("red") + "\n");
    }

    /** 3000 bytes are three fragments; the server's Linux puts them together only if all are translated alike. */
    @Test
    void udpLosesNothing() {
        for (String[] options : new String[][] {{"-l", "1400"}, {"-l", "1400", "--reverse"}, {"-l", "3000"}}) {
            demo.startIperf();
            List<String> command =
                    new ArrayList<>(List.of("iperf3", "-c", SERVER, "-u", "-b", "2M", "-w", "1M", "-t", "2"));
            command.addAll(List.of(options));
            assertThat(Demo.output("blue1", command.toArray(String[]::new))).contains("(0%)  receiver");
        }
    }
}
