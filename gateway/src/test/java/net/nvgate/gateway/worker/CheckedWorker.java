package net.nvgate.gateway.worker;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.nvgate.gateway.dpdk.MemoryGuard;

/**
 * A real worker under suspicion: after each burst it has lost no packet and counted none twice, and what it sent is well-formed. That
 * it reads and writes inside of packets only is {@link MemoryGuard}'s to see.
 */
final class CheckedWorker implements AutoCloseable {

    /** Counters that say nothing of a packet's end. */
    private static final Set<WorkerCounter> NO_END = Set.of(
            WorkerCounter.PA_RX_PACKETS,
            WorkerCounter.PA_RX_BYTES,
            WorkerCounter.PA_TX_PACKETS,
            WorkerCounter.PA_TX_BYTES,
            WorkerCounter.EXT_RX_PACKETS,
            WorkerCounter.EXT_RX_BYTES,
            WorkerCounter.EXT_TX_PACKETS,
            WorkerCounter.EXT_TX_BYTES,
            WorkerCounter.BUSY_NANOS,
            WorkerCounter.LOOPS,
            WorkerCounter.PARKS);

    private static final WorkerCounter[] ENDS =
            Stream.of(WorkerCounter.values()).filter(c -> !NO_END.contains(c)).toArray(WorkerCounter[]::new);
    private static final DropReason[] REASONS = DropReason.values();
    private static final int FRAME_MAX = Net.MTU + 14 + 4;
    private static final int TURNS_MAX = 2_000;
    /** Longer than any session, neighbour, fragment or mapping lives. */
    private static final int ALL_OVER_MS = 40_000_000;

    private final TestGateway gateway;
    private long injected;
    private long sent;
    private boolean allRight = true;

    CheckedWorker(TestGateway gateway) {
        if (!MemoryGuard.active()) {
            throw new IllegalStateException("memory is not checked in this JVM");
        }
        this.gateway = gateway;
    }

    /** Packets that went in. */
    long injected() {
        return injected;
    }

    /** Drops by reason, and what ended otherwise. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        for (DropReason reason : REASONS) {
            counts.put("drop " + reason.label(), gateway.worker.counters().drops(reason));
        }
        for (WorkerCounter counter : ENDS) {
            counts.put(counter.label(), gateway.count(counter));
        }
        return counts;
    }

    /** Packets that came out. */
    long sent() {
        return sent;
    }

    /**
     * Forwards a burst, and checks.
     *
     * @param right checksums in all frames are right
     */
    TestGateway.Sent burst(boolean fromPa, boolean right, byte[]... frames) {
        allRight &= right;
        long ends = ends();
        long drops = drops();
        int held = gateway.mbufsHeld();
        TestGateway.Sent out = fromPa ? gateway.intoPa(frames) : gateway.intoExt(frames);
        injected += frames.length;
        int stayed = gateway.mbufsHeld() - held;
        int left = out.pa().size() + out.ext().size();
        long dropped = drops() - drops;
        long ended = ends() - ends;
        require(dropped + ended + left + stayed >= frames.length, "a packet vanished without a counter", frames);
        require(dropped <= frames.length + held + ended, "more drops than packets", frames);
        look(out);
        return out;
    }

    /** Moves time; sessions end, packets that waited go. */
    TestGateway.Sent pass(long ms) {
        TestGateway.Sent out = gateway.turnAfter(ms);
        look(out);
        return out;
    }

    private void look(TestGateway.Sent out) {
        out.pa().forEach(this::look);
        out.ext().forEach(this::look);
    }

    private void look(byte[] frame) {
        sent++;
        require(frame.length <= FRAME_MAX && frame.length >= 14, "frame of " + frame.length + " bytes", frame);
        require(!allRight || FrameFix.isRight(frame), "wrong checksum in a packet sent", frame);
        boolean nvgre = frame.length >= 34
                && Wire.u16(frame, 12) == 0x800
                && Wire.u8(frame, 23) == Wire.GRE
                && Wire.i32(frame, 26) == Net.GATEWAY_PA;
        require(!nvgre || (Wire.u16(frame, 20) & 0x3fff) == 0, "fragment of NVGRE", frame);
    }

    private long drops() {
        long sum = 0;
        for (DropReason reason : REASONS) {
            sum += gateway.worker.counters().drops(reason);
        }
        return sum;
    }

    private long ends() {
        long sum = 0;
        for (WorkerCounter counter : ENDS) {
            sum += gateway.count(counter);
        }
        return sum;
    }

    private byte[][] held() {
        return gateway.packetsHeld().toArray(byte[][]::new);
    }

    private static void require(boolean holds, String what, byte[]... frames) {
        if (!holds) {
            List<String> hex =
                    List.of(frames).stream().map(HexFormat.of()::formatHex).toList();
            throw new AssertionError(what + ": " + hex);
        }
    }

    /** After a long time nothing is left: no session, no packet. */
    void end() {
        for (int i = 0; i < 4; i++) {
            pass(ALL_OVER_MS);
        }
        giveUp();
        requireEmpty();
    }

    /** Makes it as new, but for the time, which went on. */
    void reset() {
        for (int i = 0; i < 40 && gateway.worker.sessions().count() > 0; i++) {
            pass(ALL_OVER_MS);
        }
        pass(ALL_OVER_MS);
        giveUp();
        requireEmpty();
        allRight = true;
    }

    /** What is too old goes in small parts, so that no turn is long. A datagram of which nothing is held must go, too. */
    private void giveUp() {
        for (int i = 0; i < TURNS_MAX && (gateway.mbufsHeld() > 0 || gateway.worker.datagrams() > 0); i++) {
            pass(1);
        }
    }

    private void requireEmpty() {
        require(
                gateway.worker.sessions().count() == 0,
                gateway.worker.sessions().count() + " sessions never end");
        require(gateway.mbufsHeld() == 0, "packets are kept for ever", held());
        require(gateway.worker.datagrams() == 0, "datagrams are followed for ever");
    }

    @Override
    public void close() {
        gateway.close();
    }
}
