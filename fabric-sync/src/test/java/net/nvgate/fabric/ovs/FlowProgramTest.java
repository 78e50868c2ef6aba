package net.nvgate.fabric.ovs;

import static net.nvgate.fabric.ovs.Policies.BLUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.sync.PolicyRejectedException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The flow program as text, and the rules of policy for hosts. */
class FlowProgramTest {

    private static final Map<UUID, Integer> PLUGGED = Map.of(BLUE.nic(3), 10);
    private static final String RDID = "xxreg0=0x000000000000111100000000000000b1";

    private static List<String> lines(List<PolicyObject> objects) throws PolicyRejectedException {
        return FlowProgram.of(HostPolicy.of(1, objects), PLUGGED, 1).stream()
                .map(Flow::line)
                .toList();
    }

    @Test
    void oneVmAndOneRemoteVm() throws Exception {
        assertThat(lines(Policies.hostA()))
                .contains(
                        "table=0,priority=100,in_port=10,dl_src=00:1d:d8:b7:b0:03,cookie=0x0,actions=set_field:"
                                + "0x000000000000111100000000000000b1->xxreg0,set_field:6000->reg4,goto_table:10",
                        "table=10,priority=200,ip,in_port=10,nw_src=192.168.1.3,cookie=0x0,actions="
                                + "set_field:10.0.0.11->tun_src,goto_table:30",
                        "table=30,priority=1049,ip," + RDID + ",nw_dst=192.168.1.0/24,reg4=6000,cookie=0x0,actions="
                                + "move:ip_dst[]->reg7[],goto_table:50",
                        "table=30,priority=1000,ip," + RDID
                                + ",cookie=0x0,actions=set_field:00:1d:d8:b7:b0:f2->eth_src,"
                                + "set_field:0x0afefe02->reg7,goto_table:50",
                        "table=50,priority=100,ip," + RDID + ",reg7=0xc0a80105,cookie=0x0,actions="
                                + "set_field:00:1d:d8:b7:b0:05->eth_dst,set_field:6000->reg5,"
                                + "set_field:10.0.0.12->tun_dst,goto_table:60",
                        "table=0,priority=100,in_port=1,tun_id=0x177000/0xffffff00,cookie=0x0,actions=set_field:"
                                + "0x000000000000111100000000000000b1->xxreg0,set_field:6000->reg5,goto_table:70",
                        "table=80,priority=100,ip,reg5=6000,dl_dst=00:1d:d8:b7:b0:03,nw_dst=192.168.1.3,cookie=0x102,"
                                + "actions=output:10");
    }

    @Test
    void orderOfPolicyDoesNotMatter() throws Exception {
        List<PolicyObject> shuffled = new ArrayList<>(Policies.hostA());
        Collections.shuffle(shuffled, new Random(7));
        assertThat(lines(shuffled)).isEqualTo(lines(Policies.hostA()));
    }

    @Test
    void everyLineIsGoodSyntax() throws Exception {
        Assumptions.assumeTrue(OvsSandbox.isPossible(), "SKIPPED: no ovs-ofctl, syntax was not checked");
        List<PolicyObject> objects = new ArrayList<>(Policies.hostAWithIpv6());
        objects.add(wildcard());
        Commands commands = new Commands(Map.of(), Duration.ofSeconds(60));
        String program = lines(objects).stream().collect(Collectors.joining("\n", "", "\n"));
        String parsed = commands.run(List.of("ovs-ofctl", "-O", "OpenFlow15", "parse-flows", "-"), program);
        assertThat(parsed.lines().filter(line -> line.startsWith("OFPT_FLOW_MOD")))
                .hasSize(lines(objects).size());
    }

    private static LookupRecord wildcard() {
        return new LookupRecord(
                BLUE.rdid(),
                BLUE.gatewayVsid(),
                IpAddress.parse("0.0.0.0"),
                BLUE.mac(0xfe),
                Policies.PA_GATEWAY,
                LookupRecord.Type.GATEWAY_WILDCARD,
                "");
    }

    @Test
    void wildcardRecordReachesOutsideButNotInside() throws Exception {
        List<PolicyObject> objects = new ArrayList<>(Policies.hostA());
        objects.add(wildcard());
        assertThat(lines(objects))
                .contains(
                        "table=50,priority=10,ip," + RDID + ",cookie=0x0,actions=set_field:00:1d:d8:b7:b0:fe->eth_dst,"
                                + "set_field:5000->reg5,set_field:10.0.0.1->tun_dst,goto_table:60")
                .contains("table=50,priority=50,ip," + RDID + ",reg7=0xc0a80100/0xffffff00,cookie=0x20d,actions=drop");
    }

    @Test
    void changesTouchOnlyWhatDiffers() throws Exception {
        List<PolicyObject> moved = new ArrayList<>(Policies.hostA());
        moved.remove(BLUE.vmRecord(5, Policies.PA_B));
        moved.add(BLUE.vmRecord(5, IpAddress.parse("10.0.0.13")));
        List<Flow> before = FlowProgram.of(HostPolicy.of(1, Policies.hostA()), PLUGGED, 1);
        List<Flow> after = FlowProgram.of(HostPolicy.of(2, moved), PLUGGED, 1);
        assertThat(FlowChanges.between(before, before).isEmpty()).isTrue();
        assertThat(FlowChanges.between(before, after).lines())
                .containsExactlyInAnyOrder(
                        "delete_strict table=70,priority=2000,ip," + RDID + ",tun_src=10.0.0.12,nw_src=192.168.1.5",
                        "add table=70,priority=2000,ip," + RDID
                                + ",tun_src=10.0.0.13,nw_src=192.168.1.5,cookie=0x0,actions=goto_table:80",
                        "add table=50,priority=100,ip," + RDID + ",reg7=0xc0a80105,cookie=0x0,actions="
                                + "set_field:00:1d:d8:b7:b0:05->eth_dst,set_field:6000->reg5,"
                                + "set_field:10.0.0.13->tun_dst,goto_table:60");
    }

    @Test
    void bothFamiliesStandBesideEachOther() throws Exception {
        assertThat(lines(Policies.hostAWithIpv6()))
                .containsAll(lines(Policies.hostA()).stream()
                        .filter(line -> !line.contains("192.168.1.4,") && !line.contains("reg7=0xc0a80104"))
                        .toList())
                .contains(
                        "table=10,priority=200,ipv6,in_port=10,ipv6_src=fd00:1::3,cookie=0x0,actions="
                                + "set_field:10.0.0.11->tun_src,goto_table:30",
                        "table=30,priority=1129,ipv6," + RDID + ",ipv6_dst=fd00:1::/64,reg4=6000,cookie=0x0,actions="
                                + "move:ipv6_dst[]->xxreg2[],goto_table:50",
                        "table=30,priority=1000,ipv6," + RDID
                                + ",cookie=0x0,actions=set_field:00:1d:d8:b7:b0:f2->eth_src,"
                                + "set_field:0xfd0afefe000000000000000000000002->xxreg2,goto_table:50",
                        "table=50,priority=50,ipv6," + RDID + ",xxreg2=0xfd000001000000000000000000000000/"
                                + "0xffffffffffffffff0000000000000000,cookie=0x20d,actions=drop",
                        "table=80,priority=100,ipv6,reg5=6000,dl_dst=00:1d:d8:b7:b0:03,ipv6_dst=fd00:1::3,"
                                + "cookie=0x102,actions=output:10");
    }

    /** Of a host whose PA is IPv6: as if it had no record. */
    @Test
    void recordOutOfReachIsLeftOut() throws Exception {
        List<PolicyObject> objects = new ArrayList<>(Policies.hostA());
        objects.add(BLUE.vmRecord(9, IpAddress.parse("fd00::12")));
        assertThat(lines(objects)).isEqualTo(lines(Policies.hostA()));
    }

    @Test
    void policyThatCannotWorkIsRefusedByName() {
        rejects("pa/fd00::99", "not IPv4", new ProviderAddress(IpAddress.parse("fd00::99"), 64, 0));
        CustomerRoute mixed =
                new CustomerRoute(BLUE.rdid(), new Vsid(5000), IpPrefix.parse("::/0"), IpAddress.parse("10.1.1.1"), 1);
        rejects(mixed.key(), "family", mixed);
        rejects("pa/10.0.0.99", "one VLAN", new ProviderAddress(IpAddress.parse("10.0.0.99"), 24, 7));
        rejects(
                "lookup/16000000/192.168.1.99",
                "as well",
                BLUE.record(new Vsid(16_000_000), IpAddress.parse("192.168.1.99"), BLUE.mac(9), Policies.PA_B, ""));
        UUID id = new UUID(1, 2);
        rejects("nat/" + id, "host", new NatConnection(id, BLUE.rdid(), IpAddress.parse("203.0.113.9"), 1024, 65535));
        assertThatThrownBy(() -> HostPolicy.of(1, List.of(BLUE.vmPort(3))))
                .isInstanceOf(PolicyRejectedException.class)
                .hasMessageContaining("no provider address");
    }

    private static void rejects(String key, String reason, PolicyObject added) {
        List<PolicyObject> objects = new ArrayList<>(Policies.hostA());
        objects.add(added);
        assertThatThrownBy(() -> HostPolicy.of(1, objects))
                .isInstanceOfSatisfying(
                        PolicyRejectedException.class, e -> assertThat(e.key()).isEqualTo(key))
                .hasMessageContaining(reason);
    }
}
