package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.packet.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * IPv4 fragmentation (RFC 791 §3.2) of packets that may be fragmented and do not fit the next link. What goes into NVGRE is
 * fragmented inside, never outside (RFC 4459 §3.4, RFC 7637 §4.4).
 */
final class Fragmenter {

    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_COPIED = 0x80;

    private final @Nullable Mempool pool;
    private final long array;
    private final Adjacencies adjacencies;
    private final WorkerCounters counters;
    private final Disposal disposal;

    /** 8 bytes of memory for an mbuf's address. */
    Fragmenter(
            @Nullable Mempool pool, long memory, Adjacencies adjacencies, WorkerCounters counters, Disposal disposal) {
        this.pool = pool;
        this.array = memory;
        this.adjacencies = adjacencies;
        this.counters = counters;
        this.disposal = disposal;
    }

    /** Sends the packet in pieces: later ones in new mbufs, the first in its own, so that they leave in order. */
    void split(Egress egress, long mbuf, long ip, int length, int number, int entropy) {
        split(egress, mbuf, ip, length, number, entropy, Adjacency.mtu(adjacencies.address(number)));
    }

    /**
     * As {@link #split(Egress, long, long, int, int, int)}, for pieces that must be smaller than the adjacency's MTU.
     *
     * @param mtu bytes of the largest piece
     */
    void split(Egress egress, long mbuf, long ip, int length, int number, int entropy, int mtu) {
        int headerLength = Ipv4.headerLength(ip);
        int step = (mtu - headerLength) & ~7;
        int fragment = Ipv4.fragment(ip);
        int payload = length - headerLength;
        int first = Math.min(step, payload);
        // The first piece goes last into its buffer's header but first onto the wire, so later pieces are copied
        // before.
        int pieces = Math.ceilDiv(payload, step);
        if (pieces > PIECES_MAX || !allocate(pieces - 1)) {
            disposal.drop(mbuf, DropReason.NO_MBUF);
            return;
        }
        for (int i = 1; i < pieces; i++) {
            int offset = i * step;
            int size = Math.min(step, payload - offset);
            boolean more = i < pieces - 1 || (fragment & Ipv4.MORE_FRAGMENTS) != 0;
            copy(ip, headerLength, offset, size, fragment, more, Mem.i64(array + 8L * i));
        }
        finish(ip, headerLength, first, fragment | Ipv4.MORE_FRAGMENTS);
        egress.send(mbuf, ip, headerLength + first, number, entropy);
        for (int i = 1; i < pieces; i++) {
            long piece = Mem.i64(array + 8L * i);
            long at = Mbuf.dataAddress(piece);
            egress.send(piece, at, Ipv4.totalLength(at), number, entropy);
        }
        counters.add(WorkerCounter.FRAGMENTS_SENT, pieces);
    }

    /** A 64 KiB packet over the least MTU that IPv4 links have in practice. */
    static final int PIECES_MAX = 128;

    private boolean allocate(int count) {
        return pool != null && pool.allocate(array + 8, count);
    }

    private static void copy(long ip, int headerLength, int offset, int size, int fragment, boolean more, long piece) {
        long at = Mbuf.dataAddress(piece);
        Mem.copy(ip, at, headerLength);
        Mem.copy(ip + headerLength + offset, at + headerLength, size);
        Mbuf.length(piece, headerLength + size);
        blankOptions(at, headerLength);
        int word = (fragment & Ipv4.OFFSET_MASK) + (offset >>> 3) | (more ? Ipv4.MORE_FRAGMENTS : 0);
        finish(at, headerLength, size, word);
    }

    private static void finish(long ip, int headerLength, int payload, int fragment) {
        Ipv4.totalLength(ip, headerLength + payload);
        Ipv4.fragment(ip, fragment);
        Ipv4.fillChecksum(ip, headerLength);
    }

    /** Options without the copied flag belong to the first fragment alone; here they become no-operations. */
    private static void blankOptions(long ip, int headerLength) {
        int i = Ipv4.MIN_LENGTH;
        while (i < headerLength) {
            int option = Mem.u8(ip + i);
            int size = option <= OPTION_NOP || i + 1 == headerLength ? 1 : Math.max(2, Mem.u8(ip + i + 1));
            int end = option == OPTION_END ? headerLength : Math.min(i + size, headerLength);
            for (; i < end; i++) {
                if ((option & OPTION_COPIED) == 0) {
                    Mem.u8(ip + i, OPTION_NOP);
                }
            }
        }
    }
}
