package net.nvgate.gateway.worker;

/** What a worker counts besides drops. */
public enum WorkerCounter {
    PA_RX_PACKETS("pa-rx-packets", "packets received on the PA port"),
    PA_RX_BYTES("pa-rx-bytes", "bytes received on the PA port"),
    PA_TX_PACKETS("pa-tx-packets", "packets sent on the PA port"),
    PA_TX_BYTES("pa-tx-bytes", "bytes sent on the PA port"),
    EXT_RX_PACKETS("ext-rx-packets", "packets received on the external port"),
    EXT_RX_BYTES("ext-rx-bytes", "bytes received on the external port"),
    EXT_TX_PACKETS("ext-tx-packets", "packets sent on the external port"),
    EXT_TX_BYTES("ext-tx-bytes", "bytes sent on the external port"),
    SESSIONS_CREATED("sessions-created", "sessions made"),
    SESSIONS_ENDED("sessions-ended", "sessions that timed out, or whose NAT connection or rule is gone"),
    FIRST_PACKETS("first-packets", "packets that took the slow path because no session had them"),
    RESOLVED_AGAIN(
            "resolved-again", "times that a session looked up its way again after a change of policy or neighbours"),
    ADJACENCY_RESETS("adjacency-resets", "times that the table of next hops was emptied because it was full"),
    NEXT_HOPS_LOST(
            "next-hops-lost", "times that sessions chose among equal next hops anew, because one did not answer"),
    RST_OUTSIDE_WINDOW(
            "rst-outside-window",
            "TCP resets passed on that their receiver will not believe, so that the session stays as it is (RFC 5961)"),
    SYNS_HELD("syns-held", "unsolicited TCP SYNs from outside held for six seconds (RFC 5382)"),
    SYNS_REFUSED("syns-refused", "held SYNs whose connection nobody opened from inside: ICMP port unreachable"),
    HAIRPINS("hairpins", "packets turned round between NAT addresses"),
    FRAGMENTS_HELD("fragments-held", "fragments that waited for the first one of their datagram"),
    OUTER_REASSEMBLED("outer-reassembled", "NVGRE packets that came in fragments and were put together"),
    PATH_MTUS_LEARNED("path-mtus-learned", "times that a router said that a path to a provider address is narrower"),
    FRAGMENTS_SENT("fragments-sent", "fragments made of packets that were too big and might be fragmented"),
    ARP_HANDLED("arp-handled", "ARP packets answered or learned from"),
    ND_HANDLED("nd-handled", "packets of IPv6 neighbour discovery answered or learned from"),
    ECHOES_ANSWERED("echoes-answered", "pings to the gateway's own addresses answered"),
    L2_SIGHTINGS("l2-sightings", "customer addresses of VMs with L2Only records seen in their ARP or DHCP"),
    L2_QUESTIONS(
            "l2-questions", "ARP requests for unknown customer addresses, each sent to every host with L2Only records"),
    DHCP_OFFERS("dhcp-offers", "DHCP OFFER messages sent"),
    DHCP_ACKS("dhcp-acks", "DHCP ACK messages sent"),
    DHCP_NAKS("dhcp-naks", "DHCP NAK messages sent: the client asked for an address that is not its record's"),
    DHCP_DECLINES("dhcp-declines", "DHCP DECLINE messages received: somebody else uses the client's address"),
    DHCP_RELEASES("dhcp-releases", "DHCP RELEASE messages received"),
    PCP_ANSWERED("pcp-answered", "PCP requests answered, errors too"),
    ACL_SESSIONS_CUT("acl-sessions-cut", "sessions ended because port ACLs no longer allow them"),
    ICMP_ERRORS_SENT("icmp-errors-sent", "ICMP errors originated"),
    ICMP_ERRORS_LIMITED("icmp-errors-limited", "ICMP errors not sent because of the rate limit"),
    ICMP_ERRORS_TRANSLATED("icmp-errors-translated", "ICMP errors of others passed on through the NAT"),
    NAT64_OUT("nat64-out", "packets that NAT64 made IPv4 packets of"),
    NAT64_IN("nat64-in", "packets that NAT64 made IPv6 packets of"),
    ALG_TRANSLATED("alg-translated", "endpoints in FTP control connections that were translated"),
    ALG_EXPECTED("alg-expected", "connections expected because an inside host has announced them (FTP, TFTP)"),
    ALG_UNTOUCHED(
            "alg-untouched",
            "segments of FTP control connections that went as they were: a line in two segments, somebody else's endpoint, no room"),
    HANDED_OVER("handed-over", "packets handed to the worker that has their tenant"),
    BUSY_NANOS("busy-nanos", "time spent on packets"),
    LOOPS("loops", "turns of the worker's loop"),
    PARKS("parks", "times the worker went to sleep because nothing came");

    private static final WorkerCounter[] ALL = values();
    public static final int COUNT = ALL.length;

    private final String label;
    private final String explanation;

    WorkerCounter(String label, String explanation) {
        this.label = label;
        this.explanation = explanation;
    }

    /** Kebab-case, as in metrics. */
    public String label() {
        return label;
    }

    /** One line, for operators. */
    public String explanation() {
        return explanation;
    }
}
