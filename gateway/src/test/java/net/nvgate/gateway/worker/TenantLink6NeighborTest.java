package net.nvgate.gateway.worker;

import static net.nvgate.gateway.worker.Links6.FRONT;
import static net.nvgate.gateway.worker.Links6.FRONT_HOST;
import static net.nvgate.gateway.worker.Links6.atFront;
import static net.nvgate.gateway.worker.Links6.fromFront;
import static net.nvgate.gateway.worker.Links6.routed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.neighbor.Announcements;
import net.nvgate.gateway.neighbor.NeighborAgent;
import net.nvgate.gateway.neighbor.NeighborTimers;
import net.nvgate.gateway.neighbor.TableLinkAddresses;
import net.nvgate.gateway.route.TenantLinkAddresses6;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Neighbour discovery on tenants' VLANs, through the real worker and the real agent. */
@ExtendWith(EalExtension.class)
class TenantLink6NeighborTest {

    private static final byte[] UNSPECIFIED = new byte[16];
    private static final byte[] NEW = Wire6.address("2001:db8:f::9");
    private static final byte[] SILENT = Wire6.address("2001:db8:f::77");
    private static final long MAC = 0x020000000077L;
    private static final int R = 1 << 31;
    private static final int S = 1 << 30;
    private static final int O = 1 << 29;

    private final TestGateway gateway = Links6.on(Net6.on(new TestGateway()));
    private final NeighborAgent agent = new NeighborAgent(
            gateway.neighbors,
            List.of(gateway.channel),
            new TableLinkAddresses(gateway.tables, Net.PA_PORT, Net.EXT_PORT),
            NeighborTimers.DEFAULT,
            new Random(1),
            gateway.tables.epochs::bumpExternal);
    private long now;

    @AfterEach
    void close() {
        gateway.close();
    }

    private TestGateway.Sent after(long ms) {
        now += ms * 1_000_000;
        agent.doWork(now);
        return gateway.turnAfter(ms);
    }

    private static byte[] toGroup(byte[] target, int vlan, byte[] ip) {
        return Wire.tagged(Nd.groupMac(target), MAC, vlan, Wire6.TYPE, ip);
    }

    @Test
    @Requirement({"RFC 4861 7.2.3", "RFC 4861 7.2.4"})
    void solicitationsAreAnsweredForOurAddressesOnTheTenantsVlanAlone() {
        byte[] ip = Nd.solicitation(FRONT_HOST, MAC, FRONT);
        byte[] answer = Nd.advertisement(FRONT, FRONT_HOST, R | S | O, FRONT, Net.EXT_MAC);
        assertThat(gateway.intoExt(toGroup(FRONT, 101, ip)).onlyExt())
                .isEqualTo(Wire.tagged(MAC, Net.EXT_MAC, 101, Wire6.TYPE, answer));
        byte[] inBack = Nd.solicitation(Links6.BACK_VM, MAC, Links6.BACK);
        answer = Nd.advertisement(Links6.BACK, Links6.BACK_VM, R | S | O, Links6.BACK, Net.PA_MAC);
        assertThat(gateway.intoPa(toGroup(Links6.BACK, 202, inBack)).onlyPa())
                .isEqualTo(Wire.tagged(MAC, Net.PA_MAC, 202, Wire6.TYPE, answer));
        assertThat(gateway.count(WorkerCounter.ND_HANDLED)).isEqualTo(2);
        for (byte[] elsewhere : List.of(
                Wire.ethernet(Nd.groupMac(FRONT), MAC, Wire6.TYPE, ip),
                toGroup(FRONT, 103, ip),
                toGroup(Net6.EXTERNAL, 101, Nd.solicitation(FRONT_HOST, MAC, Net6.EXTERNAL)),
                toGroup(Links6.BACK, 101, Nd.solicitation(FRONT_HOST, MAC, Links6.BACK)))) {
            assertThat(gateway.intoExt(elsewhere).isEmpty()).isTrue();
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ND_NOT_FOR_US, 4L));
    }

    @Test
    @Requirement({"RFC 4861 7.2.2", "nat-behaviour 81"})
    void anUnknownNeighbourIsAskedForOnItsVlanAndThePacketFollows() {
        byte[] ip = Wire6.udpPacket(Net6.VM1, SILENT, 1, 2);
        assertThat(gateway.intoPa(Net6.fromVm1(2, ip)).isEmpty()).isTrue();
        byte[] question = Nd.solicitation(FRONT, Net.EXT_MAC, SILENT);
        assertThat(after(1).onlyExt())
                .isEqualTo(Wire.tagged(Nd.groupMac(SILENT), Net.EXT_MAC, 102, Wire6.TYPE, question));
        byte[] answer = Nd.advertisement(SILENT, FRONT, S | O, SILENT, MAC);
        gateway.intoExt(Wire.tagged(Net.EXT_MAC, MAC, 102, Wire6.TYPE, answer));
        byte[] frame = after(1).onlyExt();
        assertThat(Wire.mac(frame, 0)).isEqualTo(MAC);
        assertThat(Wire.slice(frame, 18)).isEqualTo(routed(ip));
        // The other tenant's host of this address is another one.
        assertThat(gateway.intoPa(Net6.fromVm1(1, ip)).isEmpty()).isTrue();
        gateway.turnAfter(2000);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NEIGHBOR_UNRESOLVED, 1L));
    }

    private Announcements.Own tentative(int tenant) {
        int link = Links6.frontLink(tenant);
        gateway.tables.tenantLinkAddresses6.put(new TenantLinkAddresses6.Row(link, Net6.model(NEW), 64, true));
        return new Announcements.Own(Links6.frontPort(tenant), Net6.model(NEW), Links6.frontVlan(tenant));
    }

    /** Both tenants have given us the same address; one of them has it in use already. */
    @Test
    @Requirement({"RFC 4862 5.4", "RFC 4862 5.4.3"})
    void anAddressIsProbedForOnEachVlanAndADuplicateOfOneIsNoneOfTheOther() {
        Announcements.Own first = tentative(1);
        Announcements.Own second = tentative(2);
        agent.duplicates().replace(List.of(first, second));
        byte[] probe = Nd.solicitation(UNSPECIFIED, 0, NEW);
        assertThat(after(1).ext())
                .containsExactlyInAnyOrder(
                        Wire.tagged(Nd.groupMac(NEW), Net.EXT_MAC, 101, Wire6.TYPE, probe),
                        Wire.tagged(Nd.groupMac(NEW), Net.EXT_MAC, 102, Wire6.TYPE, probe));
        assertThat(gateway.intoExt(toGroup(NEW, 101, Nd.solicitation(FRONT_HOST, MAC, NEW)))
                        .isEmpty())
                .as("not answered meanwhile")
                .isTrue();
        byte[] claim = Nd.advertisement(NEW, Wire6.address("ff02::1"), O, NEW, MAC);
        gateway.intoExt(Wire.tagged(0x333300000001L, MAC, 101, Wire6.TYPE, claim));
        after(1001);
        assertThat(agent.duplicates().takeUnique()).containsExactly(second);
        assertThat(agent.counters().duplicates.sum()).isEqualTo(1);
    }

    @Test
    @Requirement("RFC 4861 7.2.6")
    void anAddressIsAnnouncedOnItsVlan() {
        Announcements announcements = new Announcements(gateway.channel, agent.counters());
        announcements.replace(List.of(new Announcements.Own(Links6.frontPort(1), Net6.model(FRONT), 101)));
        announcements.doWork();
        byte[] told = Nd.advertisement(FRONT, Wire6.address("ff02::1"), R | O, FRONT, Net.EXT_MAC);
        assertThat(gateway.turnAfter(1).onlyExt())
                .isEqualTo(Wire.tagged(0x333300000001L, Net.EXT_MAC, 101, Wire6.TYPE, told));
    }

    /** A host that asks for us is known without a question of ours. */
    @Test
    @Requirement("RFC 4861 7.2.3")
    void aSolicitationTellsItsSender() {
        gateway.intoExt(toGroup(FRONT, 101, Nd.solicitation(SILENT, MAC, FRONT)));
        after(1);
        byte[] ip = Wire6.udpPacket(Net6.VM1, SILENT, 1, 2);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, ip)).onlyExt();
        assertThat(Wire.mac(frame, 0)).isEqualTo(MAC);
        assertThat(gateway.intoPa(Net6.fromVm1(2, ip)).isEmpty()).isTrue();
        assertThat(atFront(
                        gateway.intoExt(fromFront(1, Wire6.ping(FRONT_HOST, FRONT, 1)))
                                .onlyExt(),
                        1,
                        FRONT_HOST))
                .isEqualTo(Wire6.pong(FRONT, FRONT_HOST, 1));
    }
}
