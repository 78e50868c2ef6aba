package net.nvgate.gateway.route;

import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;

/**
 * A part of a port forward, seen from one side: an aligned block of ports, for remote hosts of one prefix. From outside it is found
 * by the external block, from inside by the server's own. Never changes once published; parts with the same key form a chain.
 *
 * <pre>
 *  0 key word 0 (i64)   outside: externalIp &lt;&lt; 32 | block;   inside: rdid &lt;&lt; 32 | internalIp
 *  8 key word 1 (i64)   outside: 0;                          inside: block
 *                       block = protocol &lt;&lt; 24 | order &lt;&lt; 16 | first port
 * 16 next of the chain (i64), 0 = last
 * 24 rdid (i32)   28 internalIp (i32)   32 externalIp (i32)   36 internalPort (u16)   38 externalPort (u16), the first ones
 * 40 remote prefix (i32)   44 its length (u8)   45 protocol (u8)   46 order (u8)   48 generation (i32)
 * 56 internal IPv6 address (2 x i64), 0 for an IPv4 server
 * </pre>
 *
 * An IPv6 server's internalIp is a {@link #key} of its address, which others may have, too.
 */
public final class NatRuleEntry {

    static final int BYTES = 96;

    private NatRuleEntry() {}

    public static int rdid(long entry) {
        return Mem.i32(entry + 24);
    }

    /** The server's CA, the {@link #key} of an IPv6 one. */
    public static int internalIp(long entry) {
        return Mem.i32(entry + 28);
    }

    /** First half of the address of an IPv6 server; both halves are 0 for an IPv4 one. */
    public static long high(long entry) {
        return Mem.i64(entry + 56);
    }

    public static long low(long entry) {
        return Mem.i64(entry + 64);
    }

    /** 32 bits that stand for an IPv6 address where rules are looked for, from 240.0.0.0/4, which no CA is in. */
    public static int key(long high, long low) {
        long h = (high ^ Long.rotateLeft(low, 29)) * 0x9e37_79b9_7f4a_7c15L;
        h = (h ^ h >>> 32 ^ low) * 0xc2b2_ae3d_27d4_eb4fL;
        return (int) (h >>> 36) | 0xf000_0000;
    }

    static boolean leadsTo(long entry, int ca, long high, long low) {
        return internalIp(entry) == ca && high(entry) == high && low(entry) == low;
    }

    public static int externalIp(long entry) {
        return Mem.i32(entry + 32);
    }

    /** The server's port behind an external port of the block. */
    public static int internalPort(long entry, int externalPort) {
        return Mem.u16(entry + 36) + (externalPort - Mem.u16(entry + 38));
    }

    /** The external port of a server's port of the block. */
    public static int externalPort(long entry, int internalPort) {
        return Mem.u16(entry + 38) + (internalPort - Mem.u16(entry + 36));
    }

    /** Of the rule's connection, see {@link NatEntry#generation}. */
    public static int generation(long entry) {
        return Mem.i32(entry + 48);
    }

    static long next(long entry) {
        return Mem.i64(entry + 16);
    }

    static boolean admits(long entry, int remote) {
        return Prefixes.contains(Mem.i32(entry + 40), Mem.u8(entry + 44), remote);
    }

    static int remoteLength(long entry) {
        return Mem.u8(entry + 44);
    }

    static long block(int protocol, int order, int port) {
        return (long) protocol << 24 | (long) order << 16 | (port & -1 << order);
    }

    static long outsideKey(int externalIp, int protocol, int order, int port) {
        return (long) externalIp << 32 | block(protocol, order, port);
    }

    static void write(long entry, NatTable.Rule row, long key0, long key1, long next) {
        Mem.i64(entry, key0);
        Mem.i64(entry + 8, key1);
        Mem.i64(entry + 16, next);
        Mem.i32(entry + 24, row.rdid());
        Mem.i32(entry + 28, row.internalIp());
        Mem.i32(entry + 32, row.externalIp());
        Mem.u16(entry + 36, row.internalPort());
        Mem.u16(entry + 38, row.externalPort());
        Mem.i32(entry + 40, row.remote().address());
        Mem.u8(entry + 44, row.remote().length());
        Mem.u8(entry + 45, row.protocol());
        Mem.u8(entry + 46, row.order());
        Mem.i32(entry + 48, row.generation());
        Ipv6Address internal6 = row.internal6();
        Mem.i64(entry + 56, internal6 == null ? 0 : internal6.high());
        Mem.i64(entry + 64, internal6 == null ? 0 : internal6.low());
    }

    static NatTable.Rule read(long entry) {
        return new NatTable.Rule(
                rdid(entry),
                Mem.u8(entry + 45),
                externalIp(entry),
                Mem.u16(entry + 38),
                internalIp(entry),
                Mem.u16(entry + 36),
                Mem.u8(entry + 46),
                new Prefixes.Row(Mem.i32(entry + 40), remoteLength(entry)),
                generation(entry),
                (high(entry) | low(entry)) == 0 ? null : new Ipv6Address(high(entry), low(entry)));
    }
}
