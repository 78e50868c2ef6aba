package net.nvgate.gateway.talkers;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.packet.Ipv4;

/**
 * Whose traffic a session is, by its outbound line.
 *
 * <pre>
 *  VM:   | domain 24 | generation 8 | CA 32 |
 *  rule: | UDP 1 | domain 15 | external port 16 | external address 32 |
 * </pre>
 *
 * Who gets a NAT64 handle, or an external port, that another one had begins anew: the generation is that of a handle, and a rule's tenant
 * is in its key.
 */
public final class TrafficKeys {

    /** Tenants of a gateway are 16,385 at most. */
    private static final long DOMAIN_MASK = 0x7fff;

    private TrafficKeys() {}

    /** @param generation of the NAT64 host's handle, 0 for an IPv4 host */
    public static long vm(long session, int generation) {
        return (long) FlowKey.domain(Session.key1(session)) << 40
                | (generation & 0xffL) << 32
                | Integer.toUnsignedLong(FlowKey.source(Session.key0(session)));
    }

    /** 0 if no NAT rule made the session. */
    public static long rule(long session) {
        if ((Session.flags(session) & Session.STATIC) == 0) {
            return 0;
        }
        long inbound = Session.other(session);
        long in1 = Session.key1(inbound);
        return rule(
                FlowKey.protocol(in1),
                FlowKey.domain(Session.key1(session)),
                FlowKey.destinationPort(in1),
                FlowKey.destination(Session.key0(inbound)));
    }

    /** @param protocol TCP or UDP: rules have no other */
    public static long rule(int protocol, int domain, int externalPort, int externalAddress) {
        return (protocol == Ipv4.UDP ? 1L << 63 : 0)
                | (domain & DOMAIN_MASK) << 48
                | (long) externalPort << 32
                | Integer.toUnsignedLong(externalAddress);
    }

    public static int domain(long vm) {
        return (int) (vm >>> 40);
    }

    /** CA, of a NAT64 host its handle. */
    public static int address(long vm) {
        return (int) vm;
    }

    /** Of the handle, if the address is one. */
    public static int generation(long vm) {
        return (int) (vm >>> 32) & 0xff;
    }

    public static int protocol(long rule) {
        return rule < 0 ? Ipv4.UDP : Ipv4.TCP;
    }

    /** The tenant whose rule it was. */
    public static int ruleDomain(long rule) {
        return (int) (rule >>> 48 & DOMAIN_MASK);
    }

    public static int externalPort(long rule) {
        return (int) (rule >>> 32) & 0xffff;
    }

    public static int externalAddress(long rule) {
        return (int) rule;
    }
}
