package net.nvgate.fabric.ovs;

import static net.nvgate.fabric.ovs.DemoHosts.eventually;
import static net.nvgate.fabric.ovs.Policies.BLUE;
import static net.nvgate.fabric.ovs.Policies.PA_A;
import static net.nvgate.fabric.ovs.Policies.PA_B;
import static net.nvgate.fabric.ovs.Policies.RED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import net.nvgate.fabric.sync.PolicyRejectedException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real hosts with real VMs: the agents' classes program two Open vSwitches, and packets cross a PA network. */
class HostAgentNetnsTest {

    @TempDir
    Path directory;

    private static List<PolicyObject> policy(IpAddress own) {
        List<PolicyObject> objects = new ArrayList<>();
        objects.add(new ProviderAddress(own, 24, 0));
        for (Policies.Tenant tenant : List.of(BLUE, RED)) {
            objects.addAll(tenant.base());
            place(objects, own, tenant, 3, PA_A);
            place(objects, own, tenant, 5, PA_B);
            place(objects, own, tenant, 105, PA_B);
        }
        return objects;
    }

    private static void place(
            List<PolicyObject> objects, IpAddress own, Policies.Tenant tenant, int last, IpAddress pa) {
        objects.add(tenant.vmRecord(last, pa));
        if (own.equals(pa)) {
            objects.add(tenant.vmPort(last));
        }
    }

    @Test
    void twoTenantsOnTwoHosts() throws Exception {
        String missing = DemoHosts.missing();
        Assumptions.assumeTrue(missing.isEmpty(), "SKIPPED: no real hosts were made: " + missing);
        MeterRegistry registryA = new SimpleMeterRegistry();
        try (DemoHosts hosts = new DemoHosts()) {
            try (HostAgent a = new HostAgent(hosts.settings("host1", directory), registryA);
                    HostAgent b = new HostAgent(hosts.settings("host2", directory), new SimpleMeterRegistry())) {
                a.start();
                b.start();
                hosts.vm("host1", BLUE, 3, "blue3");
                hosts.vm("host1", RED, 3, "red3");
                hosts.vm("host2", BLUE, 5, "blue5");
                assertThat(a.isReady()).isFalse();
                a.target().replace(Policies.snapshot(1, policy(PA_A)));
                b.target().replace(Policies.snapshot(1, policy(PA_B)));
                assertThat(a.isReady()).isTrue();
                plugLater(hosts, b);
                tunnelCarries(hosts);
                ipv6Crosses(hosts, a, b);
                spoofingFails(hosts, a, registryA);
                refusedRevisionLeavesTheOneBefore(hosts, a);
                repairsFlushedFlows(hosts);
                moveKeepsTheConnection(hosts, a, b);
            }
        }
    }

    /** VMs that appear after the policy are served when they are plugged in. */
    private static void plugLater(DemoHosts hosts, HostAgent b) throws Exception {
        hosts.vm("host2", RED, 5, "red5");
        hosts.vm("host2", BLUE, 105, "blue105");
        eventually(() -> b.state().ofports().size() == 3 && b.state().error().isEmpty());
        eventually(() -> hosts.ping("blue3", "192.168.1.5"));
    }

    private void tunnelCarries(DemoHosts hosts) throws Exception {
        Path pcap = directory.resolve("wire.pcap");
        try (DemoHosts.Running _ = DemoHosts.start(
                DemoHosts.PREFIX + "pa",
                line -> line.contains("listening on"),
                "tcpdump",
                "--immediate-mode",
                "-U",
                "-i",
                "host2",
                "-w",
                pcap.toString())) {
            assertThat(hosts.inVm("blue3", "ping", "-c", "3", "-i", "0.2", "-W", "2", "192.168.1.5"))
                    .contains(" 0% packet loss");
            assertThat(hosts.inVm("red3", "ping", "-c", "3", "-i", "0.2", "-W", "2", "192.168.1.5"))
                    .contains(" 0% packet loss");
            assertThat(hosts.inVm("blue3", "ping", "-c", "2", "-i", "0.2", "-W", "2", "192.168.2.105"))
                    .contains(" 0% packet loss")
                    .contains("ttl=63");
            // The whole MTU of the VMs (1458), without fragments.
            assertThat(hosts.inVm(
                            "blue3",
                            "ping",
                            "-c",
                            "2",
                            "-i",
                            "0.2",
                            "-W",
                            "2",
                            "-M",
                            "do",
                            "-s",
                            "1430",
                            "192.168.1.5"))
                    .contains(" 0% packet loss");
        }
        List<NvgreCapture.Frame> frames = NvgreCapture.read(pcap);
        assertThat(frames).allSatisfy(frame -> {
            assertThat(frame.flags()).isEqualTo(0x2000);
            assertThat(frame.type()).isEqualTo(0x6558);
            assertThat(frame.dontFragment()).isTrue();
            assertThat(frame.innerType()).as("ARP never crosses the wire").isEqualTo(0x0800);
        });
        crossed(frames, BLUE, 6000, "192.168.1.5", BLUE.mac(5).toString(), PA_A, PA_B, 64, 5);
        crossed(frames, RED, 16_000_000, "192.168.1.5", RED.mac(5).toString(), PA_A, PA_B, 64, 3);
        crossed(frames, BLUE, 6001, "192.168.2.105", BLUE.mac(105).toString(), PA_A, PA_B, 63, 2);
        crossed(frames, BLUE, 6000, "192.168.1.3", BLUE.mac(3).toString(), PA_B, PA_A, 63, 2);
        assertThat(frames).anyMatch(frame -> frame.flowId() != 0);
    }

    /** Both hosts learn the tenants' IPv6; Linux asks for neighbours and checks what it is told. */
    private static void ipv6Crosses(DemoHosts hosts, HostAgent a, HostAgent b) throws Exception {
        a.target().replace(Policies.snapshot(2, policyWithIpv6(PA_A)));
        b.target().replace(Policies.snapshot(2, policyWithIpv6(PA_B)));
        hosts.address("blue3", "fd00:1::3/64", "fd00:1::1");
        hosts.address("blue5", "fd00:1::5/64", "fd00:1::1");
        hosts.address("blue105", "fd00:2::69/64", "fd00:2::1");
        for (String vm : List.of("blue3", "blue5", "blue105")) {
            eventually(() -> {
                String addresses = hosts.inVm(vm, "ip", "-6", "address", "show", "dev", "eth0");
                assertThat(addresses).doesNotContain("dadfailed");
                return !addresses.contains("tentative");
            });
        }
        String[] options = {"-c", "3", "-i", "0.2", "-W", "2"};
        eventually(() -> hosts.ping("blue3", "fd00:1::5", options));
        assertThat(hosts.inVm("blue3", "ip", "-6", "neighbour", "show", "fd00:1::5"))
                .contains(BLUE.mac(5).toString());
        assertThat(hosts.inVm("blue3", "ping", "-c", "2", "-i", "0.2", "-W", "2", "fd00:2::69"))
                .contains(" 0% packet loss")
                .contains("ttl=63");
        assertThat(hosts.inVm("blue3", "ip", "-6", "neighbour", "show", "fd00:1::1"))
                .contains(BLUE.mac(1) + " router");
        // 8000 bytes are six fragments of the sender.
        assertThat(hosts.ping("blue3", "fd00:1::5", "-W", "20", "-s", "8000")).isTrue();
        assertThat(hosts.ping("blue3", "fd00:1::77")).isFalse();
        duplicateAddressIsFound(hosts);
    }

    private static void duplicateAddressIsFound(DemoHosts hosts) throws Exception {
        hosts.inVm("blue3", "ip", "address", "add", "fd00:1::5/64", "dev", "eth0");
        eventually(() -> hosts.inVm("blue3", "ip", "-6", "address", "show", "dev", "eth0")
                .contains("dadfailed"));
        hosts.inVm("blue3", "ip", "address", "del", "fd00:1::5/64", "dev", "eth0");
    }

    private static List<PolicyObject> policyWithIpv6(IpAddress own) {
        List<PolicyObject> objects = new ArrayList<>();
        for (PolicyObject object : policy(own)) {
            objects.add(
                    object instanceof PolicyObject.VirtualPort port
                                    && port.rdid().equals(BLUE.rdid())
                            ? Policies.withAddress(
                                    port, BLUE.vmAddress6((int) port.nicId().getLeastSignificantBits()))
                            : object);
        }
        objects.addAll(Policies.base6(BLUE));
        for (int last : new int[] {3, 5, 105}) {
            Vsid vsid = last < 100 ? BLUE.vmVsid() : BLUE.otherVsid();
            objects.add(BLUE.record(vsid, BLUE.vmAddress6(last), BLUE.mac(last), last == 3 ? PA_A : PA_B, "vm" + last));
        }
        return objects;
    }

    private static void crossed(
            List<NvgreCapture.Frame> frames,
            Policies.Tenant tenant,
            int vsid,
            String destination,
            String mac,
            IpAddress from,
            IpAddress to,
            int ttl,
            int atLeast) {
        assertThat(frames)
                .as(tenant.name() + " to " + destination)
                .filteredOn(frame -> frame.vsid() == vsid
                        && frame.innerDestination().equals(destination)
                        && frame.innerDestinationMac().equals(mac)
                        && frame.source().equals(from.toString())
                        && frame.destination().equals(to.toString())
                        && frame.innerTtl() == ttl)
                .hasSizeGreaterThanOrEqualTo(atLeast);
    }

    /** What a VM sends as somebody else is counted, by what was false, and none of it comes to the other host's VM. */
    private static void spoofingFails(DemoHosts hosts, HostAgent a, MeterRegistry registry) throws Exception {
        long heard = echoesHeard(hosts, "blue5");
        hosts.inVm("blue3", "ip", "address", "add", "192.168.1.99/24", "dev", "eth0");
        assertThat(hosts.ping("blue3", "192.168.1.5", "-c", "2", "-i", "0.2", "-I", "192.168.1.99"))
                .isFalse();
        eventually(() -> dropped(registry, FlowCounter.SPOOFED_ADDRESS) >= 2);
        assertThat(a.follower().statusJson()).contains("\"SPOOFED_ADDRESS\":2");
        // Whom it does not know it asks for, with the address it is going to send from.
        hosts.inVm("blue3", "ip", "neigh", "flush", "dev", "eth0");
        assertThat(hosts.ping("blue3", "192.168.1.5", "-I", "192.168.1.99")).isFalse();
        eventually(() -> dropped(registry, FlowCounter.SPOOFED_ARP) >= 1);
        hosts.inVm("blue3", "ip", "address", "del", "192.168.1.99/24", "dev", "eth0");

        String own = BLUE.mac(3).toString();
        hosts.inVm(
                "blue3",
                "ip",
                "link",
                "set",
                "dev",
                "eth0",
                "address",
                BLUE.mac(4).toString());
        String[] known = {
            "neigh", "replace", "192.168.1.5", "lladdr", BLUE.mac(5).toString(), "nud", "permanent"
        };
        hosts.inVm("blue3", "sh", "-c", "ip " + String.join(" ", known) + " dev eth0");
        assertThat(hosts.ping("blue3", "192.168.1.5")).isFalse();
        eventually(() -> dropped(registry, FlowCounter.SPOOFED_MAC) >= 1);
        hosts.inVm("blue3", "ip", "link", "set", "dev", "eth0", "address", own);

        AtomicInteger honest = new AtomicInteger();
        eventually(() -> {
            honest.incrementAndGet();
            return hosts.ping("blue3", "192.168.1.5");
        });
        assertThat(echoesHeard(hosts, "blue5") - heard)
                .as("echo requests, those of the honest only")
                .isBetween(1L, honest.longValue());
        assertThat(a.follower()
                        .query("lookup-records", Map.of("vsid", "16000000", "providerAddress", "10.0.0.12"), 10)
                        .json())
                .contains("\"customerAddress\":\"192.168.1.5\"")
                .doesNotContain("192.168.1.3");
    }

    private static double dropped(MeterRegistry registry, FlowCounter reason) {
        return registry.get("nvgate.host.drops")
                .tag("reason", reason.label())
                .counter()
                .count();
    }

    /** Echo requests of IPv4 that a VM's kernel has had. */
    private static long echoesHeard(DemoHosts hosts, String vm) throws CommandException {
        String[] words = hosts.inVm(vm, "nstat", "-asz", "IcmpInEchos").strip().split("\\s+", -1);
        return Long.parseLong(words[words.length - 2]);
    }

    private static void refusedRevisionLeavesTheOneBefore(DemoHosts hosts, HostAgent a) throws Exception {
        // The kernel refuses a next hop that is on no link.
        PolicyChange bad = new PolicyChange.Put(
                new ProviderRoute(IpPrefix.parse("172.16.0.0/12"), IpAddress.parse("192.0.2.1"), 255));
        PolicyChange gone = new PolicyChange.Remove(BLUE.vmRecord(5, PA_B).key());
        assertThatThrownBy(() -> a.target().apply(3, List.of(gone, bad)))
                .isInstanceOf(PolicyRejectedException.class)
                .hasMessageContaining("192.0.2.1");
        assertThat(a.state().policy().revision()).isEqualTo(2);
        assertThat(a.isReady()).isTrue();
        assertThat(hosts.ping("blue3", "192.168.1.5", "-W", "20")).isTrue();
    }

    private static void repairsFlushedFlows(DemoHosts hosts) throws Exception {
        AgentSettings settings = hosts.settings("host1", Path.of("/"));
        Commands commands = new Commands(settings.environment(), Duration.ofSeconds(60));
        commands.run(
                "ovs-ofctl", "-O", "OpenFlow15", "del-flows", settings.vswitch().rundir() + "/br-vs.mgmt");
        eventually(() -> hosts.ping("blue3", "192.168.1.5"));
    }

    /** A VM moves with an open TCP connection; only its two hosts' policy changes. */
    private static void moveKeepsTheConnection(DemoHosts hosts, HostAgent a, HostAgent b) throws Exception {
        // One connection for all requests: it asks again for each line it is given.
        String client = """
                exec 3<>/dev/tcp/192.168.1.5/80
                echo ready
                while read -r _; do
                  printf 'GET / HTTP/1.1\\r\\nHost: blue5\\r\\n\\r\\n' >&3
                  while read -r -t 60 line <&3 && [[ $line != "this is"* ]]; do :; done
                  echo "$line"
                done
                """;
        hosts.serve("blue5");
        try (DemoHosts.Running talker =
                DemoHosts.start(DemoHosts.PREFIX + "blue3", "ready"::equals, "bash", "-c", client)) {
            talk(talker);
            hosts.move(BLUE, 3, "blue3", "host1", "host2");
            b.target()
                    .apply(
                            4,
                            List.of(
                                    new PolicyChange.Put(BLUE.vmRecord(3, PA_B)),
                                    new PolicyChange.Put(BLUE.vmPort(3))));
            a.target()
                    .apply(
                            4,
                            List.of(
                                    new PolicyChange.Put(BLUE.vmRecord(3, PA_B)),
                                    new PolicyChange.Remove(BLUE.vmPort(3).key())));
            talk(talker);
            assertThat(hosts.ping("blue3", "192.168.1.5", "-W", "20")).isTrue();
            assertThat(hosts.ping("red3", "192.168.1.5", "-W", "20")).isTrue();
        }
    }

    private static void talk(DemoHosts.Running talker) throws Exception {
        talker.process().outputWriter().append('\n').flush();
        assertThat(talker.awaitLine(line -> true)).isEqualTo("this is blue5, you are 192.168.1.3");
    }
}
