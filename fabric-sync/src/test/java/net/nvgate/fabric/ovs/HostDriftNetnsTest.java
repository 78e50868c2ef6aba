package net.nvgate.fabric.ovs;

import static net.nvgate.fabric.ovs.DemoHosts.eventually;
import static net.nvgate.fabric.ovs.Policies.BLUE;
import static net.nvgate.fabric.ovs.Policies.PA_A;
import static net.nvgate.fabric.ovs.Policies.PA_B;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others do to a real host while VMs talk over it: the agent puts it right, counts it, and the VMs talk again. */
@Timeout(600)
class HostDriftNetnsTest {

    private static final int VM_MTU = 1458;

    @TempDir
    Path directory;

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private static List<PolicyObject> policy(IpAddress own) {
        List<PolicyObject> objects = new ArrayList<>(BLUE.base());
        objects.add(new ProviderAddress(own, 24, 0));
        for (int last : new int[] {3, 4, 5}) {
            IpAddress pa = last == 5 ? PA_B : PA_A;
            objects.add(BLUE.vmRecord(last, pa));
            if (own.equals(pa)) {
                VirtualPort port = BLUE.vmPort(last);
                objects.add(new VirtualPort(
                        port.nicId(), port.vmName(), port.rdid(), port.vsid(), port.mac(), port.addresses(), VM_MTU));
            }
        }
        return objects;
    }

    @Test
    void whatOthersChangeIsPutRight() throws Exception {
        String missing = DemoHosts.missing();
        Assumptions.assumeTrue(missing.isEmpty(), "SKIPPED: no real hosts were made: " + missing);
        try (DemoHosts hosts = new DemoHosts();
                HostAgent a = new HostAgent(hosts.settings("host1", directory), registry, Duration.ofMillis(200));
                HostAgent b = new HostAgent(hosts.settings("host2", directory), new SimpleMeterRegistry())) {
            a.start();
            b.start();
            hosts.vm("host1", BLUE, 3, "blue3");
            hosts.vm("host1", BLUE, 4, "blue4");
            hosts.vm("host2", BLUE, 5, "blue5");
            a.target().replace(Policies.snapshot(1, policy(PA_A)));
            b.target().replace(Policies.snapshot(1, policy(PA_B)));
            talks(hosts, "blue3");
            settings(hosts);
            addresses(hosts);
            mtu(hosts, a);
            replug(hosts, a);
            spoofingIsCountedForThePort(hosts, a);
            ofSwitch(hosts, a);
        }
    }

    private void settings(DemoHosts hosts) throws Exception {
        counted(DriftKind.BRIDGE_SETTING, () -> hosts.vsctl("host1", "set", "bridge", "br-vs", "fail_mode=standalone"));
        counted(DriftKind.TUNNEL, () -> hosts.vsctl("host1", "set", "interface", "nvgre0", "options:key=5"));
        eventually(() -> hosts.vsctl("host1", "get", "interface", "nvgre0", "options:key")
                        .contains("flow")
                && hosts.vsctl("host1", "get", "bridge", "br-vs", "fail_mode").contains("secure"));
        counted(DriftKind.UPLINK, () -> hosts.vsctl("host1", "--if-exists", "del-port", "br-prv", "uplink"));
        counted(DriftKind.PROVIDER_FLOWS, () -> hosts.ofctl("host1", "br-prv", "del-flows"));
        // As many entries as before, but not the same: found at the interval.
        counted(DriftKind.FLOWS, () -> hosts.ofctl("host1", "br-vs", "add-flow", "table=60,priority=0,actions=drop"));
        talks(hosts, "blue3");
    }

    private void addresses(DemoHosts hosts) throws Exception {
        counted(DriftKind.PROVIDER_ADDRESS, () -> hosts.inVm("host1", "ip", "address", "flush", "dev", "br-prv"));
        talks(hosts, "blue3");
        counted(DriftKind.PROVIDER_LINK, () -> hosts.inVm("host1", "ip", "link", "set", "br-prv", "down"));
        talks(hosts, "blue3");
        counted(
                DriftKind.NEIGHBOR,
                () -> hosts.inVm("host1", "sh", "-c", "ip neigh del " + PA_B + " dev br-prv || true"));
        talks(hosts, "blue3");
    }

    private void mtu(DemoHosts hosts, HostAgent a) throws Exception {
        eventually(() -> mtuOf(a) == VM_MTU);
        counted(DriftKind.MTU, () -> hosts.vsctl("host1", "set", "interface", "blue3", "mtu_request=1400"));
        eventually(() -> hosts.inVm("host1", "ip", "link", "show", "blue3").contains("mtu " + VM_MTU + " "));
        // Open vSwitch itself keeps the kernel's MTU at what was asked for.
        hosts.inVm("host1", "ip", "link", "set", "blue3", "mtu", "1300");
        eventually(() -> hosts.inVm("host1", "ip", "link", "show", "blue3").contains("mtu " + VM_MTU + " "));
        assertThat(hosts.inVm("blue3", "ping", "-c", "1", "-W", "20", "-M", "do", "-s", "1430", "192.168.1.5"))
                .contains(" 0% packet loss");
    }

    private static int mtuOf(HostAgent a) {
        OvsInterface plugged = a.state().plugged().byNic().get(BLUE.nic(3));
        return plugged == null ? 0 : plugged.mtu();
    }

    /** A VM stops and starts: another interface, another OpenFlow port, the same NIC; beside it one that nobody knows. */
    private static void replug(DemoHosts hosts, HostAgent a) throws Exception {
        Integer before = a.state().ofports().get(BLUE.nic(3));
        hosts.vsctl("host1", "del-port", "br-vs", "blue3");
        eventually(() -> !a.state().ofports().containsKey(BLUE.nic(3)));
        hosts.inVm("host1", "ip", "link", "set", "blue3", "name", "vnet9");
        hosts.inVm("host1", "ip", "link", "set", "vnet9", "up");
        hosts.vsctl(
                "host1",
                "add-port",
                "br-vs",
                "vnet9",
                "--",
                "set",
                "interface",
                "vnet9",
                "external_ids:iface-id=" + BLUE.nic(3),
                "external_ids:attached-mac=\"" + BLUE.mac(3) + "\"",
                "external_ids:iface-status=active",
                "external_ids:vm-id=5d0e3a8c-0000-0000-0000-000000000003");
        eventually(() -> a.state().ofports().containsKey(BLUE.nic(3)));
        assertThat(a.state().ofports().get(BLUE.nic(3))).isNotEqualTo(before);
        talks(hosts, "blue3");
        eventually(() -> hosts.ping("blue4", "192.168.1.3"));

        hosts.vsctl("host1", "set", "interface", "blue4", "external_ids:iface-id=nobody", "external_ids:vm-id=lost");
        eventually(() -> a.follower().statusJson().contains("{\"interface\":\"blue4\",\"ifaceId\":\"nobody\","));
        eventually(() -> !hosts.ping("blue4", "192.168.1.3"));
        hosts.vsctl("host1", "set", "interface", "blue4", "external_ids:iface-id=" + BLUE.nic(4));
        eventually(() -> hosts.ping("blue4", "192.168.1.3"));
    }

    private void spoofingIsCountedForThePort(DemoHosts hosts, HostAgent a) throws Exception {
        hosts.inVm("blue4", "ip", "address", "add", "192.168.1.99/24", "dev", "eth0");
        assertThat(hosts.ping("blue4", "192.168.1.3", "-I", "192.168.1.99")).isFalse();
        hosts.inVm("blue4", "ip", "address", "del", "192.168.1.99/24", "dev", "eth0");
        eventually(() -> portCounter("drops", BLUE.nic(4).toString(), "reason", "spoofed-address") >= 1);
        assertThat(portCounter("drops", BLUE.nic(3).toString(), "reason", "spoofed-address"))
                .isZero();
        eventually(() -> portCounter("packets", BLUE.nic(3).toString(), "direction", "from-vm") > 0
                && portCounter("bytes", BLUE.nic(3).toString(), "direction", "to-vm") > 0);
        assertThat(a.follower().statusJson()).contains("\"drops\":{\"spoofed-address\":");
    }

    private double portCounter(String name, String nic, String label, String value) {
        return registry.get("nvgate.host.port." + name)
                .tag("nic", nic)
                .tag(label, value)
                .counter()
                .count();
    }

    /** The switch restarts, loses a bridge, loses its database: VMs are plugged in again by the agent. */
    private void ofSwitch(DemoHosts hosts, HostAgent a) throws Exception {
        hosts.script("restart_vswitchd", "host1");
        talks(hosts, "blue3");
        counted(DriftKind.VM_PORT, () -> hosts.vsctl("host1", "--if-exists", "del-br", "br-vs"));
        eventually(() -> a.state().ofports().size() == 2);
        talks(hosts, "blue3");
        counted(DriftKind.BRIDGE, () -> hosts.vsctl("host1", "--if-exists", "del-br", "br-prv"));
        talks(hosts, "blue3");
        hosts.script("empty_database", "host1");
        talks(hosts, "blue3");
        eventually(() -> hosts.ping("blue4", "192.168.1.3"));
    }

    /** Something another does. */
    private interface Change {
        void make() throws CommandException;
    }

    /** Makes a change until the agent has found it; a repair that is on its way may undo one before it is seen. */
    private void counted(DriftKind kind, Change change) throws Exception {
        double before = count(kind);
        eventually(() -> {
            change.make();
            Instant again = Instant.now().plusSeconds(10);
            eventually(() -> count(kind) > before || Instant.now().isAfter(again));
            return count(kind) > before;
        });
    }

    private double count(DriftKind kind) {
        return registry.get("nvgate.host.drift")
                .tag("kind", kind.label())
                .counter()
                .count();
    }

    /** To the VM on the other host. */
    private static void talks(DemoHosts hosts, String vm) throws Exception {
        eventually(() -> hosts.ping(vm, "192.168.1.5"));
    }
}
