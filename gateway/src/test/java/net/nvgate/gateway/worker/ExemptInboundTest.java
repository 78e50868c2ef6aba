package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.route.NatExemptions;
import net.nvgate.gateway.route.Prefixes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections from outside to hosts that are exempt from NAT, by the external side that all tenants share. */
class ExemptInboundTest extends NatTestBase {

    private static final Prefixes.Row VMS = new Prefixes.Row(Net.VM_SUBNET, 24);
    private static final Prefixes.Row OFFICE = new Prefixes.Row(Wire.address("198.51.100.0"), 24);

    @BeforeEach
    void exempt() {
        exempt(1, new NatExemptions.Row(VMS, OFFICE));
    }

    private void exempt(int tenant, NatExemptions.Row... rows) {
        gateway.tables.nat.exemptions.set(tenant, List.of(rows));
        gateway.tables.epochs.bump(tenant);
    }

    @Override
    WorkerConfig config() {
        return TestGateway.withoutMidstream();
    }

    @Test
    @Requirement({"nat-behaviour 40", "RFC 6888 REQ-6"})
    void aConnectionFromTheOfficeReachesTheHostAndItsAnswersGoBack() {
        byte[] syn = in(1, Net.tcp(Net.FAR, Net.VM1, 50_000, 443, SYN));
        assertThat(Wire.i32(syn, 12)).isEqualTo(Net.FAR);
        assertThat(Wire.i32(syn, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(syn, 22)).isEqualTo(443);
        assertThat(Wire.u8(syn, 8)).as("routed").isEqualTo(63);
        byte[] answer = out(1, Net.tcp(Net.VM1, Net.FAR, 443, 50_000, SYN | ACK));
        assertThat(Wire.i32(answer, 12)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(answer, 20)).isEqualTo(443);
        assertThat(gateway.worker.sessions().list(SessionFilter.ALL, 9, 5_000))
                .singleElement()
                .satisfies(row -> assertThat(row.state()).isEqualTo("established"));
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    void pingsAndOtherProtocolsToo() {
        assertThat(Wire.u8(in(1, Net.ping(Net.FAR, Net.VM1, 77)), 20)).isEqualTo(8);
        assertThat(Wire.u16(out(1, Net.pong(Net.VM1, Net.FAR, 77)), 24)).isEqualTo(77);
        byte[] gre = Wire.ipv4(Net.FAR, Net.VM1, Wire.GRE, new byte[12]);
        assertThat(Wire.i32(in(1, gre), 16)).isEqualTo(Net.VM1);
    }

    /** A router on the way speaks of a packet of the host's: the error comes through as it is. */
    @Test
    @Requirement("RFC 5508 REQ-4")
    void errorsAboutExemptPacketsReachTheHost() {
        byte[] sent = out(1, Net.udp(Net.VM1, Net.FAR, 4000, 53));
        byte[] error = Wire.ipv4(Net.ROUTER, Net.VM1, Wire.ICMP, Wire.icmp(11, 0, 0, Arrays.copyOf(sent, 28)));
        byte[] there = in(1, error);
        assertThat(Wire.i32(there, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.u8(there, 20)).isEqualTo(11);
        assertThat(Wire.i32(there, 28 + 12)).isEqualTo(Net.VM1);
    }

    @Test
    void fragmentsInAnyOrder() {
        byte[] udp = Wire.udp(
                Net.FAR, Net.VM1, 53, 4000, "every byte of it has its place..".getBytes(StandardCharsets.US_ASCII));
        byte[] first = Wire.ipv4(Net.FAR, Net.VM1, Wire.UDP, 64, 9, 0x2000, 0, Arrays.copyOf(udp, 24));
        byte[] second = Wire.ipv4(Net.FAR, Net.VM1, Wire.UDP, 64, 9, 3, 0, Wire.slice(udp, 24));
        assertThat(gateway.intoExt(Net.fromOutside(second)).isEmpty()).isTrue();
        List<byte[]> there = gateway.intoExt(Net.fromOutside(first)).pa().stream()
                .map(f -> TestGateway.ip(TestGateway.inner(f, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1])))
                .toList();
        assertThat(there).hasSize(2);
        byte[] whole = Pieces.join(there);
        assertThat(Wire.i32(whole, 12)).isEqualTo(Net.FAR);
        assertThat(Wire.i32(whole, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.slice(whole, 20)).as("ports, checksum and data").isEqualTo(udp);
        assertThat(gateway.count(WorkerCounter.FRAGMENTS_HELD)).isOne();
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    void otherRemoteHostsAndOtherAddressesAreNotOurs() {
        assertThat(arrives(Net.tcp(Net.SERVER, Net.VM1, 50_000, 443, SYN))).isFalse();
        assertThat(arrives(Net.tcp(Net.FAR, Wire.address("192.168.2.3"), 50_000, 443, SYN)))
                .isFalse();
        dropped(DropReason.NOT_OUR_ADDRESS, 2);
    }

    /** Two tenants have the same addresses: who is asked for tells whose it is. */
    @Test
    void tenantsAreToldByTheRemoteSide() {
        exempt(1, new NatExemptions.Row(VMS, new Prefixes.Row(Net.FAR, 32)));
        exempt(2, new NatExemptions.Row(VMS, new Prefixes.Row(Net.FAR + 1, 32)));
        in(1, Net.udp(Net.FAR, Net.VM1, 53, 4000));
        in(2, Net.udp(Net.FAR + 1, Net.VM1, 53, 4000));
    }

    @Test
    void aSessionEndsWithItsExemption() {
        in(1, Net.udp(Net.FAR, Net.VM1, 53, 4000));
        exempt(1);
        assertThat(arrives(Net.udp(Net.FAR, Net.VM1, 53, 4000))).isFalse();
        dropped(DropReason.NOT_OUR_ADDRESS, 1);
        assertThat(gateway.worker.sessions().count()).isZero();
    }

    /** The longest source prefix decides, and rows come and go without a trace. */
    @Test
    void claimsAreFoundByTheLongestPrefix() {
        NatExemptions table = gateway.tables.nat.exemptions;
        exempt(2, new NatExemptions.Row(new Prefixes.Row(Net.VM1, 32), OFFICE));
        assertThat(table.tenantOf(Net.VM1, Net.FAR)).isEqualTo(2);
        assertThat(table.tenantOf(Net.VM2, Net.FAR)).isEqualTo(1);
        exempt(1, new NatExemptions.Row(Prefixes.Row.ANY, OFFICE), new NatExemptions.Row(VMS, OFFICE));
        assertThat(table.tenantOf(Wire.address("9.9.9.9"), Net.FAR)).isEqualTo(1);
        exempt(1);
        exempt(2);
        assertThat(table.contain(Net.VM1)).isFalse();
        assertThat(Map.of("VM 2", table.tenantOf(Net.VM2, Net.FAR))).containsValue(0);
    }
}
