package net.nvgate.appliance;

import static net.nvgate.appliance.Demo.SERVER;
import static net.nvgate.appliance.Demo.SERVER_NAT64;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Path MTU discovery across the NAT: the server's link carries 1400 bytes, and the router's error must find its way to the VM; to the VM
 * go 1458, and the gateway must say so to the server. Only VMs that no other test takes, for Linux remembers what it learned.
 */
@DemoTest
final class PathMtuIT {

    private final Demo demo;

    PathMtuIT(Demo demo) {
        this.demo = demo;
    }

    @BeforeEach
    void narrow() {
        link(1400);
    }

    @AfterEach
    void widen() {
        link(1500);
        for (String machine : List.of("red2", "violet2", "server")) {
            Demo.output(machine, "ip", "route", "flush", "cache");
            Demo.output(machine, "ip", "-6", "route", "flush", "cache");
        }
    }

    private static void link(int mtu) {
        Demo.output("router", "ip", "link", "set", "lan", "mtu", "" + mtu);
        Demo.output("server", "ip", "link", "set", "eth0", "mtu", "" + mtu);
    }

    @Test
    void theRoutersErrorReachesTheVm() {
        assertThat(Demo.ping("red2", "do", 1372, SERVER)).contains(" 0% packet loss");
        assertThat(Demo.ping("red2", "do", 1373, SERVER))
                .contains("From 203.0.113.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)");
    }

    @Test
    void theRoutersErrorReachesAnIpv6VmAsPacketTooBig() {
        assertThat(Demo.ping("violet2", "do", 1372, SERVER_NAT64)).contains(" 0% packet loss");
        assertThat(Demo.ping("violet2", "do", 1373, SERVER_NAT64))
                .contains("From 2001:db8:64::cb00:7101 icmp_seq=1 Packet too big: mtu=1420");
    }

    /** In fragments of the router's and of the server's. */
    @ParameterizedTest
    @ValueSource(ints = {1372, 1373, 1430, 1431, 1900})
    void whatMayBeCutPasses(int payload) {
        assertThat(Demo.ping("red2", "dont", payload, SERVER)).contains(" 0% packet loss");
    }

    @Test
    void tracepathFindsTheNarrowLink() {
        assertThat(Demo.output("red2", "tracepath", "-n", "-m", "5", SERVER))
                .contains("pmtu 1458", "pmtu 1400", "reached");
        assertThat(Demo.output("violet2", "tracepath", "-6", "-n", "-m", "5", SERVER_NAT64))
                .contains("pmtu 1458", "pmtu 1420", "reached");
    }

    @Test
    void uploadsOverTheNarrowLinkArriveWhole() {
        String expected = Shell.output(
                Demo.SHORT, "sha256sum", demo.state().resolve("www/small").toString());
        for (String server : List.of(SERVER, "[" + SERVER_NAT64 + "]")) {
            String vm = server.equals(SERVER) ? "red2" : "violet2";
            String name = "incoming/narrow-" + vm;
            String file = demo.state().resolve("www/small").toString();
            Demo.output(vm, "curl", "-sS", "--max-time", "60", "-T", file, "ftp://" + server + "/" + name);
            assertThat(Shell.output(
                            Demo.SHORT,
                            "sha256sum",
                            demo.state().resolve("www/" + name).toString()))
                    .startsWith(expected.split(" ", 2)[0]);
        }
    }

    /** The server sends 1500 bytes that may not be cut; only the gateway knows that 1458 fit. */
    @Test
    void theGatewayTellsTheServerWhatFitsTheVm() {
        link(1500);
        demo.startIperf();
        Demo.run("red2", "iperf3", "-c", SERVER, "-u", "-b", "1M", "-t", "1", "-l", "1472", "--reverse");
        assertThat(Demo.output("server", "ip", "route", "get", demo.externalAddress("red")))
                .contains("mtu 1458");
    }
}
