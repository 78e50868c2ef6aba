/** What each drop reason of the data path means and what to look at; keys are the labels of its DropReason. */
const TEXTS: Readonly<Record<string, DropText>> = {
  'truncated-ethernet': {
    title: 'Truncated Ethernet',
    help: 'Shorter than an Ethernet header and its VLAN tag.',
  },
  'not-our-mac': {
    title: 'Not our MAC address',
    help: 'Unicast or multicast to a MAC address that is not this port\'s.',
  },
  'unknown-ethertype': {
    title: 'Unknown EtherType',
    help: 'Neither IPv4, IPv6 nor ARP.',
  },
  'malformed-arp': {
    title: 'Malformed ARP',
    help: 'ARP that is truncated, or not for IPv4 over Ethernet.',
  },
  'arp-not-for-us': {
    title: 'ARP not for us',
    help: 'ARP request for an address that is not ours; normal on a shared network.',
  },
  'truncated-ipv4': {
    title: 'Truncated IPv4',
    help: 'Shorter than an IPv4 header.',
  },
  'ipv4-version': {
    title: 'Wrong IPv4 version',
    help: 'EtherType IPv4 but another IP version in the header.',
  },
  'ipv4-header-length': {
    title: 'Wrong IPv4 header length',
    help: 'IPv4 header length below 20 bytes or beyond the packet.',
  },
  'ipv4-total-length': {
    title: 'Wrong IPv4 total length',
    help: 'IPv4 total length below the header length or beyond the frame.',
  },
  'ipv4-checksum': {
    title: 'Wrong IPv4 checksum',
    help: 'Wrong IPv4 header checksum.',
  },
  'truncated-ipv6': {
    title: 'Truncated IPv6',
    help: 'Shorter than an IPv6 header.',
  },
  'ipv6-version': {
    title: 'Wrong IPv6 version',
    help: 'EtherType IPv6 but another IP version in the header.',
  },
  'ipv6-payload-length': {
    title: 'Wrong IPv6 payload length',
    help: 'IPv6 payload length beyond the frame.',
  },
  'ipv6-extension': {
    title: 'Bad IPv6 extension headers',
    help: 'Extension headers beyond the packet, or more than 8 of them.',
  },
  'ipv6-multicast': {
    title: 'IPv6 multicast',
    help: 'Multicast other than neighbour discovery and queries for listeners (MLD), which are answered; normal on a shared network.',
  },
  'malformed-nd': {
    title: 'Malformed neighbour discovery',
    help: 'Fails a check of RFC 4861 (hop limit 255, checksum, options): forged or broken.',
  },
  'nd-not-for-us': {
    title: 'Neighbour discovery not for us',
    help: 'Neighbour solicitation for an address that is not ours; normal on a shared network.',
  },
  'truncated-icmp': {
    title: 'Truncated ICMP',
    help: 'ICMP to this gateway, shorter than its header.',
  },
  'outer-protocol': {
    title: 'Neither GRE nor ICMP',
    help: 'To a provider address, but neither GRE nor ICMP echo.',
  },
  'truncated-gre': {
    title: 'Truncated GRE',
    help: 'Shorter than the GRE header of NVGRE.',
  },
  'gre-version': {
    title: 'Wrong GRE version',
    help: 'GRE version is not 0.',
  },
  'gre-checksum-present': {
    title: 'GRE checksum present',
    help: 'GRE C bit is set.',
  },
  'gre-sequence-present': {
    title: 'GRE sequence number present',
    help: 'GRE S bit is set.',
  },
  'gre-no-key': {
    title: 'GRE without key',
    help: 'GRE K bit is not set.',
  },
  'gre-reserved-bits': {
    title: 'GRE reserved bits',
    help: 'A reserved GRE bit is set.',
  },
  'gre-protocol-type': {
    title: 'Wrong GRE protocol type',
    help: 'GRE protocol type is not 0x6558.',
  },
  'reserved-vsid': {
    title: 'Reserved VSID',
    help: 'VSID 0 to 4095 or 16777215.',
  },
  'unknown-vsid': {
    title: 'Unknown VSID',
    help: 'No virtual subnet with this VSID ends at this gateway. Compare the lookup records of the sending host with the fabric.',
  },
  'inner-truncated-ethernet': {
    title: 'Inner truncated Ethernet',
    help: 'Inner frame shorter than an Ethernet header.',
  },
  'inner-vlan': {
    title: 'Inner VLAN tag',
    help: 'Inner frame has an 802.1Q tag (RFC 7637 section 3.2). The sending host must strip the tag.',
  },
  'inner-ethertype': {
    title: 'Unknown inner EtherType',
    help: 'Inner frame is neither IPv4 nor ARP.',
  },
  'inner-malformed-arp': {
    title: 'Inner malformed ARP',
    help: 'Inner ARP that is truncated, or not for IPv4 over Ethernet.',
  },
  'inner-arp-not-for-us': {
    title: 'Inner ARP not for us',
    help: 'Inner ARP that asks for no address of the gateway or router.',
  },
  'inner-multicast': {
    title: 'Inner multicast',
    help: 'Inner IPv4 frame to a group MAC or group address.',
  },
  'inner-wrong-mac': {
    title: 'Wrong inner MAC address',
    help: 'Inner destination MAC is neither the gateway\'s nor the router\'s.',
  },
  'inner-truncated-ipv4': {
    title: 'Inner truncated IPv4',
    help: 'Inner frame shorter than an IPv4 header.',
  },
  'inner-ipv4-version': {
    title: 'Wrong inner IPv4 version',
    help: 'Inner EtherType IPv4 but another IP version in the header.',
  },
  'inner-ipv4-header-length': {
    title: 'Wrong inner IPv4 header length',
    help: 'Inner IPv4 header length below 20 bytes or beyond the frame.',
  },
  'inner-ipv4-checksum': {
    title: 'Wrong inner IPv4 checksum',
    help: 'Wrong inner IPv4 header checksum.',
  },
  'inner-truncated-ipv6': {
    title: 'Truncated inner IPv6',
    help: 'Inner frame shorter than an IPv6 header.',
  },
  'inner-ipv6-version': {
    title: 'Wrong inner IPv6 version',
    help: 'Inner EtherType IPv6 but another IP version in the header.',
  },
  'inner-ipv6-payload-length': {
    title: 'Wrong inner IPv6 payload length',
    help: 'Inner IPv6 payload length beyond the frame.',
  },
  'inner-malformed-nd': {
    title: 'Malformed inner neighbour discovery',
    help: 'A VM sent neighbour discovery that fails a check of RFC 4861.',
  },
  'inner-nd-not-for-us': {
    title: 'Inner neighbour discovery not for us',
    help: 'A VM asks for an address that is neither the gateway\'s nor the router\'s.',
  },
  'inner-ecn': {
    title: 'Congestion mark lost inside',
    help: 'Congestion mark on the outer header, but the inner packet has no ECN (RFC 6040).',
  },
  'truncated-l4': {
    title: 'Truncated L4',
    help: 'Shorter than its TCP, UDP or ICMP header.',
  },
  'bad-source': {
    title: 'Impossible source address',
    help: 'Source address is a group, loopback or 0/8 address.',
  },
  fragment: {
    title: 'Fragment without its first',
    help: 'Fragment of an ICMP error; errors are small and need not be fragmented.',
  },
  'fragment-malformed': {
    title: 'Malformed fragment',
    help: 'No payload, a length that is no multiple of 8 bytes, or beyond 65535: an attack or a broken sender.',
  },
  'fragment-tiny': {
    title: 'Tiny fragment',
    help: 'Begins or ends in the TCP, UDP or ICMP header: a way around filters (RFC 1858, RFC 3128).',
  },
  'fragment-overlap': {
    title: 'Overlapping fragment',
    help: 'Repeats or overlaps another fragment of its datagram, or comes after such: an attack, or packets were duplicated on their way.',
  },
  'fragment-timeout': {
    title: 'Fragment without its first',
    help: 'Waited 15 seconds for the first fragment of its datagram, which was lost on its way.',
  },
  'fragment-limit': {
    title: 'Too many fragments',
    help: 'No room to wait for the first fragment, or gave way to newer ones of the same tenant or external address. Lower the MTU of who sends them, or raise worker.fragmented-max and worker.mtu.fragments-held-max.',
  },
  'spoofed-source': {
    title: 'Spoofed inner source',
    help: 'No lookup record or route gives this inner source address to this outer source or VLAN. A VM uses an address that is not its own, or its record is not there yet.',
  },
  'ipv6-link-local': {
    title: 'Link-local IPv6 address',
    help: 'To or from a link-local IPv6 address, which is never routed.',
  },
  'source-route': {
    title: 'Source route to us',
    help: 'To the gateway\'s own address, on a source route that would lead on. Those are not followed; the sender hears it (ICMP 3/5).',
  },
  'local-protocol': {
    title: 'Not an echo request to us',
    help: 'To the gateway\'s own address, but not an ICMP echo request.',
  },
  'ttl-expired': {
    title: 'TTL expired',
    help: 'TTL ran out here; time exceeded was sent, as far as the rate limit allowed.',
  },
  'too-big': {
    title: 'Too big for the next MTU',
    help: 'Does not fit the next MTU and must not be fragmented; ICMP fragmentation needed was sent. Lower the MTU in the VMs or raise that of the network.',
  },
  'no-route': {
    title: 'No customer route',
    help: 'The tenant has no route to the destination.',
  },
  acl: {
    title: 'Port ACL',
    help: 'A port ACL of the VM network does not allow the flow. The list of rules shows by their hits which one decided.',
  },
  'acl-reject': {
    title: 'Port ACL, rejected',
    help: 'A rule of a port ACL rejects what the VM wants to open. The VM got ICMP communication administratively prohibited.',
  },
  'blackhole-route': {
    title: 'Blackhole route',
    help: 'A blackhole route of the tenant forbids the destination. The sender got ICMP communication prohibited.',
  },
  urpf: {
    title: 'Reverse path check',
    help: 'From a tenant interface that the route to its source does not lead out of (RFC 3704): a spoofed source, or a route of the interface is missing.',
  },
  'dhcp-not-served': {
    title: 'DHCP not served',
    help: 'DHCP in a subnet that the fabric gives no DHCP settings for.',
  },
  'dhcp-malformed': {
    title: 'Malformed DHCP',
    help: 'DHCP message that RFC 2131 does not allow.',
  },
  'dhcp-no-record': {
    title: 'DHCP of an unknown client',
    help: 'No lookup record of the subnet has the client\'s MAC, or a relay agent asks. Relay agents are not served.',
  },
  'dhcp-other-server': {
    title: 'DHCP for another server',
    help: 'DHCP REQUEST that chooses another server.',
  },
  'dhcp-limited': {
    title: 'DHCP rate limit',
    help: 'More DHCP messages of a tenant than the rate limit lets through.',
  },
  'pcp-malformed': {
    title: 'Malformed PCP',
    help: 'PCP request of a VM that is truncated, has a wrong UDP checksum, or is an answer.',
  },
  'pcp-limited': {
    title: 'PCP rate limit',
    help: 'More PCP requests of a tenant than the rate limit lets through.',
  },
  'no-record': {
    title: 'No lookup record',
    help: 'The destination is on-link in the tenant, but has no lookup record. The VM does not exist, or the gateway is behind: see Convergence.',
  },
  'no-nat': {
    title: 'Tenant without NAT connection',
    help: 'To the physical network, but the tenant has no NAT connection. Create a NAT connection for the VM network.',
  },
  'no-outside-prefix': {
    title: 'No outside prefix',
    help: 'IPv6 to the physical network, but no NPTv6 or routed prefix of the tenant has the source address. Give the VM network a prefix pair.',
  },
  'nptv6-unmappable': {
    title: 'No counterpart in the other prefix',
    help: 'Subnet ffff, or an interface identifier of zeros or ones, cannot be translated by NPTv6 (RFC 6296). Use another subnet number.',
  },
  'below-ipv6-mtu': {
    title: 'MTU too small for IPv6',
    help: 'The PA network cannot carry IPv6\'s minimum of 1280 bytes. Its MTU must be 1322 at least, 1342 with IPv6 provider addresses.',
  },
  'no-external-route': {
    title: 'No external route',
    help: 'No route on the physical side.',
  },
  'no-provider-route': {
    title: 'No provider route',
    help: 'No route to the provider address of the record.',
  },
  'nat-protocol': {
    title: 'Protocol that NAT cannot translate',
    help: 'IP authentication header (AH), which no NAT can translate, because it covers the addresses. Use ESP.',
  },
  'nat-ports-exhausted': {
    title: 'NAT ports exhausted',
    help: 'All ports of the tenant\'s external address are taken. Widen the port range or give the VM network another external address.',
  },
  'nat-source': {
    title: 'Source without NAT',
    help: 'No NAT connection of the tenant serves the source address. Add its prefix to a NAT connection, or leave it if it shall not get out.',
  },
  'nat-table-full': {
    title: 'NAT table full',
    help: 'The worker has no room for another mapping. Raise the size of the NAT table, or look for a scan.',
  },
  'nat-tuple-in-use': {
    title: 'NAT tuple in use',
    help: 'Another session has the external tuple with this remote endpoint.',
  },
  'flow-table-full': {
    title: 'Flow table full',
    help: 'The worker has no room for another session. Raise the size of the flow table, or look for a scan.',
  },
  'tenant-share': {
    title: 'Share of the tenant used up',
    help: 'The tenant has no quota and holds three times what is free; the rest is kept for others. Raise worker.flows-max, or look for a scan.',
  },
  'quota-tenant-ports': {
    title: 'Port quota of the tenant',
    help: 'The tenant has as many external ports as its quota allows.',
  },
  'quota-tenant-sessions': {
    title: 'Session quota of the tenant',
    help: 'The tenant has as many sessions as its quota allows.',
  },
  'quota-tenant-rate': {
    title: 'Rate quota of the tenant',
    help: 'The tenant makes more sessions per second than its quota allows.',
  },
  'quota-host-ports': {
    title: 'Port quota of the host',
    help: 'The inside address has as many external ports as the quota of hosts allows. Look for a scan or malware in the VM.',
  },
  'quota-host-sessions': {
    title: 'Session quota of the host',
    help: 'The inside address has as many sessions as the quota of hosts allows. Look for a scan or malware in the VM.',
  },
  'quota-host-rate': {
    title: 'Rate quota of the host',
    help: 'The inside address makes more sessions per second than the quota of hosts allows. Look for a scan or malware in the VM.',
  },
  'tcp-no-session': {
    title: 'TCP without session',
    help: 'TCP without SYN and without a session.',
  },
  unsolicited: {
    title: 'Unsolicited from outside',
    help: 'From outside, and neither a session nor a NAT rule wants it. Normal noise of a public address; to let it in, create a NAT rule.',
  },
  'icmp-type': {
    title: 'ICMP type not translated',
    help: 'ICMP that is neither echo, timestamp nor one of the errors a NAT translates.',
  },
  'icmp-checksum': {
    title: 'Wrong ICMP checksum',
    help: 'ICMP error with a wrong checksum, or wrong checksum of the embedded IPv4 header.',
  },
  'no-nat64': {
    title: 'No NAT64 prefix',
    help: 'From outside to an IPv6 host whose NAT64 prefix has been removed. The session ends by its timer.',
  },
  'nat64-address': {
    title: 'NAT64 address not usable',
    help: 'The IPv4 address in an address of a NAT64 prefix is not unicast, or not global behind 64:ff9b::/96 (RFC 6052). For private servers use a prefix of your own.',
  },
  'nat64-source': {
    title: 'NAT64 loop',
    help: 'To a NAT64 prefix from an address of the same prefix: the packet came out of another NAT64.',
  },
  'nat64-header': {
    title: 'NAT64: header not translatable',
    help: 'A source route that is not used up, or an extension header that must not be left out, such as authentication.',
  },
  'nat64-protocol': {
    title: 'NAT64: other protocol',
    help: 'NAT64 translates TCP, UDP and ICMP. The sender was told.',
  },
  'nat64-fragment': {
    title: 'NAT64: fragment without checksum',
    help: 'A fragment of ICMP, or of UDP without checksum: translation would need the whole packet.',
  },
  'nat64-icmp': {
    title: 'NAT64: ICMP without counterpart',
    help: 'An ICMP message that the other IP version does not have (RFC 7915).',
  },
  'nat64-hosts-full': {
    title: 'NAT64: too many hosts',
    help: 'The worker has no room for another IPv6 host of NAT64, or this tenant has three times as many as are free.',
  },
  'limit-bandwidth-in': {
    title: 'Bandwidth limit, inbound',
    help: 'From outside, faster than the bandwidth of the tenant, of its NAT connection or of the NIC (its port profile). Raise the limit, or let packets wait (mode SHAPE).',
  },
  'limit-bandwidth-out': {
    title: 'Bandwidth limit, outbound',
    help: 'To outside, faster than the bandwidth of the tenant, of its NAT connection or of the NIC (its port profile). Raise the limit, or let packets wait (mode SHAPE).',
  },
  'limit-packets-in': {
    title: 'Packet rate limit, inbound',
    help: 'From outside, more packets per second than the tenant may get.',
  },
  'limit-packets-out': {
    title: 'Packet rate limit, outbound',
    help: 'To outside, more packets per second than the tenant may send. Look for a flood from one of its VMs.',
  },
  'limit-queue-full': {
    title: 'Limit: queue full',
    help: 'Too many packets waited for the limit of the NIC (its port profile), NAT connection, tenant or port: much more is sent than it allows.',
  },
  'limit-queue-delay': {
    title: 'Limit: waited too long',
    help: 'Packets waited too long for the limit of the NIC (its port profile), NAT connection, tenant or port, so some are dropped to make senders slow down (CoDel). Normal at the limit.',
  },
  'hairpin-loop': {
    title: 'Hairpin loop',
    help: 'Turned round between NAT addresses too often.',
  },
  'hand-off-full': {
    title: 'Other worker busy',
    help: 'The worker of the gateway that has the tenant was behind, so that packets received by another one could not reach it. One tenant uses one worker.',
  },
  'neighbor-unresolved': {
    title: 'Neighbor unresolved',
    help: 'The next hop did not answer ARP in time. Check cabling, VLAN and the address of the next hop.',
  },
  'neighbor-queue-full': {
    title: 'Neighbor queue full',
    help: 'Enough packets wait for ARP already.',
  },
  'multi-segment': {
    title: 'Packet in several buffers',
    help: 'The packet came in several buffers: it is larger than the MTU of the port, or the NIC coalesces packets (LRO).',
  },
  'not-our-address': {
    title: 'Not our address',
    help: 'The IPv4 destination is no provider or external address of this gateway on this VLAN.',
  },
  'outer-fragment': {
    title: 'Fragmented NVGRE packet',
    help: 'A fragment of an outer packet that is not GRE, or while worker.mtu.outer-reassembly is off. Hosts must not fragment NVGRE (RFC 7637 section 4.4): raise the MTU of the PA network or lower that of the VMs.',
  },
  'outer-fragment-source': {
    title: 'Fragment from an unknown host',
    help: 'A fragment of NVGRE from a provider address that no lookup record names.',
  },
  'outer-fragment-size': {
    title: 'Fragmented packet too large',
    help: 'The fragments of an NVGRE packet make one that is larger than a packet buffer. Raise ports.pa.mtu, or lower the MTU of the VMs.',
  },
  'outer-fragment-overlap': {
    title: 'Overlapping NVGRE fragment',
    help: 'Repeats or overlaps another fragment of its packet: an attack, or a host that reuses identifications too soon.',
  },
  'outer-fragment-timeout': {
    title: 'NVGRE fragment without the others',
    help: 'Waited 2 seconds for the other fragments of its packet, which were lost on their way.',
  },
  'outer-fragment-limit': {
    title: 'Too many NVGRE fragments',
    help: 'No room to wait for the others, or gave way to newer ones of the same host. Lower the MTU of its VMs, or raise worker.mtu.outer-fragments-held-max.',
  },
  'path-mtu': {
    title: 'Implausible path MTU',
    help: 'ICMP fragmentation needed about no NVGRE packet of ours, or with an MTU below 618 or above what was sent: an attack or a broken router.',
  },
  'path-mtu-limit': {
    title: 'Too many path MTU messages',
    help: 'More than 100 ICMP fragmentation needed in a second on the PA network.',
  },
  'inner-ipv4-total-length': {
    title: 'Inner IPv4 length',
    help: 'The total length of the inner IPv4 packet is below its header length or beyond the frame.',
  },
  'icmp-no-session': {
    title: 'ICMP without a session',
    help: 'An ICMP error whose embedded packet belongs to no session, or an echo reply without a request.',
  },
  'adjacency-table-full': {
    title: 'Adjacency table full',
    help: 'The worker has no room for another next hop.',
  },
  'no-headroom': {
    title: 'No headroom',
    help: 'No room in the buffer to put headers before the packet.',
  },
  'no-mbuf': {
    title: 'No packet buffer',
    help: 'No free packet buffer. Raise the number of packet buffers in the configuration of the gateway.',
  },
  'tx-full': {
    title: 'Port too busy to send',
    help: 'The port took no more packets. The link or its driver is the bottleneck.',
  },
};

export interface DropText {
  readonly title: string;
  readonly help?: string;
}

/** Text for a reason as the gateway spells it (unknown-vsid or UNKNOWN_VSID); a reason unknown here is made readable. */
export function dropText(reason: string): DropText {
  const label = reason.toLowerCase().replaceAll('_', '-');
  const words = label.replaceAll('-', ' ').trim();
  return TEXTS[label] ?? { title: words.charAt(0).toUpperCase() + words.slice(1) };
}
