package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.nat.Mappings;
import net.nvgate.gateway.nat.NatBindings;
import net.nvgate.gateway.nat.NatRefusal;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.route.NatOneToOnes;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.watch.Step;
import org.jspecify.annotations.Nullable;

/**
 * Makes the session of a first packet from inside. Its external address and port are, in this order, its own (exempt from NAT), those of
 * its 1:1 pair, of its NAT rule, or of its mapping.
 */
final class OutboundSetup {

    private final NatTable nat;
    private final Sessions sessions;
    private final NatBindings bindings;
    private final boolean tcpMidstream;
    private final WorkerClock clock;
    private final AddressOnlySetup addressOnly;
    private final InsideHosts hosts;
    private final Tap tap;
    private final AclGate acl;
    private final FirstPackets firstPackets;
    private long made;
    private boolean translated;

    OutboundSetup(WorkerParts parts, boolean tcpMidstream) {
        this.nat = parts.tables.nat;
        this.sessions = parts.sessions;
        this.bindings = parts.bindings;
        this.tcpMidstream = tcpMidstream;
        this.clock = parts.clock;
        this.hosts = parts.hosts;
        this.tap = parts.tap;
        this.acl = parts.acl;
        this.firstPackets = parts.firstPackets;
        this.addressOnly = new AddressOnlySetup(nat.connections, sessions);
    }

    /** Makes the session of packet {@code i}, which has been routed to the physical side; null when it is there. */
    @Nullable
    DropReason setUp(Burst burst, int i) {
        made = 0;
        translated = false;
        long key0 = burst.key0(i);
        long key1 = burst.key1(i);
        int protocol = FlowKey.protocol(key1);
        if (protocol == Ipv4.ICMP && !L4.isQueryRequest(burst.ip(i))) {
            return DropReason.ICMP_NO_SESSION;
        }
        int flags = burst.tcpFlags(i);
        boolean opens = (flags & (Tcp.SYN | Tcp.RST | Tcp.ACK)) == Tcp.SYN;
        if (protocol == Ipv4.TCP && !opens && (!tcpMidstream || (flags & (Tcp.RST | Tcp.SYN)) != 0)) {
            return DropReason.TCP_NO_SESSION;
        }
        DropReason denied = acl.outbound(key0, key1, burst.ip(i), protocol == Ipv4.TCP && opens);
        if (denied != null) {
            return denied;
        }
        int domain = FlowKey.domain(key1);
        int ca = FlowKey.source(key0);
        firstPackets.expect(i);
        if (!sessions.hasRoom(domain, ca, protocol)) {
            return DropReason.FLOW_TABLE_FULL;
        }
        NatRefusal refusal = bindings.subscribers().admitSession(domain, ca, sessions.free(), clock.nanos());
        if (refusal != null) {
            return NatRefusals.reason(refusal);
        }
        int state = protocol != Ipv4.TCP ? SessionState.ACTIVE : opens ? SessionState.SYN_OUT : SessionState.MIDSTREAM;
        return translate(key0, key1, domain, ca, protocol, state);
    }

    /** Outbound line of the session that the last {@link #setUp} has made; 0 = another class has. */
    long made() {
        return made;
    }

    /** Whether that session is of TCP or UDP, by a mapping: what policy and port ACLs say of it has been asked. */
    boolean isTranslated() {
        return translated;
    }

    private @Nullable DropReason translate(long key0, long key1, int domain, int ca, int protocol, int state) {
        int port = FlowKey.sourcePort(key1);
        int remote = FlowKey.destination(key0);
        if (nat.exemptions.contain(domain, ca, remote)) {
            tap.step(Step.NAT_EXEMPTION, domain, ca, remote);
            return create(key0, key1, ca, port, state, Session.IDENTITY, 0, 0);
        }
        long pair = nat.oneToOnes.inside(domain, ca);
        if (pair != 0) {
            int external = NatOneToOnes.externalIp(pair);
            tap.step(Step.NAT_ONE_TO_ONE, domain, ca, external);
            return create(key0, key1, external, port, state, Session.ONE_TO_ONE, NatOneToOnes.generation(pair), 0);
        }
        if (L4.isByAddress(protocol)) {
            return addressOnly.setUp(key0, key1);
        }
        long rule = L4.hasPorts(protocol)
                ? nat.rules.inside(domain, ca, hosts.highOf(ca), hosts.lowOf(ca), protocol, port, remote)
                : 0;
        if (rule != 0) {
            int external = NatRuleEntry.externalIp(rule);
            int externalPort = NatRuleEntry.externalPort(rule, port);
            tap.step(Step.NAT_RULE, domain, Step.endpoint(ca, port), Step.endpoint(external, externalPort), protocol);
            return create(key0, key1, external, externalPort, state, Session.STATIC, NatRuleEntry.generation(rule), 0);
        }
        long mapping = bindings.bind(domain, ca, port, protocol, remote, clock.ms());
        NatRefusal refusal = bindings.refusal();
        if (mapping == 0) {
            return refusal == null ? DropReason.NO_NAT : NatRefusals.reason(refusal);
        }
        int external = Mappings.externalAddress(mapping);
        int externalPort = Mappings.externalPort(mapping);
        int generation = Mappings.generation(mapping);
        tap.step(Step.NAT_MAPPING, domain, Step.endpoint(ca, port), Step.endpoint(external, externalPort));
        DropReason fault = create(key0, key1, external, externalPort, state, 0, generation, mapping);
        if (fault != null) {
            bindings.unbind(domain, ca, port, protocol, external, externalPort, generation, remote, true, clock.ms());
        }
        translated = fault == null && L4.hasPorts(protocol);
        return fault;
    }

    /** @param mapping that the external port is of, 0 = none */
    private @Nullable DropReason create(
            long key0, long key1, int external, int externalPort, int state, int flags, int generation, long mapping) {
        int remote = FlowKey.destination(key0);
        int remotePort = FlowKey.destinationPort(key1);
        int protocol = FlowKey.protocol(key1);
        boolean opensInward = (flags & (Session.STATIC | Session.ONE_TO_ONE | Session.IDENTITY)) != 0;
        if (state == SessionState.MIDSTREAM && opensInward && !acl.allowsToo(true, key0, key1)) {
            return DropReason.ACL;
        }
        if (!sessions.isTupleFree(remote, remotePort, external, externalPort, protocol)) {
            return DropReason.NAT_TUPLE_IN_USE;
        }
        long line = sessions.create(
                FlowKey.domain(key1),
                FlowKey.source(key0),
                FlowKey.sourcePort(key1),
                remote,
                remotePort,
                external,
                externalPort,
                protocol,
                state,
                flags,
                generation,
                mapping == 0
                        ? sessions.idleMsMax(protocol, state, external, externalPort, generation)
                        : sessions.idleMsMax(protocol, state, mapping));
        made = line;
        return line == 0 ? DropReason.FLOW_TABLE_FULL : null;
    }
}
