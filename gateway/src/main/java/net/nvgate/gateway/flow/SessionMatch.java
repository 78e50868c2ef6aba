package net.nvgate.gateway.flow;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which sessions are meant: all that is given must fit. Reads a session where it lies and allocates nothing, so that a million can be
 * looked through.
 *
 * @param domains indexes of routing domains; empty = any
 * @param inside CAs; NAT64 hosts are found by their handles
 * @param protocol IANA number, 0 = any
 * @param states bit {@code 1 << state} for each of {@link SessionState}; 0 = any
 * @param nat empty = any
 * @param rules parts of NAT rules of which it must have come by one; empty = any
 */
public record SessionMatch(
        Optional<BitSet> domains,
        Nets inside,
        Nets external,
        Nets remote,
        int protocol,
        Range insidePort,
        Range externalPort,
        Range remotePort,
        int states,
        Optional<SessionNat> nat,
        List<Rule> rules,
        Range ageMs,
        Range idleMs,
        Range bytes,
        Range packets) {

    public static final SessionMatch ALL = new SessionMatch(
            Optional.empty(),
            Nets.ANY,
            Nets.ANY,
            Nets.ANY,
            0,
            Range.ANY,
            Range.ANY,
            Range.ANY,
            0,
            Optional.empty(),
            List.of(),
            Range.ANY,
            Range.ANY,
            Range.ANY,
            Range.ANY);

    /** Both ends belong to it. */
    public record Range(long min, long max) {

        public static final Range ANY = new Range(Long.MIN_VALUE, Long.MAX_VALUE);

        boolean contains(long value) {
            return value >= min && value <= max;
        }

        boolean isAny() {
            return equals(ANY);
        }
    }

    /** Bits of an address that must be so. */
    public record Net(int address, int mask) {

        static final Net ANY = new Net(0, 0);

        /** @param length of the prefix, 0 .. 32 */
        public static Net of(int address, int length) {
            int mask = length == 0 ? 0 : -1 << (Integer.SIZE - length);
            return new Net(address & mask, mask);
        }

        boolean contains(int other) {
            return (other & mask) == address;
        }
    }

    /** An address must be in one of them, or be one of the hosts; none at all = no address is. */
    public record Nets(List<Net> nets, Set<Integer> hosts) {

        public static final Nets ANY = new Nets(List.of(Net.ANY), Set.of());

        boolean contains(int address) {
            for (int i = 0; i < nets.size(); i++) {
                if (nets.get(i).contains(address)) {
                    return true;
                }
            }
            return !hosts.isEmpty() && hosts.contains(address);
        }
    }

    /** A NAT rule as remote hosts of one prefix see it. */
    public record Rule(int external, int protocol, Range externalPort, Net remote) {

        boolean has(int itsExternal, int itsProtocol, int itsExternalPort, int itsRemote) {
            return external == itsExternal
                    && protocol == itsProtocol
                    && externalPort.contains(itsExternalPort)
                    && remote.contains(itsRemote);
        }
    }

    /** Of a session by its outbound line. */
    boolean accepts(long session, long stamp, long nowMs) {
        return acceptsTuple(session) && acceptsOrigin(session) && acceptsUse(session, stamp, nowMs);
    }

    private boolean acceptsTuple(long session) {
        long out0 = Session.key0(session);
        long out1 = Session.key1(session);
        long inbound = session + Session.LINE;
        return (domains.isEmpty() || domains.get().get(FlowKey.domain(out1)))
                && (protocol == 0 || protocol == FlowKey.protocol(out1))
                && inside.contains(FlowKey.source(out0))
                && remote.contains(FlowKey.destination(out0))
                && external.contains(FlowKey.destination(Session.key0(inbound)))
                && insidePort.contains(FlowKey.sourcePort(out1))
                && remotePort.contains(FlowKey.destinationPort(out1))
                && externalPort.contains(FlowKey.destinationPort(Session.key1(inbound)));
    }

    private boolean acceptsOrigin(long session) {
        return (states == 0 || (states >>> Session.state(session) & 1) != 0)
                && (nat.isEmpty() || nat.get() == SessionNat.of(Session.flags(session)))
                && (rules.isEmpty() || isOfRule(session));
    }

    private boolean isOfRule(long session) {
        if (SessionNat.of(Session.flags(session)) != SessionNat.RULE) {
            return false;
        }
        long inbound = session + Session.LINE;
        int itsExternal = FlowKey.destination(Session.key0(inbound));
        int itsProtocol = FlowKey.protocol(Session.key1(session));
        int itsPort = FlowKey.destinationPort(Session.key1(inbound));
        int itsRemote = FlowKey.destination(Session.key0(session));
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).has(itsExternal, itsProtocol, itsPort, itsRemote)) {
                return true;
            }
        }
        return false;
    }

    private boolean acceptsUse(long session, long stamp, long nowMs) {
        return (bytes.isAny() || bytes.contains(SessionSort.BYTES.value(session, stamp, nowMs)))
                && (packets.isAny() || packets.contains(SessionSort.PACKETS.value(session, stamp, nowMs)))
                && (ageMs.isAny() || ageMs.contains(FlowTable.ageMs(stamp, nowMs)))
                && (idleMs.isAny() || idleMs.contains(Session.idleMs(session, (int) nowMs)));
    }
}
