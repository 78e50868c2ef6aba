package net.nvgate.gateway.talkers;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;

/**
 * Whose traffic a session is, by its outbound line.
 *
 * <pre>
 *  VM:   | domain 24 | 0 8 | CA 32 |
 *  rule: | protocol 8 | 1 8 | external port 16 | external address 32 |
 * </pre>
 */
public final class TrafficKeys {

    private TrafficKeys() {}

    public static long vm(long session) {
        return (long) FlowKey.domain(Session.key1(session)) << 40
                | Integer.toUnsignedLong(FlowKey.source(Session.key0(session)));
    }

    /** 0 if no NAT rule made the session. */
    public static long rule(long session) {
        if ((Session.flags(session) & Session.STATIC) == 0) {
            return 0;
        }
        long in1 = Session.key1(Session.other(session));
        return (long) FlowKey.protocol(in1) << 56
                | 1L << 48
                | (long) FlowKey.destinationPort(in1) << 32
                | Integer.toUnsignedLong(FlowKey.destination(Session.key0(Session.other(session))));
    }

    public static int domain(long vm) {
        return (int) (vm >>> 40);
    }

    /** CA, of a NAT64 host its handle. */
    public static int address(long vm) {
        return (int) vm;
    }

    public static int protocol(long rule) {
        return (int) (rule >>> 56);
    }

    public static int externalPort(long rule) {
        return (int) (rule >>> 32) & 0xffff;
    }

    public static int externalAddress(long rule) {
        return (int) rule;
    }
}
