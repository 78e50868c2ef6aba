package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.neighbor.Announcements;
import net.nvgate.gateway.neighbor.NeighborAgent;
import net.nvgate.gateway.neighbor.NeighborTimers;
import net.nvgate.gateway.neighbor.TableLinkAddresses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Multicast listener reports (RFC 3810 section 5.2) of our solicited-node groups, through the real worker and the real agent. */
@ExtendWith(EalExtension.class)
class GroupReportsTest {

    private static final byte[] LINK_LOCAL = Wire6.address("fe80::ff:fe00:aa02");
    private static final byte[] REPORTS = Wire6.address("ff02::16");
    private static final byte[] ALL_NODES = Wire6.address("ff02::1");
    private static final long QUERIER_MAC = 0x02000000dd07L;
    private static final byte[] QUERIER = Wire6.address("fe80::dd07");

    private final TestGateway gateway = Links6.on(Net6.on(new TestGateway()));
    private final NeighborAgent agent = new NeighborAgent(
            gateway.neighbors,
            List.of(gateway.channel),
            new TableLinkAddresses(gateway.tables, Net.PA_PORT, Net.EXT_PORT),
            NeighborTimers.DEFAULT,
            new Random(1),
            gateway.tables.epochs::bumpExternal);
    private final Announcements.Own external = new Announcements.Own(Net.EXT_PORT, Net6.model(Net6.EXTERNAL), 0);
    private final Announcements.Own front = new Announcements.Own(Links6.frontPort(1), Net6.model(Links6.FRONT), 101);

    @AfterEach
    void close() {
        gateway.close();
    }

    private List<byte[]> work() {
        agent.doWork(1);
        return gateway.turnAfter(1).ext();
    }

    /** Hop-by-hop header with router alert before a message of MLD. */
    private static byte[] mld(byte[] source, byte[] destination, int hopLimit, int type, int word, byte[] body) {
        byte[] icmp = Wire6.icmp(source, destination, type, 0, word, body);
        ByteBuffer all = ByteBuffer.allocate(8 + icmp.length);
        all.put((byte) 58)
                .put((byte) 0)
                .putInt(0x05020000)
                .putShort((short) 0x0100)
                .put(icmp);
        return Wire6.ipv6(source, destination, 0, hopLimit, 0, 0, all.array());
    }

    private static byte[] report(int record, byte[] own) {
        byte[] body =
                ByteBuffer.allocate(20).putInt(record << 24).put(Nd.group(own)).array();
        return mld(LINK_LOCAL, REPORTS, 1, 143, 1, body);
    }

    private static byte[] query(byte[] source, int hopLimit) {
        return mld(source, ALL_NODES, hopLimit, 130, 1000 << 16, new byte[20]);
    }

    @Test
    void aNewAddressOfOursIsListenedTo() {
        agent.groups().replace(List.of(external, front));
        assertThat(work())
                .containsExactly(
                        Wire.ethernet(0x333300000016L, Net.EXT_MAC, Wire6.TYPE, report(4, Net6.EXTERNAL)),
                        Wire.tagged(0x333300000016L, Net.EXT_MAC, 101, Wire6.TYPE, report(4, Links6.FRONT)));
        agent.groups().replace(List.of(front, external));
        assertThat(work()).as("known already").isEmpty();
    }

    @Test
    void aQueryIsAnsweredOnItsLinkAlone() {
        agent.groups().replace(List.of(external, front));
        work();
        byte[] ask = query(QUERIER, 1);
        gateway.intoExt(Wire.tagged(0x333300000001L, QUERIER_MAC, 101, Wire6.TYPE, ask));
        assertThat(gateway.drops()).isEmpty();
        assertThat(gateway.count(WorkerCounter.ND_HANDLED)).isOne();
        assertThat(work())
                .containsExactly(Wire.tagged(0x333300000016L, Net.EXT_MAC, 101, Wire6.TYPE, report(2, Links6.FRONT)));
        gateway.intoExt(Wire.ethernet(0x333300000001L, QUERIER_MAC, Wire6.TYPE, ask));
        assertThat(work())
                .containsExactly(Wire.ethernet(0x333300000016L, Net.EXT_MAC, Wire6.TYPE, report(2, Net6.EXTERNAL)));
        gateway.intoPa(Wire.ethernet(0x333300000001L, QUERIER_MAC, Wire6.TYPE, ask));
        assertThat(work()).isEmpty();
        assertThat(gateway.count(WorkerCounter.ND_HANDLED)).isEqualTo(3);
        assertThat(gateway.drops()).isEmpty();
    }

    /** RFC 3810 section 6.2: hop limit 1, from a link-local address, a right checksum. */
    @Test
    void whatIsNoValidQueryIsNotAnswered() {
        agent.groups().replace(List.of(external));
        work();
        byte[] wrongSum = query(QUERIER, 1);
        wrongSum[50] ^= 1;
        byte[] late = Wire.slice(query(QUERIER, 1), 0, 60);
        for (byte[] ip : List.of(query(QUERIER, 64), query(Net6.SERVER, 1), wrongSum, late)) {
            gateway.intoExt(Wire.ethernet(0x333300000001L, QUERIER_MAC, Wire6.TYPE, ip));
        }
        assertThat(work()).isEmpty();
        assertThat(gateway.drops())
                .isEqualTo(Map.of(DropReason.IPV6_MULTICAST, 3L, DropReason.IPV6_PAYLOAD_LENGTH, 1L));
    }

    /** A gateway with very many addresses does not flood its link, and forgets none. */
    @Test
    void manyReportsAreSpreadOverCycles() {
        List<Announcements.Own> many = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            many.add(new Announcements.Own(
                    Net.EXT_PORT, Net6.model(Wire6.address("2001:db8:ee::" + Integer.toHexString(0x100 + i))), 0));
        }
        agent.groups().replace(many);
        assertThat(work()).hasSize(8);
        assertThat(work()).hasSize(8);
        assertThat(work()).hasSize(4);
        assertThat(work()).isEmpty();
    }
}
