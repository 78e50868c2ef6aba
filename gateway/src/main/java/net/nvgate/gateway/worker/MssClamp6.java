package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.packet.Tcp;

/** As {@link MssClamp}, for TCP over IPv6: MSS = MTU - IPv6 header 40 - TCP header 20. */
final class MssClamp6 {

    private static final int HEADERS = Ipv6.LENGTH + Tcp.MIN_LENGTH;

    private final boolean enabled;
    private final PathMtus mtus;
    private final MtuDiagnosis diagnosis;

    MssClamp6(boolean enabled, PathMtus mtus, MtuDiagnosis diagnosis) {
        this.enabled = enabled;
        this.mtus = mtus;
        this.diagnosis = diagnosis;
    }

    /** A packet from a VM to the physical side, with its inside source. */
    void outbound(long ip, int length, int domain) {
        long tcp = syn(ip, length);
        if (tcp != 0) {
            fromVm(tcp, ip, length, Math.min(source(ip, domain), mtus.external()), domain);
        }
    }

    /** A packet from outside to a VM, with its inside destination. */
    void inbound(long ip, int length, int domain) {
        long tcp = syn(ip, length);
        if (tcp != 0) {
            int most = Math.min(destination(ip, domain), mtus.external()) - HEADERS;
            if (MssClamp.lower(tcp, length - (int) (tcp - ip), most) != 0) {
                diagnosis.clampedInbound6(domain, Ipv6.destinationHigh(ip), Ipv6.destinationLow(ip));
            }
        }
    }

    /** A packet between VMs of a tenant. */
    void between(long ip, int length, int domain) {
        long tcp = syn(ip, length);
        if (tcp != 0) {
            fromVm(tcp, ip, length, Math.min(source(ip, domain), destination(ip, domain)), domain);
        }
    }

    private void fromVm(long tcp, long ip, int length, int mtu, int domain) {
        int announced = MssClamp.lower(tcp, length - (int) (tcp - ip), mtu - HEADERS);
        if (announced != 0) {
            diagnosis.clamped6(domain, Ipv6.sourceHigh(ip), Ipv6.sourceLow(ip), announced, mtu - HEADERS);
        }
    }

    private int source(long ip, int domain) {
        return mtus.tenant6(domain, Ipv6.sourceHigh(ip), Ipv6.sourceLow(ip));
    }

    private int destination(long ip, int domain) {
        return mtus.tenant6(domain, Ipv6.destinationHigh(ip), Ipv6.destinationLow(ip));
    }

    /** The TCP header of a SYN, 0 for every other packet. */
    private long syn(long ip, int length) {
        if (!enabled) {
            return 0;
        }
        long chain = Ipv6Chain.walk(ip, length);
        if (Ipv6Chain.isWrong(chain)
                || Ipv6Chain.protocol(chain) != Ipv4.TCP
                || Ipv6Chain.isLaterFragment(chain)
                || length - Ipv6Chain.offset(chain) < Tcp.MIN_LENGTH) {
            return 0;
        }
        long tcp = ip + Ipv6Chain.offset(chain);
        return (Tcp.flags(tcp) & Tcp.SYN) != 0 ? tcp : 0;
    }
}
