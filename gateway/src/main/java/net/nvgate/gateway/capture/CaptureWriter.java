package net.nvgate.gateway.capture;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.LongUnaryOperator;
import net.nvgate.gateway.trace.FrameBytes;
import net.nvgate.gateway.watch.FrameView;
import net.nvgate.gateway.watch.Side;
import net.nvgate.gateway.watch.Step;
import net.nvgate.gateway.watch.WatchedPacket;
import net.nvgate.gateway.watch.WatchedPacket.Decision;
import net.nvgate.gateway.watch.WatchedPacket.Drop;
import net.nvgate.gateway.watch.WatchedPacket.Frame;
import net.nvgate.gateway.worker.DropReason;

/**
 * Watched packets as pcapng: an interface for each port, or for a tenant one with the frames inside NVGRE. Each packet says its direction
 * ({@code epb_flags}) and in a comment its VSID and why it was dropped. Comments are the only texts: every reader shows them.
 */
public final class CaptureWriter {

    private final Pcapng file = new Pcapng();
    private final FrameBytes frames = new FrameBytes();
    private final LongUnaryOperator epochNanos;
    private final boolean innerOnly;
    private final IntPredicate own;
    private final long[] packets = new long[2];

    /**
     * @param node name of the gateway
     * @param innerOnly only what is inside NVGRE, without the provider's headers
     * @param own VSIDs of which frames are shown then: a packet may go on into another tenant's
     * @param snap bytes of a frame at most
     * @param epochNanos from {@link System#nanoTime} to nanoseconds since 1970
     */
    public CaptureWriter(String node, boolean innerOnly, IntPredicate own, int snap, LongUnaryOperator epochNanos) {
        this.innerOnly = innerOnly;
        this.own = own;
        this.epochNanos = epochNanos;
        file.section("nvgate " + node);
        if (innerOnly) {
            file.interfaceDescription("tenant", "virtual subnets, without NVGRE", snap);
        } else {
            file.interfaceDescription(Side.PA.label(), "port pa of " + node + ", toward hosts, inside of NAT", snap);
            file.interfaceDescription(
                    Side.EXT.label(), "port ext of " + node + ", physical network, outside of NAT", snap);
        }
    }

    /** What was written since the last call. */
    public byte[] take() {
        return file.take();
    }

    public int size() {
        return file.size();
    }

    /** All frames of a packet. */
    public void add(WatchedPacket packet) {
        for (WatchedPacket.Record record : packet.records()) {
            if (record instanceof Frame frame) {
                add(frame, packet.records());
            }
        }
    }

    private void add(Frame frame, List<WatchedPacket.Record> all) {
        FrameView view = frames.read(frame.bytes());
        int inner = view.innerAt();
        if (innerOnly && (inner < 0 || !own.test(view.vsid()))) {
            return;
        }
        String comment = comment(frame, view.vsid(), all);
        int number = innerOnly || frame.side() == Side.PA ? 0 : 1;
        packets[number]++;
        byte[] bytes = innerOnly ? Arrays.copyOfRange(frame.bytes(), inner, frame.bytes().length) : frame.bytes();
        int length = innerOnly ? frame.length() - inner : frame.length();
        file.packet(number, epochNanos.applyAsLong(frame.nanos()), frame.out(), length, bytes, comment);
    }

    private static String comment(Frame frame, int vsid, List<WatchedPacket.Record> all) {
        StringBuilder text = new StringBuilder(vsid < 0 ? vsidOf(all) : "VSID " + vsid);
        if (!frame.out()) {
            for (WatchedPacket.Record record : all) {
                if (record instanceof Drop drop) {
                    text.append(text.isEmpty() ? "" : "; ")
                            .append("dropped: ")
                            .append(DropReason.of(drop.reason()).label());
                    break;
                }
            }
        }
        return text.toString();
    }

    /** Of a frame outside of NVGRE: that of the tenant's packet before or after it. */
    private static String vsidOf(List<WatchedPacket.Record> all) {
        return all.stream()
                .filter(record -> record instanceof Decision decision && decision.step() == Step.VSID)
                .map(record -> "VSID " + ((Decision) record).a())
                .findFirst()
                .orElse("");
    }

    /** @param lost packets of the capture that found no room */
    public void end(long nanos, long lost) {
        long at = epochNanos.applyAsLong(nanos);
        for (int i = 0; i < (innerOnly ? 1 : 2); i++) {
            file.statistics(i, at, packets[i] + lost, lost);
        }
    }
}
