package net.nvgate.appliance;

import static net.nvgate.appliance.Demo.SERVER_NAT64;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Linux's IPv6 over the OVS hosts: violet's VMs have nothing else, blue's and red's have it beside IPv4 and with the same addresses.
 * IPv4 servers are reached through NAT64.
 */
@DemoTest
final class Ipv6ClientsIT {

    private static final String URL = "http://[" + SERVER_NAT64 + "]/";
    private final Demo demo;

    Ipv6ClientsIT(Demo demo) {
        this.demo = demo;
    }

    private static String fetch(String vm, String url) {
        return Demo.output(vm, "curl", "-6", "-sf", "--max-time", "60", url);
    }

    @Test
    void ipv6OnlyAndDualStackVmsReachAnIpv4Server() {
        assertThat(Demo.output("violet1", "ip", "-4", "address", "show", "dev", "eth0"))
                .doesNotContain("inet");
        assertThat(fetch("violet1", URL)).isEqualTo("this is server, you are " + demo.externalAddress("violet") + "\n");
        assertThat(fetch("blue1", URL)).isEqualTo("this is server, you are " + demo.externalAddress("blue") + "\n");
    }

    @Test
    void aHundredMegabytesArriveWhole() {
        String expected = Shell.output(
                Demo.SHORT, "sha256sum", demo.state().resolve("www/big").toString());
        CompletableFuture<String> violet = Demo.atOnce(() -> digestOfDownload("violet1"));
        CompletableFuture<String> blue = Demo.atOnce(() -> digestOfDownload("blue1"));
        assertThat(expected).startsWith(violet.join());
        assertThat(expected).startsWith(blue.join());
    }

    private static String digestOfDownload(String vm) {
        String pipe = "curl -6 -sf --max-time 250 " + URL + "big | sha256sum | cut -d' ' -f1";
        return Demo.output(vm, "bash", "-o", "pipefail", "-c", pipe).strip();
    }

    /** Up to the tenant's 1458 bytes: 48 are IPv6 and ICMPv6 headers. Larger ones are fragments, and NAT64 has no fragments of ICMP. */
    @ParameterizedTest
    @ValueSource(ints = {0, 56, 1232, 1400, 1410})
    void pingsPassThroughNat64(int payload) {
        assertThat(Demo.ping("violet1", "do", payload, SERVER_NAT64)).contains(" 0% packet loss");
        assertThat(Demo.ping("blue2", "dont", payload, SERVER_NAT64)).contains(" 0% packet loss");
    }

    /** VMs of one tenant on two hosts; the same address is another VM for blue. */
    @ParameterizedTest
    @ValueSource(ints = {56, 1410, 1411, 8000})
    void vmsOnTwoHostsTalkIpv6(int payload) {
        assertThat(Demo.ping("violet1", "dont", payload, "fd00:1::4")).contains(" 0% packet loss");
        assertThat(Demo.ping("blue1", "dont", payload, "fd00:1::4")).contains(" 0% packet loss");
    }

    @Test
    void theSameAddressIsAnotherVmForAnotherTenant() {
        assertThat(fetch("violet1", "http://[fd00:1::4]/")).isEqualTo("this is violet2, you are fd00:1::3\n");
        assertThat(fetch("blue2", "http://[fd00:1::3]/")).isEqualTo("this is blue1, you are fd00:1::4\n");
        assertThat(Demo.run("red2", "curl", "-sf", "--max-time", "5", "http://[fd00:1::3]/")
                        .ok())
                .as("red1 has fd00:1::3, too, and serves nothing")
                .isFalse();
    }

    @Test
    void traceroutesOfThreeKindsSeeTheGatewayTheRouterAndTheServer() {
        for (String kind : new String[] {"-U", "-I", "-T"}) {
            assertThat(Demo.traceroute("violet1", kind, SERVER_NAT64))
                    .as("traceroute %s", kind)
                    .contains("fd0a:fefe::2", "2001:db8:64::cb00:7101", SERVER_NAT64);
        }
    }

    @Test
    void tracepathFindsThePathAndItsMtu() {
        assertThat(Demo.output("violet1", "tracepath", "-6", "-n", "-m", "5", SERVER_NAT64))
                .contains("fd0a:fefe::2", "2001:db8:64::cb00:7101", "reached")
                .containsPattern("pmtu 1458");
    }

    /** 3000 bytes are three fragments, which become three of IPv4. */
    @Test
    void udpLosesNothing() {
        for (List<String> options : List.of(List.of("1400"), List.of("1400", "--reverse"), List.of("3000"))) {
            demo.startIperf();
            String[] command = Stream.concat(
                            Stream.of(
                                    "iperf3", "-6", "-c", SERVER_NAT64, "-u", "-b", "2M", "-w", "1M", "-t", "2", "-l"),
                            options.stream())
                    .toArray(String[]::new);
            assertThat(Demo.output("violet1", command)).as("%s", options).contains("(0%)  receiver");
        }
    }
}
