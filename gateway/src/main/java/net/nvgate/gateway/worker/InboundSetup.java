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
import net.nvgate.gateway.pcp.PcpBindings;
import net.nvgate.gateway.route.Nat64Table;
import net.nvgate.gateway.route.NatOneToOnes;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.watch.Step;
import org.jspecify.annotations.Nullable;

/** Makes the session of a first packet from outside, if a 1:1 pair, a NAT rule or a mapping's filtering lets it in. */
final class InboundSetup {

    private final NatTable nat;
    private final Nat64Table nat64;
    private final InsideHosts hosts;
    private final SessionPolicy policy;
    private final Sessions sessions;
    private final NatBindings bindings;
    private final PcpBindings pcp;
    private final AlgExpectations expectations;
    private final boolean tcpMidstream;
    private final WorkerClock clock;
    private final Tap tap;
    private final AclGate acl;
    /** Of the packet in hand. */
    private long ip;

    private boolean related;

    InboundSetup(WorkerParts parts, boolean tcpMidstream) {
        RouteTables tables = parts.tables;
        this.nat = tables.nat;
        this.nat64 = tables.nat64;
        this.hosts = parts.hosts;
        this.policy = new SessionPolicy(tables, parts.hosts);
        this.sessions = parts.sessions;
        this.bindings = parts.bindings;
        this.pcp = parts.pcp;
        this.expectations = parts.expectations;
        this.tcpMidstream = tcpMidstream;
        this.clock = parts.clock;
        this.tap = parts.tap;
        this.acl = parts.acl;
    }

    /** Whether an external address is one host's with all its packets, pings too. */
    boolean isOneToOne(int external) {
        return nat.oneToOnes.at(external) != 0;
    }

    /** Whether an address is a host's that a remote one may speak to without NAT. */
    boolean isExempt(int external, int remote) {
        return nat.exemptions.tenantOf(external, remote) != 0;
    }

    /** Makes the session of packet {@code i}, whose destination is a NAT address of ours or exempt; null when it is there. */
    @Nullable
    DropReason setUp(Burst burst, int i) {
        ip = burst.ip(i);
        related = false;
        long key0 = burst.key0(i);
        long key1 = burst.key1(i);
        int external = FlowKey.destination(key0);
        int externalPort = FlowKey.destinationPort(key1);
        int remote = FlowKey.source(key0);
        int protocol = FlowKey.protocol(key1);
        long pair = nat.oneToOnes.at(external);
        long rule = pair != 0 || !L4.hasPorts(protocol) ? 0 : nat.rules.at(external, protocol, externalPort, remote);
        long mapping = pair != 0 || rule != 0
                ? 0
                : mapping(external, externalPort, protocol, remote, FlowKey.sourcePort(key1));
        int exempt = pair == 0 && rule == 0 && mapping == 0 ? nat.exemptions.tenantOf(external, remote) : 0;
        if (pair == 0 && rule == 0 && mapping == 0 && exempt == 0) {
            return DropReason.UNSOLICITED;
        }
        int flags = burst.tcpFlags(i);
        boolean opens = (flags & (Tcp.SYN | Tcp.RST | Tcp.ACK)) == Tcp.SYN;
        if (protocol == Ipv4.TCP && !opens && (!tcpMidstream || (flags & (Tcp.RST | Tcp.SYN)) != 0)) {
            return DropReason.TCP_NO_SESSION;
        }
        int state = protocol != Ipv4.TCP ? SessionState.ACTIVE : opens ? SessionState.SYN_IN : SessionState.MIDSTREAM;
        if (exempt != 0) {
            tap.step(Step.NAT_EXEMPTION, exempt, external, remote);
            return create(key0, key1, exempt, external, externalPort, state, Session.IDENTITY, 0);
        }
        if (pair != 0) {
            int domain = NatOneToOnes.rdid(pair);
            int ca = NatOneToOnes.internalIp(pair);
            tap.step(Step.NAT_ONE_TO_ONE, domain, ca, external);
            return create(
                    key0, key1, domain, ca, externalPort, state, Session.ONE_TO_ONE, NatOneToOnes.generation(pair));
        }
        if (rule != 0) {
            int ca = serverOf(rule);
            int port = NatRuleEntry.internalPort(rule, externalPort);
            tap.step(
                    Step.NAT_RULE,
                    NatRuleEntry.rdid(rule),
                    Step.endpoint(ca, port),
                    Step.endpoint(external, externalPort),
                    protocol);
            return ca == InsideHosts.NONE
                    ? serverFault(rule)
                    : create(
                            key0,
                            key1,
                            NatRuleEntry.rdid(rule),
                            ca,
                            port,
                            state,
                            Session.STATIC,
                            NatRuleEntry.generation(rule));
        }
        tap.step(
                Step.NAT_MAPPING,
                Mappings.domain(mapping),
                Step.endpoint(Mappings.ca(mapping), Mappings.port(mapping)),
                Step.endpoint(external, externalPort));
        related = expectations.has(remote, external, externalPort, protocol);
        DropReason fault = create(
                key0,
                key1,
                Mappings.domain(mapping),
                Mappings.ca(mapping),
                Mappings.port(mapping),
                state,
                0,
                Mappings.generation(mapping));
        if (fault == null) {
            bindings.acquire(mapping, remote);
            expectations.fulfilled(remote, external, externalPort, protocol);
        }
        return fault;
    }

    /** CA of a rule's server; of an IPv6 one its handle, by the tenant's lowest NAT64 prefix, {@link InsideHosts#NONE} if it gets none. */
    private int serverOf(long rule) {
        if ((NatRuleEntry.high(rule) | NatRuleEntry.low(rule)) == 0) {
            return NatRuleEntry.internalIp(rule);
        }
        long prefix = nat64.defaultOf(NatRuleEntry.rdid(rule));
        return prefix == 0
                ? InsideHosts.NONE
                : hosts.intern(
                        NatRuleEntry.rdid(rule),
                        NatRuleEntry.high(rule),
                        NatRuleEntry.low(rule),
                        Nat64Table.high(prefix),
                        Nat64Table.low(prefix),
                        Nat64Table.prefixLength(prefix),
                        (int) clock.ms());
    }

    private DropReason serverFault(long rule) {
        return nat64.defaultOf(NatRuleEntry.rdid(rule)) == 0 ? DropReason.NO_NAT64 : DropReason.NAT64_HOSTS_FULL;
    }

    /** Whether filtering lets a remote endpoint in, and the filter of who asked for the mapping. */
    private boolean admits(long mapping, int remote, int remotePort) {
        return bindings.admits(mapping, remote)
                && (!Mappings.isExplicit(mapping) || pcp.admits(mapping, remote, remotePort));
    }

    /** The mapping of an external port that lets a remote host in; 0 = none. */
    private long mapping(int external, int externalPort, int protocol, int remote, int remotePort) {
        long mapping = L4.hasPorts(protocol) ? bindings.at(external, externalPort, protocol) : 0;
        boolean open = mapping != 0
                && (expectations.has(remote, external, externalPort, protocol) || admits(mapping, remote, remotePort))
                && policy.allowsMapping(
                        Mappings.domain(mapping),
                        Mappings.ca(mapping),
                        external,
                        externalPort,
                        Mappings.generation(mapping));
        return open ? mapping : 0;
    }

    private @Nullable DropReason create(
            long key0, long key1, int domain, int ca, int port, int state, int flags, int generation) {
        int remote = FlowKey.source(key0);
        int remotePort = FlowKey.sourcePort(key1);
        int protocol = FlowKey.protocol(key1);
        long outKey1 = FlowKey.rest(FlowKey.ports(port, remotePort), domain, protocol);
        long outKey0 = FlowKey.addresses(ca, remote);
        if (sessions.find(outKey0, outKey1) != 0) {
            // The host reaches this remote endpoint by another external tuple already.
            return DropReason.NAT_TUPLE_IN_USE;
        }
        boolean opens = state == SessionState.SYN_IN;
        if (!related && !acl.allowsInbound(domain, ca, port, remote, remotePort, protocol, ip, opens)) {
            return DropReason.ACL;
        }
        if (!related && state == SessionState.MIDSTREAM && !acl.allowsToo(false, outKey0, outKey1)) {
            return DropReason.ACL;
        }
        if (!sessions.hasRoom(domain, ca, protocol)) {
            return DropReason.FLOW_TABLE_FULL;
        }
        NatRefusal refusal = bindings.subscribers().admitSession(domain, ca, sessions.free(), clock.nanos());
        if (refusal != null) {
            return NatRefusals.reason(refusal);
        }
        long line = sessions.create(
                domain,
                ca,
                port,
                remote,
                remotePort,
                FlowKey.destination(key0),
                FlowKey.destinationPort(key1),
                protocol,
                state,
                flags | Session.FROM_OUTSIDE,
                generation);
        if (line != 0) {
            Session.related(line, related);
        }
        return line == 0 ? DropReason.FLOW_TABLE_FULL : null;
    }
}
