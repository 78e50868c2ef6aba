package net.nvgate.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Mempool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EalExtension.class)
class PacketListTest {

    private static final int FLOWS = 300;
    private static final long MAC = 0x02_00_00_00_00_77L;

    private final BenchShape shape = new BenchShape(3, 30, FLOWS, 0);

    private int outbound(PacketList list, int flow, int bytes) {
        return BenchPackets.outbound(list.frame(), shape, flow, BenchFabric.SERVER, bytes, MAC);
    }

    private static List<Long> words(long at) {
        List<Long> words = new ArrayList<>();
        for (int i = 0; i < PacketList.KEPT; i += 8) {
            words.add(Mem.i64(at + i));
        }
        return words;
    }

    /** Fills a list, and says what each packet ought to be. */
    private List<List<Long>> fill(PacketList list) {
        List<List<Long>> packets = new ArrayList<>();
        for (int flow = 0; flow < FLOWS; flow++) {
            list.put(flow, outbound(list, flow, 46));
            packets.add(words(list.frame()));
        }
        return packets;
    }

    @Test
    void eachPacketIsWrittenAsItWasPut() {
        try (Arena arena = Arena.ofConfined();
                Mempool pool = Mempool.create("list-test", 255, 0, 2_176);
                PacketList tunnel = new PacketList(PacketList.Form.TUNNEL, FLOWS);
                PacketList any = new PacketList(PacketList.Form.ANY, FLOWS)) {
            long array = arena.allocate(8L * Generator.BURST, 64).address();
            assertThat(pool.allocate(array, Generator.BURST)).isTrue();
            for (PacketList list : List.of(tunnel, any)) {
                List<List<Long>> packets = fill(list);
                assertThat(packets).doesNotHaveDuplicates();
                list.write(100, array, Generator.BURST, Mbuf.arrival(3));
                for (int i = 0; i < Generator.BURST; i++) {
                    long mbuf = Mem.i64(array + 8L * i);
                    assertThat(words(Mbuf.dataAddress(mbuf))).isEqualTo(packets.get(100 + i));
                    assertThat(Mbuf.packetLength(mbuf)).isEqualTo(102);
                    assertThat(Mbuf.portId(mbuf)).isEqualTo(3);
                    assertThat(list.get(100 + i)).isEqualTo(102);
                    assertThat(words(list.frame())).isEqualTo(packets.get(100 + i));
                }
            }
            Mempool.free(array, Generator.BURST);
        }
    }

    @Test
    void answersAreWrittenAsTheyWerePut() {
        try (Arena arena = Arena.ofConfined();
                Mempool pool = Mempool.create("list-test2", 255, 0, 2_176);
                PacketList answers = new PacketList(PacketList.Form.UNTAGGED, FLOWS)) {
            long array = arena.allocate(8L * Generator.BURST, 64).address();
            assertThat(pool.allocate(array, Generator.BURST)).isTrue();
            long sent = arena.allocate(128, 64).address();
            List<List<Long>> packets = new ArrayList<>();
            for (int flow = 0; flow < FLOWS; flow++) {
                BenchPackets.outbound(sent, shape, flow, BenchFabric.SERVER, 46, MAC);
                // As it leaves: the inner packet behind an Ethernet header.
                answers.put(flow, BenchPackets.answer(answers.frame(), sent + 42, MAC));
                packets.add(words(answers.frame()));
            }
            // Tenants may have the same addresses.
            assertThat(packets.stream().distinct().count()).isGreaterThan(FLOWS / 4);
            answers.write(200, array, Generator.BURST, Mbuf.arrival(3));
            for (int i = 0; i < Generator.BURST; i++) {
                long mbuf = Mem.i64(array + 8L * i);
                assertThat(words(Mbuf.dataAddress(mbuf)).subList(0, 8))
                        .isEqualTo(packets.get(200 + i).subList(0, 8));
                assertThat(Mbuf.packetLength(mbuf)).isEqualTo(60);
                assertThat(answers.get(200 + i)).isEqualTo(60);
                assertThat(words(answers.frame())).isEqualTo(packets.get(200 + i));
            }
            Mempool.free(array, Generator.BURST);
        }
    }

    @Test
    void mixingLosesNoPacket() {
        for (PacketList.Form form : List.of(PacketList.Form.TUNNEL, PacketList.Form.ANY)) {
            try (PacketList list = new PacketList(form, FLOWS)) {
                List<List<Long>> packets = fill(list);
                list.shuffle(1);
                List<List<Long>> mixed = new ArrayList<>();
                for (int i = 0; i < FLOWS; i++) {
                    assertThat(list.get(i)).isEqualTo(102);
                    mixed.add(words(list.frame()));
                }
                assertThat(mixed).containsExactlyInAnyOrderElementsOf(packets).isNotEqualTo(packets);
            }
        }
    }

    @Test
    void aPacketThatDiffersWhereItsFormDoesNotIsRefused() {
        try (PacketList list = new PacketList(PacketList.Form.TUNNEL, FLOWS)) {
            list.put(0, outbound(list, 0, 46));
            int longer = outbound(list, 1, 47);
            assertThatThrownBy(() -> list.put(1, longer)).hasMessageContaining("packet 1 is none of those of TUNNEL");
        }
    }
}
