package net.nvgate.appliance;

import static net.nvgate.appliance.Demo.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linux's own TCP, UDP and ICMP through the NAT: sizes, paths, many sessions, equal tuples, the way back inside. */
@ExtendWith(DemoExtension.class)
final class LinuxClientsIT {

    private final Demo demo;

    LinuxClientsIT(Demo demo) {
        this.demo = demo;
    }

    private static String ping(String vm, String mode, int payload, String target) {
        return Demo.run(vm, "ping", "-c", "2", "-i", "0.2", "-W", "3", "-M", mode, "-s", "" + payload, target)
                .output();
    }

    /**
     * Around the tenant's 1458 bytes and the wire's 1500: what may be cut arrives, in fragments of the sender or ours. No longer ones
     * from outside: net_af_packet gets fragments joined by the kernel, cut to its frames of 2048 bytes.
     */
    @ParameterizedTest
    @ValueSource(ints = {1428, 1430, 1431, 1437, 1452, 1472, 1473, 1500, 1900})
    void pingsOfAnySizePassWhenTheyMayBeCut(int payload) {
        assertThat(ping("blue1", "dont", payload, SERVER)).contains(" 0% packet loss");
    }

    @ParameterizedTest
    @ValueSource(ints = {1431, 3000, 8000})
    void fragmentsPassBetweenVms(int payload) {
        assertThat(ping("blue1", "dont", payload, "192.168.1.4")).contains(" 0% packet loss");
    }

    @ParameterizedTest
    @ValueSource(ints = {1431, 1472})
    void whatMayNotBeCutIsRefusedWithTheRightMtu(int payload) {
        assertThat(ping("blue1", "do", payload, SERVER))
                .contains("100% packet loss")
                .containsPattern("mtu ?= ?1458");
    }

    @Test
    void traceroutesOfThreeKindsSeeTheGatewayTheRouterAndTheServer() {
        for (String kind : new String[] {"-U", "-I", "-T"}) {
            assertThat(Demo.output("blue1", "traceroute", "-n", kind, "-q", "1", "-w", "3", "-m", "5", SERVER))
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

    /** Both VMs have the address 192.168.1.3 and bind the same port. */
    @Test
    void twoTenantsWithOneTupleReachOneServer() {
        CompletableFuture<String> blue = CompletableFuture.supplyAsync(() -> fetchFromPort("blue1"));
        CompletableFuture<String> red = CompletableFuture.supplyAsync(() -> fetchFromPort("red1"));
        assertThat(blue.join()).endsWith("you are " + demo.externalAddress("blue") + "\n");
        assertThat(red.join()).endsWith("you are " + demo.externalAddress("red") + "\n");
    }

    private static String fetchFromPort(String vm) {
        return Demo.output(vm, "curl", "-sf", "--max-time", "20", "--local-port", "21000", "http://" + SERVER + "/");
    }

    /** Each transfer is a connection of its own; all of them end well. */
    @Test
    void twoThousandConnectionsFromTwoTenantsAtOnce() {
        CompletableFuture<String> blue = CompletableFuture.supplyAsync(() -> manyFetches("blue1"));
        CompletableFuture<String> red = CompletableFuture.supplyAsync(() -> manyFetches("red1"));
        assertThat(blue.join().strip()).isEqualTo("1000");
        assertThat(red.join().strip()).isEqualTo("1000");
    }

    private static String manyFetches(String vm) {
        return Demo.output(
                vm,
                "bash",
                "-c",
                "curl -sf -Z --parallel-max 250 --max-time 100 -H 'Connection: close' -w '%{http_code}\\n' -o /dev/null"
                        + " 'http://" + SERVER + "/?[1-1000]' --no-progress-meter | grep -c 200");
    }

    /** The port forward of blue leads back to blue1: for a VM of blue, and for one of red. */
    @Test
    void aTenantsExternalAddressIsReachedFromInside() {
        String url = "http://" + demo.externalAddress("blue") + ":8080/";
        assertThat(Demo.output("blue2", "curl", "-sf", "--max-time", "20", url))
                .isEqualTo("this is blue1, you are " + demo.externalAddress("blue") + "\n");
        assertThat(Demo.output("red1", "curl", "-sf", "--max-time", "20", url))
                .isEqualTo("this is blue1, you are " + demo.externalAddress("red") + "\n");
    }

    /** 3000 bytes are three fragments; the server's Linux puts them together only if all are translated alike. */
    @Test
    void udpLosesNothing() {
        for (String[] options : new String[][] {{"-l", "1400"}, {"-l", "1400", "--reverse"}, {"-l", "3000"}}) {
            Demo.output("server", "iperf3", "--server", "--one-off", "--daemon");
            List<String> command =
                    new ArrayList<>(List.of("iperf3", "-c", SERVER, "-u", "-b", "2M", "-w", "1M", "-t", "2"));
            command.addAll(List.of(options));
            assertThat(Demo.output("blue1", command.toArray(String[]::new))).contains("(0%)  receiver");
        }
    }
}
