package net.nvgate.gateway.route;

import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;

/**
 * What the gateway knows of a VSID. Never changes once published; addresses and MACs are host-order integers as in
 * {@code Ipv4Address.value()} and {@code MacAddress.value()}, 0 = none.
 *
 * <pre>
 *  0 vsid (i64)      16 gatewayMac (i64)   32 gatewayCa (i32)   40 ownPa (i32)    48 prefixLength (i32)
 *  8 rdid (i32)      24 routerMac (i64)    36 routerCa (i32)    44 prefix (i32)   52 countersIndex (i32)
 * 12 flags (i32)                                                            56 ownPa6 (i32)
 * 64 gatewayMac6 (i64)  72, 80 gatewayCa6 (i64s)   88 routerMac6 (i64)   96, 104 routerCa6 (i64s)
 * </pre>
 */
public final class VsidEntry {

    public static final int BYTES = 128;

    /** NVGRE with this VSID and {@link #gatewayMac} is for the gateway: a record of the VSID has one of our PAs. */
    public static final int TERMINATES_HERE = 1;
    /** VMs live in this subnet: it has a record with a PA of another node. */
    public static final int VM_SUBNET = 1 << 1;
    /** The subnet was announced as a routing subnet (VMM 10.254.254.0/29). */
    public static final int GATEWAY_SUBNET = 1 << 2;
    /** Both of the first two: the gateway shares the VMs' VSID. */
    public static final int SHARED = TERMINATES_HERE | VM_SUBNET;

    /** DSCP by the pipe model (RFC 2983 §3.1): outer packets have {@link #dscp}, inner ones keep theirs. Else uniform. */
    public static final int PIPE = 1 << 4;
    /** The tenant may ask for mappings by PCP. */
    public static final int PCP = 1 << 5;

    private static final int DSCP_SHIFT = 8;

    private VsidEntry() {}

    /** Flags of a tenant with the pipe model; 0 for the uniform one. */
    public static int pipe(int dscp) {
        return PIPE | dscp << DSCP_SHIFT;
    }

    public static boolean hasPcp(long entry) {
        return (flags(entry) & PCP) != 0;
    }

    public static boolean isPipe(long entry) {
        return (flags(entry) & PIPE) != 0;
    }

    /** DSCP of outer packets toward the subnet if {@link #isPipe}, 0..63. */
    public static int dscp(long entry) {
        return flags(entry) >>> DSCP_SHIFT & 63;
    }

    public static int vsid(long entry) {
        return (int) Mem.i64(entry);
    }

    /** Dense index of the routing domain, from 1. */
    public static int rdid(long entry) {
        return Mem.i32(entry + 8);
    }

    public static int flags(long entry) {
        return Mem.i32(entry + 12);
    }

    public static boolean terminatesHere(long entry) {
        return (flags(entry) & TERMINATES_HERE) != 0;
    }

    /** MAC of the gateway record; for a VM subnet without one, that of the RDID's gateway record. */
    public static long gatewayMac(long entry) {
        return Mem.i64(entry + 16);
    }

    /** MAC of the distributed router in this subnet (DG record). */
    public static long routerMac(long entry) {
        return Mem.i64(entry + 24);
    }

    /** The gateway's own CA, found like {@link #gatewayMac}. */
    public static int gatewayCa(long entry) {
        return Mem.i32(entry + 32);
    }

    /** CA of the subnet's default gateway (DG record), e.g. 192.168.1.1. */
    public static int routerCa(long entry) {
        return Mem.i32(entry + 36);
    }

    /** Our PA in the gateway record: outer source toward the VMs of this RDID. */
    public static int ownPa(long entry) {
        return Mem.i32(entry + 40);
    }

    /** IPv4 prefix of the subnet; length 0 if not known. */
    public static int prefix(long entry) {
        return Mem.i32(entry + 44);
    }

    public static int prefixLength(long entry) {
        return Mem.i32(entry + 48);
    }

    /** Dense index for per-VSID counters, stable while the VSID exists. */
    public static int countersIndex(long entry) {
        return Mem.i32(entry + 52);
    }

    /** Outer source toward VMs whose PA is IPv6, as a handle of {@link ProviderAddresses6}; 0 = we have none. */
    public static int ownPa6(long entry) {
        return Mem.i32(entry + 56);
    }

    /** As {@link #gatewayMac}, of the IPv6 record. */
    public static long gatewayMac6(long entry) {
        return Mem.i64(entry + 64);
    }

    public static long gatewayCa6High(long entry) {
        return Mem.i64(entry + 72);
    }

    public static long gatewayCa6Low(long entry) {
        return Mem.i64(entry + 80);
    }

    /** As {@link #routerMac}, of the IPv6 record. */
    public static long routerMac6(long entry) {
        return Mem.i64(entry + 88);
    }

    public static long routerCa6High(long entry) {
        return Mem.i64(entry + 96);
    }

    public static long routerCa6Low(long entry) {
        return Mem.i64(entry + 104);
    }

    static void write(long entry, VsidRow row) {
        Mem.i64(entry, row.vsid());
        Mem.i32(entry + 8, row.rdid());
        Mem.i32(entry + 12, row.flags());
        Mem.i64(entry + 16, row.gatewayMac());
        Mem.i64(entry + 24, row.routerMac());
        Mem.i32(entry + 32, row.gatewayCa());
        Mem.i32(entry + 36, row.routerCa());
        Mem.i32(entry + 40, row.ownPa());
        Mem.i32(entry + 44, row.prefix());
        Mem.i32(entry + 48, row.prefixLength());
        Mem.i32(entry + 52, row.countersIndex());
        VsidRow.V6 v6 = row.v6();
        Mem.i32(entry + 56, v6.ownPa());
        Mem.i64(entry + 64, v6.gatewayMac());
        Mem.i64(entry + 72, v6.gatewayCa().high());
        Mem.i64(entry + 80, v6.gatewayCa().low());
        Mem.i64(entry + 88, v6.routerMac());
        Mem.i64(entry + 96, v6.routerCa().high());
        Mem.i64(entry + 104, v6.routerCa().low());
    }

    static VsidRow read(long entry) {
        return new VsidRow(
                vsid(entry),
                rdid(entry),
                flags(entry),
                gatewayMac(entry),
                gatewayCa(entry),
                routerMac(entry),
                routerCa(entry),
                ownPa(entry),
                prefix(entry),
                prefixLength(entry),
                countersIndex(entry),
                new VsidRow.V6(
                        gatewayMac6(entry),
                        new Ipv6Address(gatewayCa6High(entry), gatewayCa6Low(entry)),
                        routerMac6(entry),
                        new Ipv6Address(routerCa6High(entry), routerCa6Low(entry)),
                        ownPa6(entry)));
    }
}
