package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.kept.KeptResult;
import net.nvgate.gateway.route.NatSettingsRow;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.Prefixes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packets before a gateway process ends and after another one has begun, with the sessions that the first one left. */
class KeptSessionsTest extends NatTestBase {

    private static final int OWN = Wire.address("203.0.113.20");
    private static final int SHARED = Wire.address("203.0.113.100");
    private static final int FIRST_CA = Wire.address("192.168.1.64");

    @Override
    WorkerConfig config() {
        return TestGateway.CONFIG.withSessionsMax(1 << 12);
    }

    /** The gateway ends, and another one of so many workers, prepared like the first one, goes on. */
    private Map<KeptResult, Long> restart(int workers, long elapsedMs) {
        TestGateway old = gateway;
        gateway = new TestGateway(config(), workers);
        return Restart.of(old, gateway, elapsedMs);
    }

    private static int port(byte[] sent) {
        return Wire.u16(sent, 20);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 3", "3, 1", "2, 3", "3, 2"})
    @Requirement({"RFC 4787 REQ-1", "RFC 5382 REQ-1"})
    void answersOfBeforeReachTheirVm(int before, int after) {
        gateway.close();
        gateway = new TestGateway(config(), before);
        for (int tenant = 1; tenant <= 2; tenant++) {
            out(tenant, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
            out(tenant, Net.tcp(Net.VM1, Net.SERVER, 4001, 80, SYN));
            in(tenant, Net.tcp(Net.SERVER, Net.NAT[tenant], 80, 4001, SYN | ACK));
            out(tenant, Net.tcp(Net.VM1, Net.SERVER, 4001, 80, ACK));
            out(tenant, Net.ping(Net.VM1, Net.SERVER, 4099));
        }
        assertThat(restart(after, 2_000)).isEqualTo(Map.of(KeptResult.RESTORED, 6L));
        for (int tenant = 1; tenant <= 2; tenant++) {
            assertThat(Wire.u16(in(tenant, Net.udp(Net.SERVER, Net.NAT[tenant], 53, 4000)), 22))
                    .isEqualTo(4000);
            assertThat(Wire.u16(in(tenant, Net.tcp(Net.SERVER, Net.NAT[tenant], 80, 4001, ACK)), 22))
                    .isEqualTo(4001);
            in(tenant, Net.pong(Net.SERVER, Net.NAT[tenant], 4099));
            assertThat(port(out(tenant, Net.tcp(Net.VM1, Net.SERVER, 4001, 80, ACK))))
                    .isEqualTo(4001);
        }
        assertThat(gateway.drops()).isEmpty();
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED))
                .as("none is new")
                .isEqualTo(6);
    }

    @Test
    void whatAFirstPacketWouldOpenComesOfRulesAndPairsToo() {
        gateway.rule(1, Wire.TCP, 8080, Net.VM1, 80);
        gateway.oneToOne(2, OWN, Net.VM1);
        in(1, Net.tcp(Net.FAR, Net.NAT[1], 4000, 8080, SYN));
        out(1, Net.tcp(Net.VM1, Net.SERVER, 80, 5000, SYN));
        in(2, Net.tcp(Net.FAR, OWN, 4000, 22, SYN));
        in(2, Net.ping(Net.FAR, OWN, 4711));
        TestGateway old = gateway;
        gateway = new TestGateway(TestGateway.withoutMidstream(), workers());
        gateway.rule(1, Wire.TCP, 8080, Net.VM1, 80);
        gateway.oneToOne(2, OWN, Net.VM1);
        assertThat(Restart.of(old, gateway, 0)).isEqualTo(Map.of(KeptResult.RESTORED, 4L));
        assertThat(port(out(1, Net.tcp(Net.VM1, Net.FAR, 80, 4000, ACK)))).isEqualTo(8080);
        in(1, Net.tcp(Net.SERVER, Net.NAT[1], 5000, 8080, SYN | ACK));
        assertThat(Wire.i32(out(2, Net.tcp(Net.VM1, Net.FAR, 22, 4000, ACK)), 12))
                .isEqualTo(OWN);
        out(2, Net.pong(Net.VM1, Net.FAR, 4711));
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isEqualTo(4);
    }

    @Test
    @Requirement("RFC 6888 REQ-14")
    void nobodyGetsAPortOfAKeptSession() {
        NatTable.Connection row = new NatTable.Connection(
                SHARED, 1, 20, 1024, 1024 + 511, 50, NatSettingsRow.DEFAULT.withPortBlockSize(64));
        gateway.pool(1, row);
        Map<Integer, Integer> hosts = new HashMap<>();
        for (int host = 0; host < 4; host++) {
            vm(1, FIRST_CA + host);
            for (int i = 0; i < 40; i++) {
                int port = port(out(1, Net.udp(FIRST_CA + host, Net.SERVER, 3000 + i, 53)));
                assertThat(hosts.put(port, FIRST_CA + host)).isNull();
            }
        }
        TestGateway old = gateway;
        gateway = new TestGateway(config(), workers());
        gateway.pool(1, row);
        assertThat(Restart.of(old, gateway, 0)).isEqualTo(Map.of(KeptResult.RESTORED, 160L));
        assertThat(gateway.worker.nat().blocksUsed()).isEqualTo(4);
        Set<Integer> fresh = new HashSet<>();
        for (int host = 0; host < 8; host++) {
            vm(1, FIRST_CA + host);
            for (int i = 40; i < 64; i++) {
                byte[] packet = Net.udp(FIRST_CA + host, Net.SERVER, 3000 + i, 53);
                int port = port(out(1, packet));
                assertThat(hosts).as("a kept session's").doesNotContainKey(port);
                assertThat(fresh.add(port)).as("port %s is nobody else's", port).isTrue();
                int block = port >>> 6;
                int owner = FIRST_CA + host;
                assertThat(hosts.entrySet())
                        .as("a block is its host's alone")
                        .allMatch(kept -> kept.getKey() >>> 6 != block || kept.getValue() == owner);
            }
        }
        hosts.forEach((port, ca) -> {
            byte[] frame = gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, SHARED, 53, port)))
                    .onlyPa();
            assertThat(Wire.i32(frame, 14 + 28 + 14 + 16)).isEqualTo(ca);
        });
        everythingComesBack(300_000);
    }

    @Test
    @Requirement("RFC 6888 REQ-8")
    void portsThatRestDoSoBeyondTheRestart() {
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        gateway.turnsAfter(301_000);
        assertThat(gateway.worker.sessions().count()).isZero();
        assertThat(restart(1, 1_000)).isEmpty();
        vm(1, FIRST_CA);
        assertThat(port(out(1, Net.udp(FIRST_CA, Net.SERVER, 4000, 53)))).isNotEqualTo(4000);
        gateway.turnsAfter(250_000);
        vm(1, FIRST_CA + 1);
        assertThat(port(out(1, Net.udp(FIRST_CA + 1, Net.SERVER, 4000, 53)))).isEqualTo(4000);
    }

    @Test
    @Requirement("RFC 4787 REQ-5")
    void timersGoOn() {
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        gateway.turnAfter(200_000);
        out(1, Net.udp(Net.VM1, Net.SERVER, 4001, 53));
        gateway.turnAfter(60_000);
        assertThat(restart(1, 41_000)).isEqualTo(Map.of(KeptResult.EXPIRED, 1L, KeptResult.RESTORED, 1L));
        gateway.turnsAfter(190_000);
        assertThat(gateway.worker.sessions().count()).as("291 s").isEqualTo(1);
        gateway.turnsAfter(11_000);
        assertThat(gateway.worker.sessions().count()).as("302 s").isZero();
    }

    @Test
    void whatPolicyNoLongerHasIsLeftBehind() {
        gateway.rule(1, Wire.TCP, 8080, Net.VM1, 80);
        in(1, Net.tcp(Net.FAR, Net.NAT[1], 4000, 8080, SYN));
        out(1, Net.udp(Net.VM1, Net.SERVER, 40_000, 53));
        out(1, Net.udp(Net.VM1, Net.SERVER, 2_000, 53));
        out(2, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        TestGateway old = gateway;
        gateway = new TestGateway(config(), workers());
        gateway.nat(1, 1, 10_000, 65_535);
        assertThat(Restart.of(old, gateway, 0, 0, 1, 0, 3))
                .isEqualTo(Map.of(KeptResult.POLICY, 2L, KeptResult.RESTORED, 1L, KeptResult.TENANT_GONE, 1L));
        in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, 40_000));
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[1], 53, 2_000))).isFalse();
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[2], 53, 4000))).isFalse();
        assertThat(gateway.worker.nat().used()).isEqualTo(1);
    }

    /**
     * Its connection has lost ports, so that sessions of before have ended, though no packet came since to notice. One's endpoint has
     * another port now.
     */
    @Test
    @Requirement("RFC 6888 REQ-8")
    void whatPolicyHasEndedBeforeDoesNotComeBack() {
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        out(1, Net.udp(Net.VM1, Net.SERVER, 4001, 53));
        out(1, Net.tcp(Net.VM1, Net.SERVER, 4002, 80, SYN));
        out(2, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        gateway.connection(new NatTable.Connection(Net.NAT[1], 1, 1, 2000, 2009, 71));
        gateway.connection(new NatTable.Connection(Net.NAT[1], 1, 1, 1024, 65535, 71));
        int port = port(out(1, Net.udp(Net.VM1, Net.FAR, 4000, 53)));
        assertThat(port).as("4000 rests").isNotEqualTo(4000);
        assertThat(restart(1, 0)).isEqualTo(Map.of(KeptResult.RESTORED, 2L, KeptResult.POLICY, 3L));
        in(1, Net.udp(Net.FAR, Net.NAT[1], 53, port));
        in(2, Net.udp(Net.SERVER, Net.NAT[2], 53, 4000));
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000))).isFalse();
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[1], 53, 4001))).isFalse();
        assertThat(gateway.worker.nat().used()).as("mappings").isEqualTo(2);
        vm(1, FIRST_CA);
        assertThat(port(out(1, Net.udp(FIRST_CA, Net.SERVER, 4001, 53))))
                .as("4001 rests")
                .isNotEqualTo(4001);
    }

    /** As without a restart: the rule lets others in by the port, and who has it keeps it. */
    @Test
    void aRuleOfLaterTakesNoPortFromWhoHasIt() {
        out(1, Net.tcp(Net.VM1, Net.SERVER, 8080, 80, SYN));
        gateway.rule(1, Wire.TCP, 8080, Net.VM2, 80);
        in(1, Net.tcp(Net.SERVER, Net.NAT[1], 80, 8080, SYN | ACK));
        TestGateway old = gateway;
        gateway = new TestGateway(config(), workers());
        gateway.rule(1, Wire.TCP, 8080, Net.VM2, 80);
        assertThat(Restart.of(old, gateway, 0)).isEqualTo(Map.of(KeptResult.RESTORED, 1L));
        in(1, Net.tcp(Net.SERVER, Net.NAT[1], 80, 8080, ACK));
    }

    /** No gateway writes such a file, but one that has been at fault must not make two of one. */
    @Test
    void whoHasThePlaceOfAnotherIsNamed() {
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        TestGateway first = gateway;
        gateway = new TestGateway(config(), workers());
        vm(1, FIRST_CA);
        out(1, Net.udp(FIRST_CA, Net.SERVER, 4000, 53));
        TestGateway second = gateway;
        gateway = new TestGateway(config(), workers());
        gateway.nat(1, 1, 5_000, 5_000);
        out(1, Net.udp(Net.VM1, Net.FAR, 4000, 53));
        TestGateway third = gateway;
        Path file = Restart.file();
        Restart.save(List.of(first, second, third, first), file);
        List.of(first, second, third).forEach(TestGateway::close);
        gateway = new TestGateway(config(), workers());
        String server = Wire.dotted(Net.SERVER) + ":53 by " + Wire.dotted(Net.NAT[1]);
        String vm1 = Wire.dotted(Net.VM1) + ":4000";
        assertThat(Restart.conflicts(file, gateway))
                .containsExactly(
                        "1: UDP 192.168.1.64:4000 to " + server + ":4000: the external port is that of " + vm1,
                        "1: UDP " + vm1 + " to " + Wire.dotted(Net.FAR) + ":53 by " + Wire.dotted(Net.NAT[1])
                                + ":5000: the endpoint inside has external port 4000",
                        "1: UDP " + vm1 + " to " + server + ":4000: its endpoints are those of the session of " + vm1
                                + " by " + Wire.dotted(Net.NAT[1]) + ":4000");
        in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        everythingComesBack(300_000);
    }

    @Test
    void aHostThatTheConnectionNoLongerServesIsPolicysToo() {
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        TestGateway old = gateway;
        gateway = new TestGateway(config(), workers());
        gateway.choose(1, new Prefixes.Row(Net.VM2, 32));
        assertThat(Restart.of(old, gateway, 0)).isEqualTo(Map.of(KeptResult.POLICY, 1L));
    }

    /** A tenant's index is another one's after the restart: names count. */
    @Test
    void tenantsKeepTheirSessionsUnderAnotherIndex() {
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        TestGateway old = gateway;
        gateway = new TestGateway(config(), workers());
        gateway.removeNat(1, 1);
        gateway.removeNat(2, 2);
        gateway.pool(2, new NatTable.Connection(Net.NAT[1], 2, 9, 1024, 65535, 77, NatSettingsRow.DEFAULT));
        assertThat(Restart.of(old, gateway, 0, 0, 2, 1, 3)).isEqualTo(Map.of(KeptResult.RESTORED, 1L));
        in(2, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
    }

    @Test
    void tablesThatAreSmallerTakeWhatFits() {
        for (int i = 0; i < 200; i++) {
            out(1, Net.udp(Net.VM1, Net.SERVER, 4000 + i, 53));
        }
        TestGateway old = gateway;
        gateway = new TestGateway(TestGateway.CONFIG, workers());
        Map<KeptResult, Long> results = Restart.of(old, gateway, 0);
        assertThat(results).isEqualTo(Map.of(KeptResult.RESTORED, 64L, KeptResult.NO_ROOM, 136L));
        assertThat(gateway.worker.nat().used()).as("mappings without sessions").isEqualTo(64);
        everythingComesBack(300_000);
    }

    @Test
    @Requirement("RFC 6146 3.1")
    void hostsOfNat64Too() {
        nat64(gateway);
        byte[] server = Wire6.address("2001:db8:64::" + Wire.dotted(Net.SERVER));
        byte[] before = gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, server, 4000, 53)))
                .outside();
        TestGateway old = gateway;
        gateway = nat64(new TestGateway(config(), 2));
        assertThat(Restart.of(old, gateway, 0)).isEqualTo(Map.of(KeptResult.RESTORED, 1L));
        byte[] answer = Net.udp(Net.SERVER, Net.NAT[1], 53, port(before));
        byte[] ip = Net6.inHostA(gateway.intoExt(Net.fromOutside(answer)).onlyPa(), Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire6.destination(ip)).isEqualTo(Net6.VM1);
        everythingComesBack(300_000);
    }

    private static TestGateway nat64(TestGateway gateway) {
        Net6.on(gateway);
        gateway.tables.nat64.put(1, Ipv6Address.parse("2001:db8:64::"), 96);
        gateway.tables.nat64.putDefault(1, Ipv6Address.parse("2001:db8:64::"), 96);
        gateway.tables.epochs.bump(1);
        return gateway;
    }

    /** Exporters were told of what goes on; of what ends they are told now, with the time it was made. */
    @Test
    void exportersAreToldOfTheEndAlone() {
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        gateway.turnAfter(10_000);
        TestGateway old = gateway;
        gateway = new TestGateway(config(), 1);
        List<Long> memory = new java.util.ArrayList<>();
        SessionEvents told = gateway.worker.tellSessions(
                (bytes, align) -> {
                    long address = net.nvgate.gateway.dpdk.TableMemory.allocate(bytes, align);
                    memory.add(address);
                    return address;
                },
                true);
        Restart.of(old, gateway, 20_000);
        assertThat(told.next()).as("nothing is made").isZero();
        assertThat(told.madeAtMs(0)).isBetween(gateway.nowMs() - 30_016, gateway.nowMs() - 29_984);
        gateway.turnsAfter(301_000);
        assertThat(told.next()).isNotZero();
        memory.forEach(net.nvgate.gateway.dpdk.TableMemory::free);
    }
}
