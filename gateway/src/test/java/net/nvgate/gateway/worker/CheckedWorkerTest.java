package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one fuzzed input leaves behind is nothing that another one could trip over. */
@ExtendWith(EalExtension.class)
class CheckedWorkerTest {

    /**
     * Some shares of the fragments' table are looked at per turn. A datagram that outlived an input had an age of more than 2^31 ms, i.e.
     * a negative one, when its share's turn came, and stood before all younger ones of it.
     */
    @Test
    void fragmentsOfEarlierInputsAreForgotten() {
        byte[] datagram = Wire.udp(Net.SERVER, Net.NAT[1], 53, 40_000, new byte[3_000]);
        List<byte[]> one = Pieces.cut(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, 64, 1, 0, 0, datagram), 1_400);
        List<byte[]> other = Pieces.cut(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, 64, 2, 0, 0, datagram), 1_400);
        try (CheckedWorker worker = new CheckedWorker(new TestGateway())) {
            for (int resets = 1; resets <= 64; resets++) {
                worker.burst(false, true, Net.fromOutside(one.getFirst()));
                for (int i = 0; i < resets; i++) {
                    worker.reset();
                }
                worker.burst(false, true, Net.fromOutside(other.getLast()));
                worker.reset();
            }
            assertThat(worker.sent()).isZero();
        }
    }
}
