package net.nvgate.gateway.dpdk;

/** Makes packets in several buffers, as some drivers deliver them. */
public final class MbufChains {

    private MbufChains() {}

    /** Puts one packet behind another as its second segment. */
    public static void chain(long first, long second) {
        Mem.i64(first + DpdkAbi.current().value(DpdkField.MBUF_NEXT), second);
        Mem.u16(first + DpdkAbi.current().value(DpdkField.MBUF_NB_SEGS), 2);
        Mem.i32(
                first + DpdkAbi.current().value(DpdkField.MBUF_PKT_LEN),
                Mbuf.dataLength(first) + Mbuf.dataLength(second));
    }
}
