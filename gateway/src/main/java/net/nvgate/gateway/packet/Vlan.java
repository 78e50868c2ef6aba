package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * One 802.1Q tag; {@code tag} is the address of the tag control information, 2 bytes behind the TPID 0x8100.
 *
 * <pre>
 *  12       14              16          18
 * +--------+---------------+-----------+
 * | 0x8100 | PCP 3 DEI VID | EtherType |
 * +--------+---------------+-----------+
 * </pre>
 */
public final class Vlan {

    public static final int LENGTH = 4;

    private Vlan() {}

    /** 0..4095; 0 is a priority tag and means untagged. */
    public static int id(long tag) {
        return Mem.u16Be(tag) & 0xfff;
    }

    public static int type(long tag) {
        return Mem.u16Be(tag + 2);
    }
}
