package net.nvgate.gateway.worker;

import net.nvgate.fabric.model.AclAction;
import net.nvgate.gateway.acl.AclHits;
import net.nvgate.gateway.acl.AclPacket;
import net.nvgate.gateway.acl.AclTable;
import net.nvgate.gateway.acl.TenantAcl;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;

/**
 * Asks port ACLs about packets that get no session: between VMs, to and from tenants' own networks, and all of IPv6. Each side that is a
 * tenant's has its say: the sender's lists for flows from it, the receiver's for flows to it.
 *
 * <pre>
 *  no lists on either side ------------------------> passes
 *  a later fragment -------------------------------> passes: without its first one nobody can put it together
 *  the ports or the ICMP header are not in it -----> does not pass: what follows would not be judged (RFC 7112 §5)
 *  of a flow that is known: judged by these lists -> passes, or not; by older ones: judged anew as its first packet was
 *  an ICMP error about such a flow ----------------> passes
 *  ICMP but echo and timestamp --------------------> judged, each packet: of no flow
 *  an answer to nothing that is known -------------> judged, each packet
 *  opens a flow ----------------------------------> judged, and remembered if it may
 *  TCP in the middle of what is not known ---------> either side may have opened it: both ways must be allowed
 * </pre>
 *
 * One thread.
 */
final class AclTransit {

    private static final int PORTS = 4;
    private static final int ECHO_HEADER = 8;
    /** In place of a type of ICMP. */
    private static final int NO_QUERY = -1;

    private final AclTable table;
    private final AclFlows flows;
    private final WorkerClock clock;
    private final AclHits hits;
    private final Events events;
    private final AclHits uncounted = new AclHits(0);
    private final AclPacket packet = new AclPacket();

    // The packet in hand.
    private int from;
    private int to;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourcePort;
    private int destinationPort;
    private int protocol;
    private int typeAndCode;
    private final Tap tap;

    AclTransit(AclTable table, AclFlows flows, AclHits hits, Events events, Tap tap, WorkerClock clock) {
        this.tap = tap;
        this.table = table;
        this.flows = flows;
        this.hits = hits;
        this.events = events;
        this.clock = clock;
    }

    /** Domain that a packet's sender is in: none if it came from a tenant's network outside. */
    static int sender(long vsid) {
        int link = -VsidEntry.vsid(vsid);
        return link > 0 && !TenantLinks.isBackEnd(link) ? 0 : VsidEntry.rdid(vsid);
    }

    /**
     * Domain that a packet's receiver is in, by where it goes: a peer's, the sender's, or none outside.
     *
     * @param domain that the packet was routed in
     */
    static int receiver(long adjacency, int domain) {
        return switch (Adjacency.kind(adjacency)) {
            case Adjacency.FRONT_END -> 0;
            case Adjacency.TENANT, Adjacency.TENANT_IPV6 -> Adjacency.domain(adjacency);
            default -> domain;
        };
    }

    /** Whether neither side has lists. */
    boolean isOpen(int from, int to) {
        return table.of(from) == null && table.of(to) == null;
    }

    /**
     * A whole IPv4 packet or a fragment of one.
     *
     * @param from domain of the sender, 0 = none: it is in no VM network; likewise {@code to}
     */
    AclAction passes4(long ip, int length, int from, int to) {
        if (isOpen(from, to)) {
            return AclAction.ALLOW;
        }
        int headerLength = Ipv4.headerLength(ip);
        int offset = Ipv4.fragment(ip) & Ipv4.OFFSET_MASK;
        if (offset != 0) {
            // One that could write over the ports of the first one is none that anybody needs (RFC 3128).
            return offset == 1 && Ipv4.protocol(ip) == Ipv4.TCP ? AclAction.DENY : AclAction.ALLOW;
        }
        read4(ip, from, to);
        return passes(ip + headerLength, length - headerLength);
    }

    /** As {@link #passes4}, of IPv6. */
    AclAction passes6(long ip, int length, int from, int to) {
        if (isOpen(from, to)) {
            return AclAction.ALLOW;
        }
        long chain = Ipv6Chain.walk(ip, length);
        if (Ipv6Chain.isWrong(chain)) {
            return AclAction.DENY;
        }
        if (Ipv6Chain.isLaterFragment(chain)) {
            return AclAction.ALLOW;
        }
        read6(ip, from, to);
        protocol = Ipv6Chain.protocol(chain);
        return passes(ip + Ipv6Chain.offset(chain), length - Ipv6Chain.offset(chain));
    }

    private void read4(long ip, int fromDomain, int toDomain) {
        from = fromDomain;
        to = toDomain;
        sourceHigh = 0;
        sourceLow = AclPacket.mapped(Ipv4.source(ip));
        destinationHigh = 0;
        destinationLow = AclPacket.mapped(Ipv4.destination(ip));
        protocol = Ipv4.protocol(ip);
    }

    private void read6(long ip, int fromDomain, int toDomain) {
        from = fromDomain;
        to = toDomain;
        sourceHigh = Ipv6.sourceHigh(ip);
        sourceLow = Ipv6.sourceLow(ip);
        destinationHigh = Ipv6.destinationHigh(ip);
        destinationLow = Ipv6.destinationLow(ip);
    }

    private AclAction passes(long l4, int available) {
        if (available < lengthMin()) {
            return AclAction.DENY;
        }
        if (isError(l4, available) && isAboutKnown(l4, available)) {
            return AclAction.ALLOW;
        }
        readPorts(l4);
        AclHits count = tap.isTrial() ? uncounted : hits;
        if (AclGate.isIcmp(protocol) && requestType() == NO_QUERY) {
            return judge(count);
        }
        // Before it is judged: lists that change meanwhile are asked again.
        int version = table.version();
        long nowMs = clock.ms();
        long flow = find(nowMs);
        if (flow != 0) {
            return known(flow, l4, available, nowMs);
        }
        AclAction action = judge(count);
        boolean middle = protocol == Ipv4.TCP && !opens(l4, available);
        if (action == AclAction.ALLOW && middle) {
            swap();
            action = judge(uncounted);
            swap();
        }
        if (action == AclAction.ALLOW && !tap.isTrial() && !isAnswer()) {
            remember(version, nowMs);
        }
        return action;
    }

    /** What lists judge by must be in a whole packet, and in the first fragment of one. */
    private int lengthMin() {
        return L4.hasPorts(protocol) ? PORTS : AclGate.isIcmp(protocol) ? ECHO_HEADER : 0;
    }

    private AclAction known(long flow, long l4, int available, long nowMs) {
        boolean allowed = isAllowed(flow);
        if (tap.isTrial()) {
            return allowed ? AclAction.ALLOW : AclAction.DENY;
        }
        AclFlows.used(flow, nowMs);
        if (protocol == Ipv4.TCP && available >= Tcp.MIN_LENGTH && (Tcp.flags(l4) & (Tcp.FIN | Tcp.RST)) != 0) {
            AclFlows.closing(flow);
        }
        return allowed ? AclAction.ALLOW : AclAction.DENY;
    }

    /** What is known of the flow of the packet in hand, judged anew if lists have changed since. */
    private boolean isAllowed(long flow) {
        int version = table.version();
        if (AclFlows.version(flow) != version) {
            boolean turned = !flows.isOpener();
            if (turned) {
                swap();
            }
            int type = typeAndCode;
            typeAndCode = AclFlows.typeAndCode(flow);
            boolean allowed = judge(uncounted) == AclAction.ALLOW;
            typeAndCode = type;
            if (turned) {
                swap();
            }
            AclFlows.judged(flow, allowed ? AclFlows.ALLOWED : AclFlows.BLOCKED, version);
        }
        return AclFlows.state(flow) == AclFlows.ALLOWED;
    }

    private static boolean opens(long l4, int available) {
        return available >= Tcp.MIN_LENGTH && (Tcp.flags(l4) & (Tcp.SYN | Tcp.ACK | Tcp.RST)) == Tcp.SYN;
    }

    private long find(long nowMs) {
        return flows.find(
                from,
                to,
                sourceHigh,
                sourceLow,
                destinationHigh,
                destinationLow,
                sourcePort,
                destinationPort,
                protocol,
                nowMs);
    }

    private void remember(int version, long nowMs) {
        flows.add(
                from,
                to,
                sourceHigh,
                sourceLow,
                destinationHigh,
                destinationLow,
                sourcePort,
                destinationPort,
                protocol,
                typeAndCode,
                AclFlows.ALLOWED,
                version,
                nowMs);
    }

    /** What the lists of both sides say of a flow that the source opens. */
    private AclAction judge(AclHits count) {
        TenantAcl sender = table.of(from);
        if (sender != null) {
            packet.local(sourceHigh, sourceLow, sourcePort).remote(destinationHigh, destinationLow, destinationPort);
            AclAction action = sender.decide(false, withProtocol(), count);
            AclGate.report(tap, from, false, packet, action);
            tell(from, sourceHigh, sourceLow, count);
            if (action != AclAction.ALLOW) {
                return action;
            }
        }
        TenantAcl receiver = table.of(to);
        if (receiver == null) {
            return AclAction.ALLOW;
        }
        packet.local(destinationHigh, destinationLow, destinationPort).remote(sourceHigh, sourceLow, sourcePort);
        AclAction action = receiver.decide(true, withProtocol(), count);
        AclGate.report(tap, to, true, packet, action);
        tell(to, destinationHigh, destinationLow, count);
        return action;
    }

    /** An event has room for an IPv4 address of the VM. */
    private void tell(int domain, long high, long low, AclHits count) {
        if (count != uncounted && packet.isLogged()) {
            events.report(EventKind.PORT_ACL, domain, AclPacket.ipv4(high, low), 0, protocol);
        }
    }

    private AclPacket withProtocol() {
        return AclGate.isIcmp(protocol)
                ? packet.icmp(protocol == Ipv6.ICMPV6, typeAndCode >>> 8, typeAndCode & 0xff)
                : packet.protocol(protocol);
    }

    private void swap() {
        int domain = from;
        from = to;
        to = domain;
        long high = sourceHigh;
        long low = sourceLow;
        sourceHigh = destinationHigh;
        sourceLow = destinationLow;
        destinationHigh = high;
        destinationLow = low;
        int port = sourcePort;
        sourcePort = destinationPort;
        destinationPort = port;
    }

    /**
     * At least {@link #lengthMin} bytes. Of an ICMP query the identifier stands for the port of who asks, and the sum of it and the type of the
     * request for the other: so an answer is of the flow of its question, and no question of the other side's is.
     */
    private void readPorts(long l4) {
        sourcePort = 0;
        destinationPort = 0;
        typeAndCode = 0;
        if (L4.hasPorts(protocol)) {
            sourcePort = Udp.ports(l4) >>> 16;
            destinationPort = Udp.ports(l4) & 0xffff;
        } else if (AclGate.isIcmp(protocol)) {
            typeAndCode = Mem.u8(l4) << 8 | Mem.u8(l4 + 1);
            int request = requestType();
            int id = request == NO_QUERY ? 0 : Icmp.id(l4);
            int other = request == NO_QUERY ? 0 : (id + request) & 0xffff;
            sourcePort = isAnswer() ? other : id;
            destinationPort = isAnswer() ? id : other;
        }
    }

    /** Of ICMP in hand: the type that asks, for an answer, too. Queries have the code 0. */
    private int requestType() {
        if (protocol == Ipv6.ICMPV6) {
            return typeAndCode == Icmpv6.ECHO_REQUEST << 8 || typeAndCode == Icmpv6.ECHO_REPLY << 8
                    ? Icmpv6.ECHO_REQUEST
                    : NO_QUERY;
        }
        return switch (typeAndCode) {
            case Icmp.ECHO_REQUEST << 8, Icmp.ECHO_REPLY << 8 -> Icmp.ECHO_REQUEST;
            case Icmp.TIMESTAMP_REQUEST << 8, Icmp.TIMESTAMP_REPLY << 8 -> Icmp.TIMESTAMP_REQUEST;
            default -> NO_QUERY;
        };
    }

    /** Whether the packet in hand answers an ICMP query. */
    private boolean isAnswer() {
        return AclGate.isIcmp(protocol) && requestType() != NO_QUERY && requestType() != typeAndCode >>> 8;
    }

    private boolean isError(long l4, int available) {
        return available >= ECHO_HEADER
                && (protocol == Ipv4.ICMP
                        ? Icmp.isError(Icmp.type(l4))
                        : protocol == Ipv6.ICMPV6 && Icmpv6.isError(Icmpv6.type(l4)));
    }

    /** Whether the packet inside an ICMP error went the other way in a flow that may be. */
    private boolean isAboutKnown(long l4, int available) {
        int icmp = protocol;
        long high = sourceHigh;
        long low = sourceLow;
        long toHigh = destinationHigh;
        long toLow = destinationLow;
        int sender = from;
        int receiver = to;
        boolean known = isKnown(icmp == Ipv6.ICMPV6, l4 + ECHO_HEADER, available - ECHO_HEADER);
        protocol = icmp;
        sourceHigh = high;
        sourceLow = low;
        destinationHigh = toHigh;
        destinationLow = toLow;
        from = sender;
        to = receiver;
        return known;
    }

    private boolean isKnown(boolean ipv6, long inner, int room) {
        if (room < (ipv6 ? Ipv6.LENGTH : Ipv4.MIN_LENGTH)) {
            return false;
        }
        int header = Ipv6.LENGTH;
        if (ipv6) {
            long chain = Ipv6Chain.walk(inner, room);
            if (Ipv6Chain.isWrong(chain) || Ipv6Chain.isLaterFragment(chain)) {
                return false;
            }
            read6(inner, to, from);
            protocol = Ipv6Chain.protocol(chain);
            header = Ipv6Chain.offset(chain);
        } else {
            if ((Ipv4.fragment(inner) & Ipv4.OFFSET_MASK) != 0) {
                return false;
            }
            read4(inner, to, from);
            header = Ipv4.headerLength(inner);
        }
        if (room - header < lengthMin()) {
            return false;
        }
        readPorts(inner + header);
        long nowMs = clock.ms();
        long flow = find(nowMs);
        return flow != 0 && isAllowed(flow);
    }
}
