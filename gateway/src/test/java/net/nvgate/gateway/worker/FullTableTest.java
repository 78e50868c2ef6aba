package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.route.NatQuotas;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a full table of sessions does: expired ones make room, the longest unused first; living ones never. */
@ExtendWith(EalExtension.class)
class FullTableTest {

    private static final int UDP_MS = 300_000;
    private static final int SESSIONS = 64;

    private TestGateway gateway;

    @BeforeEach
    void open() {
        gateway = new TestGateway();
        gateway.tables.nat.quotas.set(1, new NatQuotas.Row(0, 1_000, 0, 0, 0, 0));
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private boolean goesOut(byte[] ip) {
        return !gateway.intoPa(Net.fromVm1(1, ip)).ext().isEmpty();
    }

    private static byte[] udp(int port) {
        return Net.udp(Net.VM1, Net.SERVER, port, 53);
    }

    private boolean isAlive(int port) {
        return !gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, port)))
                .isEmpty();
    }

    private void fill(int from, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(goesOut(udp(from + i))).isTrue();
        }
    }

    @Test
    @Requirement({"nat-behaviour 19", "RFC 6888 REQ-11"})
    void livingSessionsStayAndTheNewOneIsRefusedAndTold() {
        for (int i = 0; i < SESSIONS; i++) {
            assertThat(goesOut(Net.udp(Net.VM1, Net.SERVER, 4000, 100 + i))).isTrue();
        }
        gateway.pass(UDP_MS - 1_000);
        assertThat(goesOut(udp(5000))).isFalse();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.FLOW_TABLE_FULL, 1L));
        assertThat(gateway.worker.events().count(EventKind.FLOW_TABLE_FULL)).isEqualTo(1);
        for (int i = 0; i < SESSIONS; i++) {
            assertThat(gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 100 + i, 4000)))
                            .isEmpty())
                    .isFalse();
        }
    }

    @Test
    @Requirement({"nat-behaviour 19", "RFC 6888 REQ-11"})
    void expiredSessionsMakeRoomAlsoForOtherProtocols() {
        fill(4000, SESSIONS);
        gateway.pass(UDP_MS + 2_000);
        assertThat(goesOut(Net.tcp(Net.VM1, Net.SERVER, 5000, 80, TcpPeers.SYN)))
                .isTrue();
        assertThat(goesOut(Net.ping(Net.VM1, Net.SERVER, 5001))).isTrue();
        assertThat(gateway.drops()).isEmpty();
    }

    /** Between two ticks of the timers. */
    @Test
    @Requirement("nat-behaviour 19")
    void theLongestUnusedExpiredSessionGoesFirst() {
        gateway.pass(100);
        fill(4000, 1);
        gateway.pass(100);
        fill(4001, 1);
        gateway.pass(300);
        fill(4002, SESSIONS - 2);
        gateway.pass(UDP_MS - 300 - 50);
        assertThat(goesOut(udp(5000))).as("the first one has expired").isTrue();
        assertThat(goesOut(udp(5001))).as("no other one has").isFalse();
        assertThat(isAlive(4000)).isFalse();
        assertThat(gateway.worker.sessions().count()).isEqualTo(SESSIONS);
        gateway.pass(200);
        assertThat(goesOut(udp(5002))).isTrue();
        assertThat(isAlive(4001)).isFalse();
        assertThat(isAlive(4002)).isTrue();
        assertThat(gateway.count(WorkerCounter.SESSIONS_ENDED)).isEqualTo(2);
    }
}
