package net.nvgate.gateway.route;

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
 * </pre>
 */
public final class NatRuleEntry {

    static final int BYTES = 64;

    private NatRuleEntry() {}

    public static int rdid(long entry) {
        return Mem.i32(entry + 24);
    }

    /** The server's CA. */
    public static int internalIp(long entry) {
        return Mem.i32(entry + 28);
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
                generation(entry));
    }
}
