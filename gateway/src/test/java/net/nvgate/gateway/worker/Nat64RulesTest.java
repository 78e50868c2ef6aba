package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.Prefixes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What policy says of IPv6 hosts behind NAT64: port forwards to them, and by which address they leave. */
@ExtendWith(EalExtension.class)
class Nat64RulesTest {

    private static final int SYN = 2;
    private static final int ACK = 16;
    private static final Ipv6Address PREFIX = Ipv6Address.parse("2001:db8:64::");

    private TestGateway gateway;

    @BeforeEach
    void open() {
        gateway = Net6.on(new TestGateway(TestGateway.withoutMidstream()));
        gateway.tables.nat64.put(1, PREFIX, 96);
        gateway.tables.nat64.putDefault(1, PREFIX, 96);
        gateway.rule(1, Wire.TCP, 8080, Net6.model(Net6.VM1), 80);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static byte[] seen(int ipv4) {
        return Wire6.address("2001:db8:64::" + Wire.dotted(ipv4));
    }

    private byte[] in(byte[] ip4) {
        return Net6.inHostA(gateway.intoExt(Net.fromOutside(ip4)).onlyPa(), Net.VM_VSID[1], Net.VM1_MAC);
    }

    private byte[] out(byte[] ip6) {
        return gateway.intoPa(Net6.fromVm1(1, ip6)).outside();
    }

    /** RFC 6146 §3: static bindings let IPv4 nodes begin. */
    @Test
    @Requirement({"RFC 6146 2", "RFC 6146 3.5.2"})
    void remoteHostOpensAConnectionToAnIpv6Server() {
        byte[] syn = in(Net.tcp(Net.FAR, Net.NAT[1], 50_000, 8080, SYN));
        assertThat(Wire6.source(syn)).isEqualTo(seen(Net.FAR));
        assertThat(Wire6.destination(syn)).isEqualTo(Net6.VM1);
        assertThat(Wire.u16(syn, 40)).isEqualTo(50_000);
        assertThat(Wire.u16(syn, 42)).isEqualTo(80);
        byte[] answer = out(Wire6.tcpPacket(Net6.VM1, seen(Net.FAR), 80, 50_000, SYN | ACK));
        assertThat(Wire.i32(answer, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.i32(answer, 16)).isEqualTo(Net.FAR);
        assertThat(Wire.u16(answer, 20)).isEqualTo(8080);
        assertThat(gateway.worker.sessions().list(SessionFilter.ALL, 9, 5_000))
                .singleElement()
                .satisfies(row -> assertThat(row.state()).isEqualTo("established"));
        assertThat(gateway.drops()).isEmpty();
    }

    /** And the server's own connections from that port have the rule's external port, whoever they go to. */
    @Test
    void serverKeepsItsExternalPort() {
        gateway.rule(1, Wire.UDP, 5353, Net6.model(Net6.VM1), 53);
        assertThat(Wire.u16(out(Wire6.udpPacket(Net6.VM1, seen(Net.SERVER), 53, 4000)), 20))
                .isEqualTo(5353);
        assertThat(Wire.u16(out(Wire6.udpPacket(Net6.VM1, seen(Net.SERVER), 5354, 4000)), 20))
                .isEqualTo(5354);
    }

    @Test
    void sessionEndsWhenItsRuleLeadsElsewhere() {
        in(Net.tcp(Net.FAR, Net.NAT[1], 50_000, 8080, SYN));
        gateway.rule(1, Wire.TCP, 8080, Net6.model(Net6.VM2), 80);
        byte[] frame = gateway.intoExt(Net.fromOutside(Net.tcp(Net.FAR, Net.NAT[1], 50_000, 8080, SYN)))
                .onlyPa();
        assertThat(Wire6.destination(Net6.inHostB(frame, Net.VM_VSID[1], Net.VM2_MAC)))
                .isEqualTo(Net6.VM2);
        assertThat(gateway.worker.sessions().count()).isOne();
    }

    @Test
    void ruleWithoutPrefixLetsNobodyIn() {
        gateway.tables.nat64.removeDefault(1);
        gateway.tables.epochs.bump(1);
        assertThat(gateway.intoExt(Net.fromOutside(Net.tcp(Net.FAR, Net.NAT[1], 50_000, 8080, SYN)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NO_NAT64, 1L));
    }

    /** A remote host that hammers a port without end takes one handle. */
    @Test
    void manyRemoteHostsAreOneInsideHost() {
        for (int i = 0; i < 30; i++) {
            in(Net.tcp(Net.FAR + i, Net.NAT[1], 50_000, 8080, SYN));
        }
        assertThat(gateway.worker.sessions().list(SessionFilter.ALL, 99, 5_000).stream()
                        .map(row -> row.insideAddress())
                        .distinct())
                .hasSize(1);
    }

    /** Two servers whose addresses have one key in the table keep apart. */
    @Test
    void serversWithOneKey() {
        Map<Integer, Ipv6Address> keys = new HashMap<>();
        long low = 1;
        while (!keys.containsKey(key(low))) {
            keys.put(key(low), server(low));
            low++;
        }
        Ipv6Address one = Objects.requireNonNull(keys.get(key(low)));
        Ipv6Address other = server(low);
        NatTable.Connection row = Objects.requireNonNull(gateway.tables.nat.connections.rowOf(1));
        List<NatTable.Rule> rules = List.of(rule(one, 7001, row.generation()), rule(other, 7002, row.generation()));
        gateway.tables.nat.rules.setInside(1, rules.getFirst().internalIp(), Wire.TCP, 0, 443, rules);
        assertThat(externalPort(one)).isEqualTo(7001);
        assertThat(externalPort(other)).isEqualTo(7002);
    }

    private static Ipv6Address server(long low) {
        return new Ipv6Address(0xfd00_0001_0000_0000L, low);
    }

    private static int key(long low) {
        return NatRuleEntry.key(server(low).high(), low);
    }

    private static NatTable.Rule rule(Ipv6Address server, int externalPort, int generation) {
        int key = NatRuleEntry.key(server.high(), server.low());
        return new NatTable.Rule(
                1, Wire.TCP, Net.NAT[1], externalPort, key, 443, 0, Prefixes.Row.ANY, generation, server);
    }

    private int externalPort(Ipv6Address server) {
        return NatRuleEntry.externalPort(
                gateway.tables.nat.rules.inside(1, 0, server.high(), server.low(), Wire.TCP, 443, Net.FAR), 443);
    }

    /** As IPv4 hosts: the longest source prefix wins, and who is in none has no NAT. */
    @Test
    void sourcePrefixChoosesTheExternalAddress() {
        NatTable.Connection special = new NatTable.Connection(Net.NAT[3], 1, 5, 1024, 65535, 77);
        gateway.tables.ownAddresses.put(new OwnAddresses.Row(Net.NAT[3], OwnAddresses.NAT, 32, 0));
        gateway.tables.nat.connections.put(special);
        gateway.tables.nat.connections.setAddress(Net.NAT[3], List.of(special));
        NatTable.Connection usual = Objects.requireNonNull(gateway.tables.nat.connections.rowOf(1));
        NatConnections.Choice6 vm1 = new NatConnections.Choice6(Net6.model(Net6.VM1), 128, special);
        NatConnections.Choice6 subnet = new NatConnections.Choice6(Net6.INSIDE, 64, usual);
        gateway.choose6(1, vm1, subnet);
        assertThat(Wire.i32(out(Wire6.udpPacket(Net6.VM1, seen(Net.SERVER), 4000, 53)), 12))
                .isEqualTo(Net.NAT[3]);
        assertThat(Wire.i32(fromVm2(Net6.VM2).onlyExt(), 14 + 12)).isEqualTo(Net.NAT[1]);
        assertThat(fromVm2(Net6.BEHIND_VM2).ext()).isEmpty();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NAT_SOURCE, 1L));
        gateway.choose6(1, new NatConnections.Choice6(Ipv6Address.UNSPECIFIED, 0, usual));
        assertThat(Wire.i32(out(Wire6.udpPacket(Net6.VM1, seen(Net.SERVER), 4000, 53)), 12))
                .as("policy has moved the host")
                .isEqualTo(Net.NAT[1]);
    }

    private TestGateway.Sent fromVm2(byte[] host) {
        return gateway.intoPa(Net6.fromVm2(1, Wire6.udpPacket(host, seen(Net.SERVER), 4001, 53)));
    }
}
