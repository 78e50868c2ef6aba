package net.nvgate.gateway.worker;

/**
 * Why a packet goes no further: one reason each, in the order a packet meets them. Counted per worker and, where the packet's
 * VSID is known, per VSID. Labels and explanations are for operators.
 */
public enum DropReason {
    // Any port.
    MULTI_SEGMENT(
            "multi-segment", "the packet came in several buffers: larger than the port's MTU, or NIC coalescing is on"),
    TRUNCATED_ETHERNET("truncated-ethernet", "shorter than an Ethernet header and its VLAN tag"),
    NOT_OUR_MAC("not-our-mac", "unicast or multicast to a MAC address that is not this port's"),
    UNKNOWN_ETHERTYPE("unknown-ethertype", "neither IPv4 nor ARP"),
    MALFORMED_ARP("malformed-arp", "ARP that is truncated, or not for IPv4 over Ethernet"),
    ARP_NOT_FOR_US("arp-not-for-us", "ARP request for an address that is not ours; normal on a shared network"),
    TRUNCATED_IPV4("truncated-ipv4", "shorter than an IPv4 header"),
    IPV4_VERSION("ipv4-version", "EtherType IPv4 but another IP version in the header"),
    IPV4_HEADER_LENGTH("ipv4-header-length", "IPv4 header length below 20 bytes or beyond the packet"),
    IPV4_TOTAL_LENGTH("ipv4-total-length", "IPv4 total length below the header length or beyond the frame"),
    IPV4_CHECKSUM("ipv4-checksum", "wrong IPv4 header checksum"),
    NOT_OUR_ADDRESS("not-our-address", "destination is no provider or external address of this gateway on this VLAN"),
    TRUNCATED_IPV6("truncated-ipv6", "shorter than an IPv6 header"),
    IPV6_VERSION("ipv6-version", "EtherType IPv6 but another IP version in the header"),
    IPV6_PAYLOAD_LENGTH("ipv6-payload-length", "IPv6 payload length beyond the frame"),
    IPV6_EXTENSION("ipv6-extension", "IPv6 extension headers beyond the packet, or more than 8"),
    IPV6_MULTICAST(
            "ipv6-multicast",
            "IPv6 multicast other than neighbour discovery and queries for listeners; normal on a shared network"),
    MALFORMED_ND("malformed-nd", "neighbour discovery that fails a check of RFC 4861 section 6.1 or 7.1"),
    ND_NOT_FOR_US(
            "nd-not-for-us", "neighbour solicitation for an address that is not ours; normal on a shared network"),
    TRUNCATED_ICMP("truncated-icmp", "ICMP to this gateway, shorter than its header"),

    // PA port, NVGRE (RFC 7637).
    OUTER_FRAGMENT(
            "outer-fragment", "fragment of an outer packet that is not GRE, or while reassembly is switched off"),
    OUTER_FRAGMENT_SOURCE("outer-fragment-source", "fragment of NVGRE from a provider address that no record names"),
    OUTER_FRAGMENT_SIZE("outer-fragment-size", "fragment of NVGRE that makes a packet larger than a packet buffer"),
    OUTER_FRAGMENT_OVERLAP("outer-fragment-overlap", "fragment of NVGRE that repeats or overlaps another one"),
    OUTER_FRAGMENT_TIMEOUT("outer-fragment-timeout", "fragment of NVGRE that waited 2 s for the others"),
    OUTER_FRAGMENT_LIMIT(
            "outer-fragment-limit",
            "fragment of NVGRE that found no room to wait, or gave way to newer ones of its host"),
    PATH_MTU("path-mtu", "ICMP fragmentation needed about no NVGRE packet of ours, or with an impossible MTU"),
    PATH_MTU_LIMIT("path-mtu-limit", "more than 100 ICMP fragmentation needed in a second"),
    OUTER_PROTOCOL("outer-protocol", "to a provider address, but neither GRE nor ICMP echo"),
    TRUNCATED_GRE("truncated-gre", "shorter than the GRE header of NVGRE"),
    GRE_VERSION("gre-version", "GRE version is not 0"),
    GRE_CHECKSUM_PRESENT("gre-checksum-present", "GRE C bit is set"),
    GRE_SEQUENCE_PRESENT("gre-sequence-present", "GRE S bit is set"),
    GRE_NO_KEY("gre-no-key", "GRE K bit is not set"),
    GRE_RESERVED_BITS("gre-reserved-bits", "a reserved GRE bit is set"),
    GRE_PROTOCOL_TYPE("gre-protocol-type", "GRE protocol type is not 0x6558"),
    RESERVED_VSID("reserved-vsid", "VSID 0 to 4095 or 16777215"),
    UNKNOWN_VSID("unknown-vsid", "no virtual subnet with this VSID ends at this gateway"),
    INNER_TRUNCATED_ETHERNET("inner-truncated-ethernet", "inner frame shorter than an Ethernet header"),
    INNER_VLAN("inner-vlan", "inner frame has an 802.1Q tag (RFC 7637 section 3.2)"),
    INNER_ETHERTYPE("inner-ethertype", "inner frame is neither IPv4, IPv6 nor ARP"),
    INNER_MALFORMED_ARP("inner-malformed-arp", "inner ARP that is truncated, or not for IPv4 over Ethernet"),
    INNER_ARP_NOT_FOR_US("inner-arp-not-for-us", "inner ARP that asks for no address of the gateway or router"),
    INNER_MULTICAST("inner-multicast", "inner IP frame to a group MAC or group address"),
    INNER_WRONG_MAC("inner-wrong-mac", "inner destination MAC is neither the gateway's nor the router's"),
    INNER_TRUNCATED_IPV4("inner-truncated-ipv4", "inner frame shorter than an IPv4 header"),
    INNER_IPV4_VERSION("inner-ipv4-version", "inner EtherType IPv4 but another IP version in the header"),
    INNER_IPV4_HEADER_LENGTH("inner-ipv4-header-length", "inner IPv4 header length below 20 bytes or beyond the frame"),
    INNER_IPV4_TOTAL_LENGTH(
            "inner-ipv4-total-length", "inner IPv4 total length below the header's or beyond the frame"),
    INNER_IPV4_CHECKSUM("inner-ipv4-checksum", "wrong inner IPv4 header checksum"),
    INNER_TRUNCATED_IPV6("inner-truncated-ipv6", "inner frame shorter than an IPv6 header"),
    INNER_IPV6_VERSION("inner-ipv6-version", "inner EtherType IPv6 but another IP version in the header"),
    INNER_IPV6_PAYLOAD_LENGTH("inner-ipv6-payload-length", "inner IPv6 payload length beyond the frame"),
    INNER_MALFORMED_ND("inner-malformed-nd", "inner neighbour discovery that fails a check of RFC 4861 section 7.1"),
    INNER_ND_NOT_FOR_US(
            "inner-nd-not-for-us", "inner neighbour discovery that asks for no address of the gateway or router"),
    INNER_ECN("inner-ecn", "congestion mark on the outer header, but the inner packet has no ECN (RFC 6040)"),

    // Both directions, the packet itself.
    TRUNCATED_L4("truncated-l4", "shorter than its TCP, UDP or ICMP header"),
    BAD_SOURCE("bad-source", "source address is a group, loopback, unspecified or 0/8 address"),
    FRAGMENT("fragment", "fragment of an ICMP error"),
    FRAGMENT_MALFORMED(
            "fragment-malformed", "fragment without payload, of a length that is no multiple of 8, or beyond 65535"),
    FRAGMENT_TINY("fragment-tiny", "fragment that begins or ends in the TCP, UDP or ICMP header (RFC 1858, RFC 3128)"),
    FRAGMENT_OVERLAP(
            "fragment-overlap", "fragment that repeats or overlaps another one of its datagram, or comes after such"),
    FRAGMENT_TIMEOUT("fragment-timeout", "fragment that waited 15 s for the first one of its datagram"),
    FRAGMENT_LIMIT(
            "fragment-limit",
            "fragment that found no room to wait, or gave way to newer ones of its tenant or address"),
    SPOOFED_SOURCE(
            "spoofed-source", "no lookup record or route gives this inner source address to this outer source or VLAN"),
    IPV6_LINK_LOCAL("ipv6-link-local", "to or from a link-local IPv6 address, which is never routed"),
    SOURCE_ROUTE(
            "source-route",
            "to the gateway's own address, on a source route that would lead on: those are not followed"),
    LOCAL_PROTOCOL("local-protocol", "to the gateway's own address, but not an ICMP echo request"),
    TTL_EXPIRED("ttl-expired", "TTL ran out here; time exceeded was sent, as far as the rate limit allowed"),
    TOO_BIG("too-big", "does not fit the next MTU and must not be fragmented; the sender was told the MTU"),
    NO_ROUTE("no-route", "the tenant has no route to the destination"),
    ACL("acl", "a port ACL of the VM network does not allow the flow"),
    ACL_REJECT("acl-reject", "a port ACL of the VM network rejects the flow; ICMP prohibited was sent to the VM"),
    BLACKHOLE_ROUTE(
            "blackhole-route", "a blackhole route of the tenant forbids the destination; ICMP prohibited was sent"),
    URPF("urpf", "from a tenant interface that the route to its source does not lead out of (RFC 3704)"),
    NO_RECORD("no-record", "the destination is on-link in the tenant, but has no lookup record"),
    NO_NAT("no-nat", "to the physical network, but the tenant has no NAT connection"),
    NO_OUTSIDE_PREFIX(
            "no-outside-prefix", "IPv6 to the physical network, but no NPTv6 or routed prefix has the source address"),
    NPTV6_UNMAPPABLE("nptv6-unmappable", "the address has no counterpart in the other prefix (RFC 6296 section 3)"),
    BELOW_IPV6_MTU("below-ipv6-mtu", "IPv6 of 1280 bytes or less does not fit the PA network's MTU"),
    NO_EXTERNAL_ROUTE("no-external-route", "no route on the physical side"),
    NO_PROVIDER_ROUTE("no-provider-route", "no route to the provider address of the record"),

    DHCP_NOT_SERVED("dhcp-not-served", "DHCP in a subnet that the fabric gives no settings for"),
    DHCP_MALFORMED("dhcp-malformed", "DHCP message that RFC 2131 does not allow"),
    DHCP_NO_RECORD("dhcp-no-record", "no lookup record of the subnet has the client's MAC, or a relay agent asks"),
    DHCP_OTHER_SERVER("dhcp-other-server", "DHCP REQUEST that chooses another server"),
    DHCP_LIMITED("dhcp-limited", "more DHCP messages of a tenant than the rate limit lets through"),
    PCP_MALFORMED("pcp-malformed", "PCP request that is truncated or has a wrong UDP checksum, or is an answer"),
    PCP_LIMITED("pcp-limited", "more PCP requests of a tenant than the rate limit lets through"),

    // NAT.
    NAT_PROTOCOL("nat-protocol", "IP authentication header (AH), which no NAT can translate: it covers the addresses"),
    NAT_SOURCE("nat-source", "no NAT connection of the tenant serves the source address"),
    NAT_PORTS_EXHAUSTED("nat-ports-exhausted", "all ports of the tenant's external address are taken"),
    NAT_TABLE_FULL("nat-table-full", "the worker has no room for another mapping"),
    NAT_TUPLE_IN_USE("nat-tuple-in-use", "another session has the external tuple with this remote endpoint"),
    FLOW_TABLE_FULL("flow-table-full", "the worker has no room for another session"),
    TENANT_SHARE(
            "tenant-share", "the tenant has three times the sessions that are free, or the hosts: the rest is others'"),
    QUOTA_TENANT_PORTS("quota-tenant-ports", "the tenant has as many external ports as its quota allows"),
    QUOTA_TENANT_SESSIONS("quota-tenant-sessions", "the tenant has as many sessions as its quota allows"),
    QUOTA_TENANT_RATE("quota-tenant-rate", "the tenant makes more sessions per second than its quota allows"),
    QUOTA_HOST_PORTS("quota-host-ports", "the inside address has as many external ports as the quota of hosts allows"),
    QUOTA_HOST_SESSIONS("quota-host-sessions", "the inside address has as many sessions as the quota of hosts allows"),
    QUOTA_HOST_RATE(
            "quota-host-rate", "the inside address makes more sessions per second than the quota of hosts allows"),
    TCP_NO_SESSION("tcp-no-session", "TCP without SYN and without a session"),
    UNSOLICITED("unsolicited", "from outside, and neither a session nor a NAT rule wants it"),
    ICMP_TYPE("icmp-type", "ICMP that is neither echo, timestamp nor one of the errors a NAT translates"),
    ICMP_CHECKSUM("icmp-checksum", "ICMP error with a wrong checksum, or wrong checksum of the embedded IPv4 header"),
    ICMP_NO_SESSION(
            "icmp-no-session", "ICMP error whose embedded packet belongs to no session, or echo reply without one"),
    NO_NAT64("no-nat64", "from outside to an IPv6 host whose NAT64 prefix is gone"),
    NAT64_ADDRESS(
            "nat64-address",
            "the IPv4 address in an address of a NAT64 prefix is not unicast, or not global behind 64:ff9b::/96"),
    NAT64_SOURCE("nat64-source", "to a NAT64 prefix from an address of it: a packet that goes round"),
    NAT64_HEADER(
            "nat64-header",
            "NAT64: a source route that is not used up, or an extension header that must not be left out"),
    NAT64_PROTOCOL("nat64-protocol", "NAT64 of a protocol other than TCP, UDP and ICMP"),
    NAT64_FRAGMENT(
            "nat64-fragment",
            "NAT64 of a fragment of ICMP, or of UDP without checksum: it would need the whole packet"),
    NAT64_ICMP("nat64-icmp", "NAT64 of an ICMP message that the other IP version does not have"),
    NAT64_HOSTS_FULL(
            "nat64-hosts-full", "the worker has no room for another IPv6 host of NAT64, or none for this tenant"),
    LIMIT_BANDWIDTH_IN(
            "limit-bandwidth-in", "from outside, faster than the bandwidth of the NIC, NAT connection or tenant"),
    LIMIT_BANDWIDTH_OUT(
            "limit-bandwidth-out", "to outside, faster than the bandwidth of the NIC, NAT connection or tenant"),
    LIMIT_PACKETS_IN("limit-packets-in", "from outside, more packets per second than the tenant may get"),
    LIMIT_PACKETS_OUT("limit-packets-out", "to outside, more packets per second than the tenant may send"),
    LIMIT_QUEUE_FULL("limit-queue-full", "no room to wait for the limit of the NIC, NAT connection, tenant or port"),
    LIMIT_QUEUE_DELAY(
            "limit-queue-delay",
            "waited too long for the limit of the NIC, NAT connection, tenant or port (CoDel, RFC 8289)"),
    HAIRPIN_LOOP("hairpin-loop", "turned round between NAT addresses too often"),

    HAND_OFF_FULL(
            "hand-off-full",
            "the worker that has the tenant was behind: no room in the ring by which packets reach it"),

    // Sending.
    NEIGHBOR_UNRESOLVED("neighbor-unresolved", "the next hop did not answer ARP or neighbour discovery in time"),
    NEIGHBOR_QUEUE_FULL("neighbor-queue-full", "enough packets wait for ARP already"),
    ADJACENCY_TABLE_FULL("adjacency-table-full", "the worker has no room for another next hop"),
    NO_HEADROOM("no-headroom", "no room in the buffer to put headers before the packet"),
    NO_MBUF("no-mbuf", "no free packet buffer"),
    TX_FULL("tx-full", "the port took no more packets");

    private static final DropReason[] ALL = values();
    public static final int COUNT = ALL.length;

    private final String label;
    private final String explanation;

    DropReason(String label, String explanation) {
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

    /** A reason by its place in the enum, within one process. */
    public static DropReason of(int ordinal) {
        return ALL[ordinal];
    }
}
