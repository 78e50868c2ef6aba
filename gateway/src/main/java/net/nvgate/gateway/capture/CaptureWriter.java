package net.nvgate.gateway.capture;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import net.nvgate.gateway.trace.FrameBytes;
import net.nvgate.gateway.trace.TraceReport;
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
 * ({@code epb_flags}) and in a comment its VSID, by number and name, and why it was dropped. Comments are the only texts: every reader
 * shows them. If it is of one VM network, in which an address is one VM's, name resolution blocks have the names of its VMs.
 */
public final class CaptureWriter {

    /** A connection that is silent for longer is cut by who is in between. */
    static final long SILENCE_NANOS_MAX = TimeUnit.SECONDS.toNanos(20);

    private final Pcapng file = new Pcapng();
    private final FrameBytes frames = new FrameBytes();
    private final LongUnaryOperator epochNanos;
    private final int tenant;
    private final boolean innerOnly;
    private final CaptureNames names;
    private final long[] packets = new long[2];
    private long spokeAt = System.nanoTime();

    /**
     * @param node name of the gateway
     * @param tenant routing domain for whose eyes it is: only what is inside NVGRE of its own VSIDs, since a packet may go on into another
     *     tenant's, and nothing of the provider's; 0 = for the operator's
     * @param names of VSIDs and VMs
     * @param snap bytes of a frame at most
     * @param epochNanos from {@link System#nanoTime} to nanoseconds since 1970
     */
    public CaptureWriter(String node, int tenant, CaptureNames names, int snap, LongUnaryOperator epochNanos) {
        this.tenant = tenant;
        this.innerOnly = tenant != 0;
        this.names = names;
        this.epochNanos = epochNanos;
        file.section(innerOnly ? "nvgate" : "nvgate " + node);
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
                add(frame, packet);
            }
        }
    }

    private void add(Frame frame, WatchedPacket all) {
        FrameView view = frames.read(frame);
        int inner = view.innerAt();
        if (innerOnly && (inner < 0 || names.domain(view.vsid()) != tenant)) {
            return;
        }
        names.unknown(view, file::name);
        String comment = comment(frame, view.vsid(), all);
        int number = innerOnly || frame.side() == Side.PA ? 0 : 1;
        packets[number]++;
        byte[] bytes = innerOnly ? Arrays.copyOfRange(frame.bytes(), inner, frame.bytes().length) : frame.bytes();
        int length = innerOnly ? frame.length() - inner : frame.length();
        file.packet(number, epochNanos.applyAsLong(frame.nanos()), frame.out(), length, bytes, comment);
    }

    private String comment(Frame frame, int vsid, WatchedPacket all) {
        StringBuilder text = new StringBuilder(vsid < 0 ? vsidOf(all.records()) : names.vsid(vsid));
        if (!frame.out() && !(innerOnly && TraceReport.endsElsewhere(all, tenant))) {
            for (WatchedPacket.Record record : all.records()) {
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
    private String vsidOf(List<WatchedPacket.Record> all) {
        return all.stream()
                .filter(record -> record instanceof Decision decision && decision.step() == Step.VSID)
                .map(record -> names.vsid((int) ((Decision) record).a()))
                .findFirst()
                .orElse("");
    }

    /** After a while without packets, their count so far: the capture goes on. Of several such blocks the last one counts. */
    public void keepAlive(long nanos, long lost) {
        if (file.size() > 0) {
            spokeAt = nanos;
        } else if (nanos - spokeAt >= SILENCE_NANOS_MAX) {
            spokeAt = nanos;
            statistics(nanos, lost);
        }
    }

    /** @param lost packets of the capture that found no room */
    public void statistics(long nanos, long lost) {
        long at = epochNanos.applyAsLong(nanos);
        for (int i = 0; i < (innerOnly ? 1 : 2); i++) {
            file.statistics(i, at, packets[i] + lost, lost);
        }
    }
}
