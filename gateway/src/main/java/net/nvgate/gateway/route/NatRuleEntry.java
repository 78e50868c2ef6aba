package net.nvgate.gateway.route;

import net.nvgate.gateway.dpdk.Mem;

/**
 * A port forward, seen from one side: from outside it is found by the external tuple, from inside by the server's own.
 * Never changes once published.
 *
 * <pre>
 *  0 key word 0 (i64)   outside: externalIp &lt;&lt; 32 | protocol &lt;&lt; 16 | externalPort; inside: rdid &lt;&lt; 32 | internalIp
 *  8 key word 1 (i64)   outside: 0;                                          inside: protocol &lt;&lt; 16 | internalPort
 * 16 rdid (i32)   20 internalIp (i32)   24 externalIp (i32)   28 internalPort (u16)   30 externalPort (u16)
 * </pre>
 */
public final class NatRuleEntry {

    public static final int BYTES = 32;

    private NatRuleEntry() {}

    public static int rdid(long entry) {
        return Mem.i32(entry + 16);
    }

    /** The server's CA. */
    public static int internalIp(long entry) {
        return Mem.i32(entry + 20);
    }

    public static int externalIp(long entry) {
        return Mem.i32(entry + 24);
    }

    public static int internalPort(long entry) {
        return Mem.u16(entry + 28);
    }

    public static int externalPort(long entry) {
        return Mem.u16(entry + 30);
    }

    static long outsideKey(int externalIp, int protocol, int port) {
        return (long) externalIp << 32 | (long) protocol << 16 | port;
    }

    static long insideKey(int protocol, int port) {
        return (long) protocol << 16 | port;
    }

    static void write(long entry, NatTable.Rule row, long key0, long key1) {
        Mem.i64(entry, key0);
        Mem.i64(entry + 8, key1);
        Mem.i32(entry + 16, row.rdid());
        Mem.i32(entry + 20, row.internalIp());
        Mem.i32(entry + 24, row.externalIp());
        Mem.u16(entry + 28, row.internalPort());
        Mem.u16(entry + 30, row.externalPort());
    }

    static NatTable.Rule read(long entry, int protocol) {
        return new NatTable.Rule(
                rdid(entry), protocol, externalIp(entry), externalPort(entry), internalIp(entry), internalPort(entry));
    }
}
