package net.nvgate.gateway.police;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who goes next, and who is given up. Time stands unless moved. */
class FairQueuesTest {

    private static final long MS = 1_000_000;
    private static final int METER = 5;

    private final HeldPackets packets = new HeldPackets(2_000);
    private final List<Integer> late = new ArrayList<>();
    private final List<Integer> full = new ArrayList<>();
    private boolean marks;
    private int marked;
    private final FairQueues queues = new FairQueues(
            packets,
            20,
            4,
            FairQueues.VMS,
            FairQueues.FLOWS,
            250,
            (packet, isLate) -> {
                (isLate ? late : full).add(packets.domain(packet));
                packets.remove(packet);
            },
            _ -> {
                marked += marks ? 1 : 0;
                return marks;
            });
    private final int queue = queues.open(METER, MS);
    private long now = 1_000 * MS;

    private final LimitedPacket from = new LimitedPacket();

    /** A packet of a flow, which its domain names. */
    private void add(int vm, int weight, int flow, int bytes) {
        add(vm, weight, 0, flow, flow, bytes, false);
    }

    private void add(int vm, int weight, int minimumKbps, int flow, int name, int bytes, boolean control) {
        from.mbuf = 1;
        from.length = bytes;
        from.entropy = flow;
        from.vm = vm;
        from.weight = weight;
        from.minimumKbps = minimumKbps;
        from.domain = name;
        queues.add(queue, packets.add(from, 0, now), vm, control);
    }

    private int next() {
        int packet = queues.next(queue, now);
        if (packet == HeldPackets.NONE) {
            return -1;
        }
        queues.passed(queue);
        int flow = packets.domain(packet);
        packets.remove(packet);
        return flow;
    }

    /** Bytes that go of each flow among so many packets of one size. */
    private Map<Integer, Integer> goes(int count) {
        Map<Integer, Integer> gone = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            gone.merge(next(), 1, Integer::sum);
        }
        return gone;
    }

    @Test
    void flowsOfAVmTakeTurnsWhateverTheySent() {
        for (int i = 0; i < 120; i++) {
            add(1, 10, 100, 1500);
        }
        for (int i = 0; i < 30; i++) {
            add(1, 10, 101, 1500);
            add(1, 10, 102, 1500);
        }
        assertThat(goes(60)).isEqualTo(Map.of(100, 20, 101, 20, 102, 20));
    }

    @Test
    void aFlowOfSmallPacketsGetsItsShareInBytes() {
        for (int i = 0; i < 100; i++) {
            add(1, 10, 100, 1500);
        }
        for (int i = 0; i < 145; i++) {
            add(1, 10, 101, 100);
        }
        Map<Integer, Integer> gone = goes(120);
        int difference = 1500 * gone.getOrDefault(100, 0) - 100 * gone.getOrDefault(101, 0);
        assertThat(difference).isBetween(-2 * FairQueues.QUANTUM, 2 * FairQueues.QUANTUM);
    }

    @Test
    void aNewFlowGoesBeforeThoseThatWait() {
        for (int i = 0; i < 50; i++) {
            add(1, 10, 100, 1500);
            add(1, 10, 101, 1500);
        }
        goes(10);
        add(1, 10, 102, 60);
        assertThat(goes(2)).containsKey(102);
    }

    @Test
    void vmsShareByWeightHoweverManyFlowsTheyHave() {
        for (int i = 0; i < 60; i++) {
            add(1, 30, 100, 1500);
            add(2, 10, 200 + i % 8, 1500);
        }
        int first = goes(40).getOrDefault(100, 0);
        assertThat(first).isBetween(28, 32);
    }

    /** So many VMs, each with 1500-byte packets always waiting, at 12,000 kbit/s: packets of each that went in a second. */
    private Map<Integer, Integer> second(int[] weights, int[] minimums) {
        Map<Integer, Integer> gone = new TreeMap<>();
        for (int vm = 0; vm < weights.length; vm++) {
            for (int i = 0; i < 20; i++) {
                add(vm, weights[vm], minimums[vm], vm, vm, 1500, false);
            }
        }
        marks = true;
        for (int ms = 0; ms < 1_000; ms++) {
            now += MS;
            int vm = next();
            gone.merge(vm, 1, Integer::sum);
            add(vm, weights[vm], minimums[vm], vm, vm, 1500, false);
        }
        return gone;
    }

    @Test
    void aMinimumIsKeptHoweverManyOthersThereAre() {
        Map<Integer, Integer> gone = second(new int[] {10, 100, 100, 100, 100}, new int[] {6_000, 0, 0, 0, 0});
        assertThat(gone.get(0))
                .as("500 of its minimum, and a share of the rest")
                .isBetween(505, 530);
        assertThat(gone.get(1)).isBetween(115, 130);
    }

    @Test
    void minimumsThatAreTooMuchAreKeptInProportion() {
        Map<Integer, Integer> gone = second(new int[] {10, 10, 10}, new int[] {8_000, 16_000, 0});
        assertThat(gone.get(0)).isBetween(320, 345);
        assertThat(gone.get(1)).isBetween(650, 680);
    }

    @Test
    void whoHasBeenSilentIsNotOwedIt() {
        second(new int[] {10, 10}, new int[] {6_000, 0});
        while (next() >= 0) {
            now += MS;
        }
        now += 10_000 * MS;
        assertThat(second(new int[] {10, 10}, new int[] {6_000, 0}).get(1)).isGreaterThan(230);
    }

    @Test
    void controlGoesFirstAndLeavesRoom() {
        for (int i = 0; i < 10; i++) {
            add(1, 10, 100, 1500);
        }
        for (int i = 0; i < 10; i++) {
            add(1, 10, 0, 9, 900, 60, true);
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            order.add(next());
        }
        assertThat(order.getFirst()).isEqualTo(900);
        assertThat(order.subList(0, 10)).containsOnly(900, 100);
        assertThat(order.subList(0, 10).stream().filter(flow -> flow == 900)).hasSize(5);
        assertThat(next()).isEqualTo(-1);
        assertThat(queues.count(queue)).isZero();
    }

    @Test
    void aFullQueueCostsWhoHasMost() {
        for (int i = 0; i < 20; i++) {
            add(1, 10, 100, 1500);
        }
        for (int i = 0; i < 1_000; i++) {
            add(1, 10, 101, 1500);
        }
        assertThat(full).containsOnly(101);
        assertThat(queues.count(queue)).isLessThanOrEqualTo(250);
        assertThat(full.size() + queues.count(queue)).isEqualTo(1_020);
        assertThat(goes(40)).isEqualTo(Map.of(100, 20, 101, 20));
    }

    /** 60 packets too many, and from then on a little less comes than goes. */
    @Test
    void whatStandsTooLongIsThinnedOutUntilItDoesNot() {
        for (int ms = 0; ms < 60; ms++) {
            add(1, 10, 100, 1500);
        }
        long longest = 0;
        for (int ms = 0; ms < 4_000; ms++) {
            now += MS;
            if (ms % 100 != 0) {
                add(1, 10, 100, 1500);
            }
            int packet = queues.next(queue, now);
            long waited = packet == HeldPackets.NONE ? 0 : now - packets.since(packet);
            longest = ms > 3_000 ? Math.max(longest, waited) : 0;
            if (packet != HeldPackets.NONE) {
                queues.passed(queue);
                packets.remove(packet);
            }
        }
        assertThat(late).as("given up").isNotEmpty().hasSizeLessThan(80);
        assertThat(longest / MS).as("ms waited in the last second").isLessThan(8);
        assertThat(full).isEmpty();
    }

    @Test
    void aShortBurstLosesNothing() {
        for (int i = 0; i < 40; i++) {
            add(1, 10, 100, 1500);
        }
        for (int ms = 0; ms < 40; ms++) {
            now += MS;
            assertThat(next()).isEqualTo(100);
        }
        assertThat(late).isEmpty();
    }

    @Test
    void whatCanBeMarkedIsMarkedAndGoes() {
        marks = true;
        for (int i = 0; i < 200; i++) {
            add(1, 10, 100, 1500);
        }
        for (int ms = 0; ms < 200; ms++) {
            now += 2 * MS;
            assertThat(next()).isEqualTo(100);
        }
        assertThat(marked).isPositive();
        assertThat(late).isEmpty();
    }

    @Test
    void queuesComeAndGo() {
        int second = queues.open(6, MS);
        queues.open(7, MS);
        queues.open(8, MS);
        assertThat(queues.open(9, MS)).as("no more").isEqualTo(-1);
        assertThat(queues.queue(6)).isEqualTo(second);
        queues.close(second);
        assertThat(queues.queue(6)).isEqualTo(-1);
        assertThat(queues.meter(queues.open(9, MS))).isEqualTo(9);
    }

    /** Nothing is lost twice, kept for ever, or goes out of its flow's order. */
    @Test
    void everyPacketLeavesOnceInTheOrderOfItsFlow() {
        Random random = new Random(11);
        Map<Integer, Integer> lastOf = new HashMap<>();
        int added = 0;
        int gone = 0;
        for (int round = 0; round < 20_000; round++) {
            now += random.nextInt(2) * MS;
            if (random.nextInt(100) < (round < 15_000 ? 60 : 20)) {
                int flow = random.nextInt(40);
                boolean control = random.nextInt(50) == 0;
                int name = control ? 1_000 : flow;
                from.ipOffset = round;
                int minimum = flow % 3 == 0 ? 1_000 : 0;
                add(flow % 5, 1 + flow % 100, minimum, flow, name, 40 + random.nextInt(1461), control);
                added++;
            } else {
                int packet = queues.next(queue, now);
                if (packet != HeldPackets.NONE) {
                    queues.passed(queue);
                    Integer before = lastOf.put(packets.domain(packet), packets.ipOffset(packet));
                    assertThat(before == null || before < packets.ipOffset(packet))
                            .isTrue();
                    packets.remove(packet);
                    gone++;
                }
            }
        }
        while (next() >= 0) {
            gone++;
        }
        assertThat(lastOf).hasSize(41);
        assertThat(gone + late.size() + full.size()).isEqualTo(added);
        assertThat(packets.count()).isZero();
        assertThat(queues.count(queue)).isZero();
    }
}
