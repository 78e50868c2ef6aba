package net.nvgate.gateway.dpdk;

/**
 * Reads and writes a struct rte_mbuf by its address. No object stands for a packet: a packet is a long.
 *
 * <pre>
 *   mbuf (128 bytes, 2 cache lines)        buffer (buf_len bytes, directly behind)
 *  +-----------------------------+        +----------+---------------------+----------+
 *  | buf_addr  data_off  refcnt  |  ----> | headroom |        data         | tailroom |
 *  | nb_segs   port      ol_flags|        +----------+---------------------+----------+
 *  | pkt_len   data_len  vlan_tci|        0          data_off              |          buf_len
 *  | hash.rss  buf_len   pool    |                   |<---- data_len ----->|
 *  |=============================|        headroom is 128 bytes in a fresh mbuf: encapsulation moves
 *  | next      tx_offload        |        data_off down, decapsulation moves it up; payload stays.
 *  +-----------------------------+
 * </pre>
 *
 * Offsets are those of the installed ABI and constants to the JIT. Nothing is checked unless said.
 */
public final class Mbuf {

    /** Bytes before the data of a fresh mbuf. */
    public static final int DEFAULT_HEADROOM = at(DpdkField.MBUF_HEADROOM);

    private static final int BUF_ADDR = at(DpdkField.MBUF_BUF_ADDR);
    private static final int DATA_OFF = at(DpdkField.MBUF_DATA_OFF);
    private static final int REFCNT = at(DpdkField.MBUF_REFCNT);
    private static final int NB_SEGS = at(DpdkField.MBUF_NB_SEGS);
    private static final int PORT = at(DpdkField.MBUF_PORT);
    private static final int OL_FLAGS = at(DpdkField.MBUF_OL_FLAGS);
    private static final int PACKET_TYPE = at(DpdkField.MBUF_PACKET_TYPE);
    private static final int PKT_LEN = at(DpdkField.MBUF_PKT_LEN);
    private static final int DATA_LEN = at(DpdkField.MBUF_DATA_LEN);
    private static final int VLAN_TCI = at(DpdkField.MBUF_VLAN_TCI);
    private static final int BUF_LEN = at(DpdkField.MBUF_BUF_LEN);
    private static final int POOL = at(DpdkField.MBUF_POOL);
    private static final int NEXT = at(DpdkField.MBUF_NEXT);
    private static final int TX_OFFLOAD = at(DpdkField.MBUF_TX_OFFLOAD);

    /** References 1, segments 1; between data offset and port. */
    private static final long REARM = 1L << 16 | 1L << 32;

    private static final long REFERENCES_SEGMENTS = 0xffff_ffff_0000L;

    static {
        // What drivers write as words: rearm_data and rx_descriptor_fields1 of struct rte_mbuf.
        if (REFCNT != DATA_OFF + 2
                || NB_SEGS != DATA_OFF + 4
                || PORT != DATA_OFF + 6
                || PKT_LEN != PACKET_TYPE + 4
                || DATA_LEN != PACKET_TYPE + 8
                || VLAN_TCI != PACKET_TYPE + 10) {
            throw new ExceptionInInitializerError("struct rte_mbuf is not as drivers know it");
        }
    }

    private Mbuf() {}

    private static int at(DpdkField field) {
        return DpdkAbi.current().value(field);
    }

    /** Address of the first byte of the packet. */
    public static long dataAddress(long mbuf) {
        return Mem.i64(mbuf + BUF_ADDR) + Mem.u16(mbuf + DATA_OFF);
    }

    /** Bytes in this segment. */
    public static int dataLength(long mbuf) {
        return Mem.u16(mbuf + DATA_LEN);
    }

    /** Bytes in all segments; equals {@link #dataLength} when there is one. */
    public static int packetLength(long mbuf) {
        return Mem.i32(mbuf + PKT_LEN);
    }

    /** Sets both lengths of a packet of one segment. */
    public static void length(long mbuf, int bytes) {
        Mem.u16(mbuf + DATA_LEN, bytes);
        Mem.i32(mbuf + PKT_LEN, bytes);
    }

    /** 1 for a packet in one piece. */
    public static int segments(long mbuf) {
        return Mem.u16(mbuf + NB_SEGS);
    }

    public static int referenceCount(long mbuf) {
        return Mem.u16(mbuf + REFCNT);
    }

    /** The next segment's mbuf, 0 if none. */
    public static long next(long mbuf) {
        return Mem.i64(mbuf + NEXT);
    }

    /** DPDK's id of the port it came in by. */
    public static int portId(long mbuf) {
        return Mem.u16(mbuf + PORT);
    }

    public static void portId(long mbuf, int portId) {
        Mem.u16(mbuf + PORT, portId);
    }

    /** RTE_MBUF_F_ bits, see {@link Offloads}. */
    public static long flags(long mbuf) {
        return Mem.i64(mbuf + OL_FLAGS);
    }

    public static void flags(long mbuf, long flags) {
        Mem.i64(mbuf + OL_FLAGS, flags);
    }

    /** RTE_PTYPE_ bits as the PMD sees the packet, 0 = it does not look. */
    public static int packetType(long mbuf) {
        return Mem.i32(mbuf + PACKET_TYPE);
    }

    public static void packetType(long mbuf, int type) {
        Mem.i32(mbuf + PACKET_TYPE, type);
    }

    /** Valid if {@link Offloads#MBUF_RX_VLAN_STRIPPED} is set. */
    public static int vlanTci(long mbuf) {
        return Mem.u16(mbuf + VLAN_TCI);
    }

    /** Address of the rte_mempool it goes back to. */
    public static long pool(long mbuf) {
        return Mem.i64(mbuf + POOL);
    }

    /** Bytes before the data. */
    public static int headroom(long mbuf) {
        return Mem.u16(mbuf + DATA_OFF);
    }

    /** Bytes of the buffer before an address in it. */
    public static long offset(long mbuf, long address) {
        return address - Mem.i64(mbuf + BUF_ADDR);
    }

    /** Bytes behind the data of this segment. */
    public static int tailroom(long mbuf) {
        return Mem.u16(mbuf + BUF_LEN) - Mem.u16(mbuf + DATA_OFF) - Mem.u16(mbuf + DATA_LEN);
    }

    /**
     * Makes room before the data.
     *
     * @return the new first byte, or 0 if the headroom is too small; nothing has changed then
     */
    public static long prepend(long mbuf, int bytes) {
        int offset = Mem.u16(mbuf + DATA_OFF) - bytes;
        if (offset < 0) {
            return 0;
        }
        Mem.u16(mbuf + DATA_OFF, offset);
        grow(mbuf, bytes);
        return Mem.i64(mbuf + BUF_ADDR) + offset;
    }

    /**
     * Takes bytes off the front.
     *
     * @return the new first byte, or 0 if the first segment has fewer; nothing has changed then
     */
    public static long adj(long mbuf, int bytes) {
        if (bytes > dataLength(mbuf)) {
            return 0;
        }
        int offset = Mem.u16(mbuf + DATA_OFF) + bytes;
        Mem.u16(mbuf + DATA_OFF, offset);
        grow(mbuf, -bytes);
        return Mem.i64(mbuf + BUF_ADDR) + offset;
    }

    /**
     * Adds room behind the data of a packet of one segment.
     *
     * @return the first added byte, or 0 if the tailroom is too small; nothing has changed then
     */
    public static long append(long mbuf, int bytes) {
        if (bytes > tailroom(mbuf)) {
            return 0;
        }
        long end = dataAddress(mbuf) + dataLength(mbuf);
        grow(mbuf, bytes);
        return end;
    }

    /**
     * Makes the packet begin and end elsewhere in its buffer, of one segment.
     *
     * @param start address of the new first byte, in the buffer
     * @param bytes new length
     */
    public static void frame(long mbuf, long start, int bytes) {
        Mem.u16(mbuf + DATA_OFF, (int) (start - Mem.i64(mbuf + BUF_ADDR)));
        length(mbuf, bytes);
    }

    /** Takes bytes off the end of a packet of one segment that has as many, e.g. Ethernet padding. */
    public static void trim(long mbuf, int bytes) {
        grow(mbuf, -bytes);
    }

    private static void grow(long mbuf, int bytes) {
        Mem.u16(mbuf + DATA_LEN, Mem.u16(mbuf + DATA_LEN) + bytes);
        Mem.i32(mbuf + PKT_LEN, Mem.i32(mbuf + PKT_LEN) + bytes);
    }

    /**
     * Header lengths for checksum offload, in bytes.
     *
     * @param l2 Ethernet header with tags, 0..127
     * @param l3 IP header with options, 0..511
     * @param l4 TCP header with options or UDP header, 0..255
     */
    public static void headerLengths(long mbuf, int l2, int l3, int l4) {
        Mem.i64(mbuf + TX_OFFLOAD, l2 | (long) l3 << 7 | (long) l4 << 16);
    }

    /**
     * Header lengths of a tunnel packet, in bytes. The inner l2 counts everything between the outer and the inner IP
     * header: GRE and inner Ethernet (rte_mbuf_core.h).
     */
    public static void headerLengths(long mbuf, int outerL2, int outerL3, int l2, int l3, int l4) {
        Mem.i64(mbuf + TX_OFFLOAD, l2 | (long) l3 << 7 | (long) l4 << 16 | (long) outerL3 << 40 | (long) outerL2 << 49);
    }

    /** The word of header lengths: l2 7 bits, l3 9 bits, l4 8 bits from the low end, and those of a tunnel. */
    public static long offloadLengths(long mbuf) {
        return Mem.i64(mbuf + TX_OFFLOAD);
    }

    /** For {@link #arrived}: the word of what a driver sets anew in each mbuf, of a port's. */
    public static long arrival(int portId) {
        return DEFAULT_HEADROOM | REARM | (long) portId << 48;
    }

    /**
     * Makes an mbuf as its pool keeps it, whole and nobody's, a packet that has come in; writes what a driver without offloads writes, and no more.
     *
     * @param arrival of {@link #arrival}
     * @return address of the packet's first byte, to be written
     */
    public static long arrived(long mbuf, long arrival, int bytes) {
        Mem.i64(mbuf + DATA_OFF, arrival);
        Mem.i64(mbuf + OL_FLAGS, 0);
        Mem.i64(mbuf + PACKET_TYPE, (long) bytes << 32);
        Mem.i64(mbuf + DATA_LEN, bytes);
        return Mem.i64(mbuf + BUF_ADDR) + DEFAULT_HEADROOM;
    }

    /** Whether a packet has one segment, its own buffer, and nobody else has it. */
    static boolean isSingle(long mbuf) {
        return (Mem.i64(mbuf + DATA_OFF) & REFERENCES_SEGMENTS) == REARM
                && (Mem.i64(mbuf + OL_FLAGS) & Offloads.MBUF_FOREIGN_BUFFER) == 0;
    }

    /** Makes an mbuf from the pool an empty packet, as rte_pktmbuf_reset. */
    public static void reset(long mbuf) {
        Mem.i64(mbuf + NEXT, 0);
        Mem.i32(mbuf + PKT_LEN, 0);
        Mem.i64(mbuf + TX_OFFLOAD, 0);
        Mem.u16(mbuf + VLAN_TCI, 0);
        Mem.u16(mbuf + NB_SEGS, 1);
        Mem.u16(mbuf + PORT, 0xffff);
        Mem.i64(mbuf + OL_FLAGS, Mem.i64(mbuf + OL_FLAGS) & Offloads.MBUF_FOREIGN_BUFFER);
        Mem.i32(mbuf + PACKET_TYPE, 0);
        Mem.u16(mbuf + DATA_OFF, Math.min(DEFAULT_HEADROOM, Mem.u16(mbuf + BUF_LEN)));
        Mem.u16(mbuf + DATA_LEN, 0);
    }
}
