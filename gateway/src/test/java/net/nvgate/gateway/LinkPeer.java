package net.nvgate.gateway;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import net.nvgate.gateway.dpdk.Frames;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.dpdk.PortSettings;
import net.nvgate.gateway.dpdk.RxQueue;
import net.nvgate.gateway.worker.Wire;

/** A machine with one address at the far end of a gateway's port: answers ARP, sends and awaits frames. */
final class LinkPeer implements AutoCloseable {

    private static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final int ARP = 0x806;

    private final Arena arena = Arena.ofShared();
    private final long array = arena.allocate(8L * 32, 64).address();
    private final Mempool pool;
    private final Port port;
    private final RxQueue rx;
    private final long mac;
    private final int address;

    LinkPeer(String name, String device, long mac, int address) {
        this.mac = mac;
        this.address = address;
        this.pool = Mempool.create(name, 1023, 0, 2176);
        this.port = Port.attach(name, device);
        port.configure(PortSettings.simple(1600), pool);
        port.start();
        this.rx = port.rxQueue(0);
    }

    /** Asks who has an address, until somebody answers. */
    long resolve(int wanted) {
        byte[] request = Wire.ethernet(BROADCAST, mac, ARP, Wire.arp(1, mac, address, 0, wanted));
        send(request);
        byte[] reply = await(
                "an ARP reply",
                frame -> isArp(frame, 2) && Wire.i32(frame, 28) == wanted && Wire.i32(frame, 38) == address);
        return Wire.mac(reply, 22);
    }

    void send(byte[] frame) {
        if (!pool.allocate(array, 1)) {
            throw new AssertionError("no mbuf");
        }
        Frames.write(Mem.i64(array), frame.length < 60 ? Arrays.copyOf(frame, 60) : frame);
        if (port.txQueue(0).burst(array, 1) != 1) {
            throw new AssertionError("not sent");
        }
    }

    /** The next frame of this kind within 60 s; meanwhile ARP requests for this machine are answered. */
    byte[] await(String what, Predicate<byte[]> wanted) {
        return poll(TimeUnit.SECONDS.toNanos(60), wanted)
                .orElseThrow(() -> new AssertionError(what + " did not come within 60 s"));
    }

    /** The next frame of this kind if it comes in time; meanwhile ARP requests for this machine are answered. */
    Optional<byte[]> poll(long nanosMax, Predicate<byte[]> wanted) {
        long deadline = System.nanoTime() + nanosMax;
        do {
            if (rx.burst(array, 1) == 1) {
                byte[] frame = Frames.read(Mem.i64(array));
                Mempool.free(array, 1);
                if (isArp(frame, 1) && Wire.i32(frame, 38) == address) {
                    long asker = Wire.mac(frame, 22);
                    send(Wire.ethernet(asker, mac, ARP, Wire.arp(2, mac, address, asker, Wire.i32(frame, 28))));
                } else if (wanted.test(frame)) {
                    return Optional.of(frame);
                }
            } else {
                Thread.onSpinWait();
            }
        } while (System.nanoTime() < deadline);
        return Optional.empty();
    }

    /** Takes what has come; ARP requests for this machine are answered. */
    void drain() {
        while (poll(0, _ -> true).isPresent()) {
            // On to the next.
        }
    }

    private static boolean isArp(byte[] frame, int operation) {
        return Wire.u16(frame, 12) == ARP && Wire.u16(frame, 20) == operation;
    }

    @Override
    public void close() {
        port.close();
        pool.close();
        arena.close();
    }
}
