package net.nvgate.gateway.route;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.dpdk.Mem;

/**
 * A NAT connection: an external address, or a range of its ports, that a tenant's hosts leave by. Never changes once published.
 *
 * <pre>
 *  0 externalIp (i32)    4 rdid (i32)      8 index (i32)    12 generation (i32)
 * 16 portMin (u16)      18 portMax (u16)  20 filtering (u8) 21 ALGs (u8)   22 portBlockSize (u16)
 * 24 UDP ms (i32)       28 TCP established ms   32 TCP transitory ms   36 ICMP ms   40 other protocols ms
 * 44 hosts of the deterministic prefixes (i32)   48 number of them (i32)
 * 56 n x | prefix (i32) | length (i32) |
 * </pre>
 */
public final class NatEntry {

    /** Values of {@link #filtering}, RFC 4787 §5. */
    public static final int ADDRESS_AND_PORT_DEPENDENT = 0;

    public static final int ADDRESS_DEPENDENT = 1;
    public static final int ENDPOINT_INDEPENDENT = 2;

    /** Most prefixes with computed port ranges that a connection may have. */
    public static final int DETERMINISTIC_MAX = 8;

    static final int BYTES = 128;
    private static final int PREFIXES = 56;

    private NatEntry() {}

    public static int externalIp(long entry) {
        return Mem.i32(entry);
    }

    public static int rdid(long entry) {
        return Mem.i32(entry + 4);
    }

    /** Dense index of the connection. Reused after the connection is gone. */
    public static int index(long entry) {
        return Mem.i32(entry + 8);
    }

    /** Never the same for two connections: state kept under another generation is another connection's. */
    public static int generation(long entry) {
        return Mem.i32(entry + 12);
    }

    /** First port or ICMP identifier for dynamic mappings. */
    public static int portMin(long entry) {
        return Mem.u16(entry + 16);
    }

    /** Last one, inclusive. */
    public static int portMax(long entry) {
        return Mem.u16(entry + 18);
    }

    /** Whom mappings let in: {@link #ADDRESS_AND_PORT_DEPENDENT} or another. */
    public static int filtering(long entry) {
        return Mem.u8(entry + 20);
    }

    /** Bits of {@link NatSettingsRow#algs}. */
    public static int algs(long entry) {
        return Mem.u8(entry + 21);
    }

    /** Ports that a host is given at a time, a power of two; 0 = one by one. */
    public static int portBlockSize(long entry) {
        return Mem.u16(entry + 22);
    }

    public static int udpMs(long entry) {
        return Mem.i32(entry + 24);
    }

    public static int tcpEstablishedMs(long entry) {
        return Mem.i32(entry + 28);
    }

    public static int tcpTransitoryMs(long entry) {
        return Mem.i32(entry + 32);
    }

    public static int icmpMs(long entry) {
        return Mem.i32(entry + 36);
    }

    public static int otherMs(long entry) {
        return Mem.i32(entry + 40);
    }

    /** Addresses of all deterministic prefixes, 0 = none. */
    public static int deterministicHosts(long entry) {
        return Mem.i32(entry + 44);
    }

    /** Number of a host among those of the deterministic prefixes, in their order; -1 = in none of them. */
    public static int deterministicOrdinal(long entry, int ca) {
        int count = Mem.i32(entry + 48);
        int before = 0;
        for (int i = 0; i < count; i++) {
            int prefix = Mem.i32(entry + PREFIXES + 8L * i);
            int length = Mem.i32(entry + PREFIXES + 8L * i + 4);
            if (Prefixes.contains(prefix, length, ca)) {
                return before + (ca - prefix);
            }
            before += 1 << (32 - length);
        }
        return -1;
    }

    static void write(long entry, NatTable.Connection row) {
        Mem.i32(entry, row.externalIp());
        Mem.i32(entry + 4, row.rdid());
        Mem.i32(entry + 8, row.index());
        Mem.i32(entry + 12, row.generation());
        Mem.u16(entry + 16, row.portMin());
        Mem.u16(entry + 18, row.portMax());
        NatSettingsRow settings = row.settings();
        Mem.u8(entry + 20, settings.filtering());
        Mem.u8(entry + 21, settings.algs());
        Mem.u16(entry + 22, settings.portBlockSize());
        Mem.i32(entry + 24, settings.udpMs());
        Mem.i32(entry + 28, settings.tcpEstablishedMs());
        Mem.i32(entry + 32, settings.tcpTransitoryMs());
        Mem.i32(entry + 36, settings.icmpMs());
        Mem.i32(entry + 40, settings.otherMs());
        int hosts = 0;
        int count = 0;
        for (Prefixes.Row prefix : settings.deterministic()) {
            Mem.i32(entry + PREFIXES + 8L * count, prefix.address());
            Mem.i32(entry + PREFIXES + 8L * count + 4, prefix.length());
            hosts += 1 << (32 - prefix.length());
            count++;
        }
        Mem.i32(entry + 44, hosts);
        Mem.i32(entry + 48, count);
    }

    static NatTable.Connection read(long entry) {
        List<Prefixes.Row> deterministic = new ArrayList<>();
        for (int i = 0; i < Mem.i32(entry + 48); i++) {
            deterministic.add(
                    new Prefixes.Row(Mem.i32(entry + PREFIXES + 8L * i), Mem.i32(entry + PREFIXES + 8L * i + 4)));
        }
        NatSettingsRow settings = new NatSettingsRow(
                filtering(entry),
                algs(entry),
                portBlockSize(entry),
                udpMs(entry),
                tcpEstablishedMs(entry),
                tcpTransitoryMs(entry),
                icmpMs(entry),
                otherMs(entry),
                deterministic);
        return new NatTable.Connection(
                externalIp(entry),
                rdid(entry),
                index(entry),
                portMin(entry),
                portMax(entry),
                generation(entry),
                settings);
    }
}
