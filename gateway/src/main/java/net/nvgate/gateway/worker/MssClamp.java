package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;

/**
 * Lowers the maximum segment size that TCP's SYN packets announce (RFC 9293 §3.7.1) to what fits the path both ways, so that
 * connections work where path MTU discovery does not (RFC 2923 §2.1). Never raises it and adds none: without the
 * option the peer sends segments of 536 bytes at most.
 *
 * <pre>
 *  option: kind 2 | length 4 | MSS 16       MSS = MTU - IP header 20 - TCP header 20
 * </pre>
 */
final class MssClamp {

    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_MSS = 2;
    private static final int OPTION_MSS_LENGTH = 4;
    private static final int IPV4_HEADERS = Ipv4.MIN_LENGTH + Tcp.MIN_LENGTH;

    private final boolean enabled;
    private final PathMtus mtus;
    private final MtuDiagnosis diagnosis;

    MssClamp(boolean enabled, PathMtus mtus, MtuDiagnosis diagnosis) {
        this.enabled = enabled;
        this.mtus = mtus;
        this.diagnosis = diagnosis;
    }

    /** A SYN from a VM to the physical side. */
    void outbound(long ip, int length, int domain) {
        int ca = Ipv4.source(ip);
        int most = Math.min(mtus.tenant(domain, ca), mtus.external()) - IPV4_HEADERS;
        int announced = clamp(ip, length, most);
        if (announced != 0) {
            diagnosis.clamped(domain, ca, announced, most);
        }
    }

    /** A SYN from outside to a VM, whose CA is not in the packet yet. */
    void inbound(long ip, int length, int domain, int ca) {
        if (clamp(ip, length, Math.min(mtus.tenant(domain, ca), mtus.external()) - IPV4_HEADERS) != 0) {
            diagnosis.clampedInbound(domain, ca);
        }
    }

    /** A packet between VMs of a tenant; any protocol and fragment. */
    void between(long ip, int length, int domain) {
        int headerLength = Ipv4.headerLength(ip);
        if (Ipv4.protocol(ip) == Ipv4.TCP
                && (Ipv4.fragment(ip) & Ipv4.OFFSET_MASK) == 0
                && length - headerLength >= Tcp.MIN_LENGTH
                && (Tcp.flags(ip + headerLength) & Tcp.SYN) != 0) {
            int source = Ipv4.source(ip);
            int mtu = Math.min(mtus.tenant(domain, source), mtus.tenant(domain, Ipv4.destination(ip)));
            int announced = clamp(ip, length, mtu - IPV4_HEADERS);
            if (announced != 0) {
                diagnosis.clamped(domain, source, announced, mtu - IPV4_HEADERS);
            }
        }
    }

    private int clamp(long ip, int length, int most) {
        int headerLength = Ipv4.headerLength(ip);
        return enabled ? lower(ip + headerLength, length - headerLength, most) : 0;
    }

    /**
     * Lowers the MSS option of a TCP header, and its checksum with it.
     *
     * @param available bytes of the segment that are there, at least 20
     * @param most largest MSS
     * @return the MSS that was announced, 0 when nothing was changed
     */
    static int lower(long tcp, int available, int most) {
        int end = Math.min(Tcp.headerLength(tcp), available);
        int changed = 0;
        int i = Tcp.MIN_LENGTH;
        while (i < end) {
            int kind = Mem.u8(tcp + i);
            if (kind == OPTION_NOP) {
                i++;
                continue;
            }
            if (kind == OPTION_END || i + 1 >= end) {
                break;
            }
            int size = Mem.u8(tcp + i + 1);
            if (size < 2 || i + size > end) {
                break;
            }
            if (kind == OPTION_MSS && size == OPTION_MSS_LENGTH && Mem.u16Be(tcp + i + 2) > most) {
                changed = write(tcp, i + 2, most);
            }
            i += size;
        }
        return changed;
    }

    private static int write(long tcp, int offset, int most) {
        int announced = Mem.u16Be(tcp + offset);
        Mem.u16Be(tcp + offset, most);
        int delta = Checksum.delta16(announced, most);
        // Words of the sum start at even offsets; a value that straddles two counts with its bytes swapped (RFC 1071 §2
        // B).
        boolean straddles = (offset & 1) != 0;
        int aligned = straddles ? (delta << 8 | delta >>> 8) & 0xffff : delta;
        long at = tcp + Tcp.CHECKSUM_OFFSET;
        Mem.u16Be(at, Checksum.apply(Mem.u16Be(at), aligned));
        return announced;
    }
}
