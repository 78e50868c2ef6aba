package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;

/** Several fields of an IPv4 header in one comparison. The constants are those of a little-endian host, see {@link Mem}. */
final class Ipv4Words {

    private static final int TYPE_VERSION_LENGTH = 0xffffff;
    /** EtherType 0x0800, version 4, header of 20 bytes. */
    private static final int IPV4_PLAIN = 0x450008;
    /** More fragments, the offset, and the protocol behind the TTL. */
    private static final int FRAGMENT_PROTOCOL = 0xff00ff3f;

    private static final int PROTOCOL_SHIFT = 24;
    private static final long VERSION_FRAGMENT = 0xffff_0000_0000_00ffL;
    private static final long VERSION_FRAGMENTED = 0xff3f_0000_0000_00ffL;
    private static final long VERSION_PLAIN = 0x45;
    /** Version 4, header of 20 bytes; don't fragment and no fragment. */
    private static final long ATOMIC = 0x0040_0000_0000_0045L;

    /** First bytes of addresses. */
    private static final int LOOPBACK = 127;

    private static final int GROUP = 224;

    private Ipv4Words() {}

    /** Whether a source is neither group nor reserved nor one that is never on the wire, see {@link net.nvgate.gateway.packet.Ipv4}. */
    static boolean isFromHost(long ip) {
        int first = Mem.u8(ip + 12);
        return first != LOOPBACK && Integer.compareUnsigned(first - 1, GROUP - 1) < 0;
    }

    /** Whether a destination is neither group nor reserved. */
    static boolean isToHost(long ip) {
        return Mem.u8(ip + 16) < GROUP;
    }

    /** Whether an EtherType is IPv4's and the header behind it has no options. */
    static boolean isPlain(long etherType) {
        return (Mem.i32(etherType) & TYPE_VERSION_LENGTH) == IPV4_PLAIN;
    }

    /** Whether a packet is of a protocol and no fragment. */
    static boolean isWhole(long ip, int protocol) {
        return (Mem.i32(ip + 6) & FRAGMENT_PROTOCOL) == protocol << PROTOCOL_SHIFT;
    }

    /** Whether a header has no options and its packet is no fragment. */
    static boolean isPlainWhole(long ip) {
        return (Mem.i64(ip) & VERSION_FRAGMENTED) == VERSION_PLAIN;
    }

    /** Whether a header has no options and its packet is atomic (RFC 6864 §1): no fragment, and never to be one. */
    static boolean isAtomic(long ip) {
        return (Mem.i64(ip) & VERSION_FRAGMENT) == ATOMIC;
    }
}
