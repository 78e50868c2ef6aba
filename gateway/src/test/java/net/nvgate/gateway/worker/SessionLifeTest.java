package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.route.NatQuotas;
import org.junit.jupiter.api.Test;

/** Timers in virtual time, and changes of policy under a living session. */
class SessionLifeTest extends GatewayFixture {

    private static final int SYN = 2;
    private static final int ACK = 16;
    private static final int FIN = 1;
    private static final int RST = 4;

    private byte[] out(byte[] ip) {
        return TestGateway.ip(gateway.intoPa(Net.fromVm1(1, ip)).onlyExt());
    }

    private void in(byte[] ip) {
        gateway.intoExt(Net.fromOutside(ip)).onlyPa();
    }

    private void livesFor(int seconds) {
        // In steps, so that the wheel turns as it does in life; it may be late by one tick.
        for (int i = 0; i < seconds - 1; i += 1) {
            gateway.turnAfter(1000);
            assertThat(gateway.worker.sessions().count())
                    .as("after " + (i + 1) + " s")
                    .isEqualTo(1);
        }
        gateway.turnAfter(2000);
        assertThat(gateway.worker.sessions().count()).isZero();
        assertThat(gateway.count(WorkerCounter.SESSIONS_ENDED)).isEqualTo(1);
    }

    /** RFC 4787 REQ-5. */
    @Test
    @Requirement({"RFC 4787 REQ-5", "RFC 4787 REQ-5c"})
    void udpLivesFiveMinutes() {
        out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        livesFor(300);
    }

    /** RFC 5508 REQ-2. */
    @Test
    @Requirement({"RFC 5508 REQ-2", "RFC 7857 11"})
    void pingLivesAMinute() {
        out(Net.ping(Net.VM1, Net.SERVER, 4000));
        livesFor(60);
    }

    /** RFC 5382 REQ-5. */
    @Test
    @Requirement("RFC 5382 REQ-5")
    void openingLivesFourMinutes() {
        out(Net.tcp(Net.VM1, Net.SERVER, 4000, 80, SYN));
        livesFor(240);
    }

    /** RFC 5382 REQ-5. */
    @Test
    @Requirement("RFC 5382 REQ-5")
    void establishedLivesTwoHoursFour() {
        out(Net.tcp(Net.VM1, Net.SERVER, 4000, 80, SYN));
        in(Net.tcp(Net.SERVER, Net.NAT[1], 80, 4000, SYN | ACK));
        out(Net.tcp(Net.VM1, Net.SERVER, 4000, 80, ACK));
        livesFor(7440);
    }

    @Test
    void closingAndResetLiveFourMinutes() {
        out(Net.tcp(Net.VM1, Net.SERVER, 4000, 80, SYN));
        in(Net.tcp(Net.SERVER, Net.NAT[1], 80, 4000, SYN | ACK));
        out(Net.tcp(Net.VM1, Net.SERVER, 4000, 80, FIN | ACK));
        in(Net.tcp(Net.SERVER, Net.NAT[1], 80, 4000, FIN | ACK));
        livesFor(240);
        out(Net.tcp(Net.VM1, Net.SERVER, 4000, 80, SYN));
        in(Net.tcp(Net.SERVER, Net.NAT[1], 80, 4000, SYN | ACK));
        in(Net.tcp(Net.SERVER, Net.NAT[1], 80, 4000, RST));
        for (int i = 0; i < 242; i++) {
            gateway.turnAfter(1000);
        }
        assertThat(gateway.worker.sessions().count()).isZero();
    }

    @Test
    @Requirement("RFC 4787 REQ-6")
    void packetsKeepASessionAliveAndItsPortIsFreeAfterwards() {
        for (int i = 0; i < 5; i++) {
            out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
            gateway.turnAfter(250_000);
        }
        assertThat(gateway.worker.sessions().count()).isEqualTo(1);
        gateway.turnAfter(310_000);
        assertThat(gateway.worker.sessions().count()).isZero();
        gateway.nat(1, 1, 4000, 4000);
        gateway.turnAfter(240_000);
        out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    void fullTableRefusesNewAndKeepsOldSessions() {
        gateway.tables.nat.quotas.set(1, new NatQuotas.Row(0, 1_000, 0, 0, 0, 0));
        for (int i = 0; i < 64; i++) {
            out(Net.udp(Net.VM1, Net.SERVER, 4000 + i, 53));
        }
        assertThat(gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 5000, 53)))
                        .ext())
                .isEmpty();
        assertThat(gateway.drops().values()).containsExactly(1L);
        out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        in(Net.udp(Net.SERVER, Net.NAT[1], 53, 4063));
    }

    /** A VM moves: its session goes on from the new host, and the old one is no longer believed. */
    @Test
    @Requirement({"nat-behaviour 97", "RFC 2827 3"})
    void sessionFollowsAMovedVm() {
        out(Net.tcp(Net.VM1, Net.SERVER, 4000, 80, SYN));
        in(Net.tcp(Net.SERVER, Net.NAT[1], 80, 4000, SYN | ACK));
        gateway.record(1, Net.VM1, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_B, 0);
        byte[] moved = gateway.intoExt(Net.fromOutside(Net.tcp(Net.SERVER, Net.NAT[1], 80, 4000, ACK)))
                .onlyPa();
        TestGateway.inner(moved, Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1]);
        byte[] ip = Net.tcp(Net.VM1, Net.SERVER, 4000, 80, ACK);
        byte[] sent =
                TestGateway.ip(gateway.intoPa(Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, ip))
                        .onlyExt());
        assertThat(Wire.u16(sent, 20)).isEqualTo(4000);
        assertThat(gateway.intoPa(Net.fromVm1(1, ip)).isEmpty()).isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.SPOOFED_SOURCE, 1L));
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isEqualTo(1);
    }

    @Test
    @Requirement("nat-behaviour 35")
    void sessionEndsWithItsNatConnection() {
        out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        gateway.removeNat(1, 1);
        assertThat(gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NO_NAT, 1L));
        assertThat(gateway.worker.sessions().count()).isZero();
        gateway.nat(1, 1, 1024, 65535);
        out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
    }

    /** The new tenant has the old one's RDID index, external address and customer addresses: it still inherits nothing. */
    @Test
    @Requirement("nat-behaviour 22")
    void nobodyInheritsTheSessionsOfATenantThatIsGone() {
        out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        out(Net.udp(Net.VM1, Net.SERVER, 4001, 53));
        out(Net.udp(Net.VM1, Net.FAR, 4000, 53));
        gateway.removeNat(1, 1);
        gateway.nat(1, 1, 1024, 65535);
        assertThat(gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4001)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.UNSOLICITED, 1L));
        assertThat(gateway.worker.sessions().count()).isEqualTo(2);
        // The old ports rest.
        int first = Wire.u16(out(Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20);
        in(Net.udp(Net.SERVER, Net.NAT[1], 53, first));
        int second = Wire.u16(out(Net.udp(Net.VM1, Net.SERVER, 4001, 53)), 20);
        assertThat(gateway.intoExt(Net.fromOutside(Net.udp(Net.FAR, Net.NAT[1], 53, 4000)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.UNSOLICITED, 2L));
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isEqualTo(5);
        // The old sessions' ends took no port from under the new ones.
        in(Net.udp(Net.SERVER, Net.NAT[1], 53, first));
        in(Net.udp(Net.SERVER, Net.NAT[1], 53, second));
        gateway.turnAfter(310_000);
        assertThat(gateway.worker.sessions().count()).isZero();
    }

    @Test
    @Requirement("nat-behaviour 96")
    void packetsWaitForTheNeighbourAndThenGo() {
        byte[] ip = Net.udp(Net.VM1, Net.SILENT, 4000, 53);
        byte[] frame = Net.fromVm1(1, ip);
        assertThat(gateway.intoPa(frame, frame, frame, frame, frame, frame).isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NEIGHBOR_QUEUE_FULL, 2L));
        FixedNeighbors.add(gateway.neighbors, Net.EXT_PORT, Net.SILENT, 0x020000000077L);
        TestGateway.Sent sent = gateway.turnAfter(10);
        assertThat(sent.ext()).hasSize(4).allSatisfy(f -> {
            assertThat(Wire.mac(f, 0)).isEqualTo(0x020000000077L);
            Wire.requireRight(TestGateway.ip(f));
        });
        out(ip);
    }

    @Test
    @Requirement("nat-behaviour 97")
    void changedMacOfANeighbourIsUsed() {
        out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        FixedNeighbors.add(gateway.neighbors, Net.EXT_PORT, Net.SERVER, 0x020000000078L);
        gateway.tables.epochs.bumpExternal();
        byte[] frame = gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)))
                .onlyExt();
        assertThat(Wire.mac(frame, 0)).isEqualTo(0x020000000078L);
    }

    @Test
    void changedMacIsNoticedWithinASecondEvenWithoutAnEpoch() {
        out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        FixedNeighbors.add(gateway.neighbors, Net.EXT_PORT, Net.SERVER, 0x020000000078L);
        gateway.turnAfter(1000);
        out(Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        byte[] frame = gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)))
                .onlyExt();
        assertThat(Wire.mac(frame, 0)).isEqualTo(0x020000000078L);
    }
}
