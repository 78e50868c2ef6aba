package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Fragments of all kinds at random, inside, outside and of NVGRE: each is sent, counted or waits, and none is lost. */
@ExtendWith(EalExtension.class)
class FragmentFuzzTest {

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private byte[] fragment(int source, int destination, int protocol) {
        int word = random.nextInt(3) == 0 ? random.nextInt(0x10000) : random.nextInt(12) | (random.nextInt(2) << 13);
        byte[] payload = new byte[random.nextInt(4) == 0 ? random.nextInt(60) : 8 * random.nextInt(8)];
        random.nextBytes(payload);
        if (payload.length > 13 && protocol == Wire.TCP) {
            payload[12] = (byte) (random.nextInt(16) << 4);
        }
        return Wire.ipv4(source, destination, protocol, 64, random.nextInt(6), word, 0, payload);
    }

    private byte[] frame() {
        int protocol = new int[] {Wire.TCP, Wire.UDP, Wire.ICMP, 99}[random.nextInt(4)];
        int tenant = 1 + random.nextInt(3);
        int[] destinations = {Net.SERVER, Net.VM2, Net.NAT[1], Net.NAT[2], Net.EXTERNAL, Net.DG, Net.FAR};
        return Net.fromVm1(tenant, fragment(Net.VM1, destinations[random.nextInt(destinations.length)], protocol));
    }

    private byte[] outer() {
        byte[] whole = Wire.slice(frame(), 14);
        whole[4] = (byte) random.nextInt(6);
        int word = random.nextInt(6) | (random.nextInt(2) << 13);
        byte[] piece = Wire.slice(whole, 0, Math.min(whole.length, 20 + 8 * (1 + random.nextInt(8))));
        piece[2] = 0;
        piece[3] = (byte) piece.length;
        piece[6] = (byte) (word >>> 8);
        piece[7] = (byte) word;
        return Wire.ethernet(Net.PA_MAC, Net.HOST_A_MAC, 0x800, Wire.fixIp(piece));
    }

    private byte[] outside() {
        int protocol = new int[] {Wire.TCP, Wire.UDP, Wire.ICMP, 99}[random.nextInt(4)];
        int[] destinations = {Net.NAT[1], Net.NAT[2], Net.EXTERNAL, Net.FAR};
        return Net.fromOutside(fragment(Net.SERVER, destinations[random.nextInt(destinations.length)], protocol));
    }

    @Test
    @Requirement({"RFC 4787 REQ-14a", "RFC 791 3.2"})
    void eachIsSentCountedOrWaits() {
        try (TestGateway gateway = new TestGateway()) {
            gateway.rule(1, Wire.UDP, 5000, Net.VM1, 53);
            long sent = 0;
            long taken = 0;
            for (int i = 0; i < 30_000; i++) {
                int kind = random.nextInt(3);
                TestGateway.Sent out =
                        kind == 0 ? gateway.intoExt(outside()) : gateway.intoPa(kind == 1 ? frame() : outer());
                sent += out.pa().size() + out.ext().size();
                taken++;
                if (random.nextInt(100) == 0) {
                    TestGateway.Sent later = gateway.turnAfter(random.nextInt(500));
                    sent += later.pa().size() + later.ext().size();
                }
            }
            TestGateway.Sent last = gateway.turnsAfter(Fragments.LIFETIME_MS);
            sent += last.pa().size() + last.ext().size();
            long dropped =
                    gateway.drops().values().stream().mapToLong(Long::longValue).sum();
            assertThat(gateway.mbufsHeld()).as("seed " + seed).isZero();
            assertThat(sent + dropped).as("seed " + seed).isGreaterThanOrEqualTo(taken - joined(gateway));
        }
    }

    /** Fragments that became part of another packet. */
    private static long joined(TestGateway gateway) {
        return gateway.count(WorkerCounter.OUTER_REASSEMBLED) * 64;
    }
}
