package net.nvgate.fabric.policy;

import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.Bandwidth;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.InterfaceAddress;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.model.NatSettings;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.model.Urpf;
import net.nvgate.fabric.model.Vsid;

/**
 * One unit of policy. Two objects with the same {@link #key()} are versions of one thing: the later replaces the
 * earlier. Field names follow the NetWNV classes (root\StandardCimv2) where one exists.
 */
public sealed interface PolicyObject {

    /** Stable identity within one node's policy, e.g. {@code lookup/5001/192.168.1.3}. Never reused across types. */
    String key();

    /** Where a CA lives. NetWNV MSFT_NetVirtualizationLookupRecordSettingData with Rule = TranslationMethodEncap. */
    record LookupRecord(
            UUID rdid,
            Vsid vsid,
            IpAddress customerAddress,
            MacAddress mac,
            IpAddress providerAddress,
            Type type,
            String vmName)
            implements PolicyObject {

        /** PA of default-gateway records in the 2012 sample: "the distributed router of whichever host asks". */
        public static final IpAddress DISTRIBUTED_ROUTER_PA = IpPool.DISTRIBUTED_ROUTER_PA;

        public enum Type {
            /** Set by the manager. */
            STATIC,
            /** Learned by a host, e.g. from DHCP. */
            DYNAMIC,
            /** CA 0.0.0.0 or ::, matches every CA outside the tenant: the gateway (MAC, PA, VSID) for validation and reach. */
            GATEWAY_WILDCARD,
            /** CA 0.0.0.0 or ::, the CA is learned later. */
            L2_ONLY
        }

        /** A default-gateway (DG) record: makes ARP for the subnet's first address work, steers to the distributed router. */
        public boolean isDefaultGateway() {
            return providerAddress.equals(DISTRIBUTED_ROUTER_PA);
        }

        /** NetWNV keys a record by CA, VSID and MAC; a CA is once per VSID, wildcards and L2Only once per MAC. */
        @Override
        public String key() {
            return customerAddress.isUnspecified()
                    ? "lookup/" + vsid + "/" + customerAddress + "/" + mac
                    : "lookup/" + vsid + "/" + customerAddress;
        }
    }

    /**
     * A route of a tenant. NetWNV CustomerRouteSettingData.
     *
     * @param vsid the virtual subnet the next hop is in (the gateway's VSID for a default route to a gateway)
     * @param nextHop a CA, or 0.0.0.0 / :: for on-link
     * @param metric lowest wins; Microsoft's samples use 255
     */
    record CustomerRoute(UUID rdid, Vsid vsid, IpPrefix destinationPrefix, IpAddress nextHop, int metric)
            implements PolicyObject {
        @Override
        public String key() {
            return "route/" + rdid + "/" + destinationPrefix + "/" + nextHop;
        }
    }

    /**
     * An address of this node in the PA network. NetWNV ProviderAddressSettingData.
     *
     * @param prefixLength length of the PA subnet
     * @param vlanId 802.1Q VLAN id in the PA network, 0 = untagged
     */
    record ProviderAddress(IpAddress providerAddress, int prefixLength, int vlanId) implements PolicyObject {
        @Override
        public String key() {
            return "pa/" + providerAddress;
        }
    }

    /** A route in the PA network. NetWNV ProviderRouteSettingData. */
    record ProviderRoute(IpPrefix destinationPrefix, IpAddress nextHop, int metric) implements PolicyObject {
        @Override
        public String key() {
            return "pa-route/" + destinationPrefix + "/" + nextHop;
        }
    }

    /** Gateways only: an address of the gateway itself on the physical (front-end) network; it answers ping. */
    record ExternalAddress(IpAddress address, int prefixLength, int vlanId) implements PolicyObject {
        @Override
        public String key() {
            return "ext/" + address;
        }
    }

    /** Gateways only: a route on the physical side, usually 0.0.0.0/0 to the router of the front-end network. */
    record ExternalRoute(IpPrefix destinationPrefix, IpAddress nextHop, int metric) implements PolicyObject {
        @Override
        public String key() {
            return "ext-route/" + destinationPrefix + "/" + nextHop;
        }
    }

    /**
     * Names a tenant's routing domain and the subnets in it, so that nodes can label metrics and answer for the
     * subnet's default gateway.
     *
     * @param name name of the VM network
     */
    record RoutingDomain(UUID rdid, String name) implements PolicyObject {
        @Override
        public String key() {
            return "rdid/" + rdid;
        }
    }

    /**
     * A virtual subnet of a routing domain.
     *
     * @param gatewaySubnet true for the routing subnet that holds only the gateway (VMM default 10.254.254.0/29)
     */
    record VirtualSubnet(UUID rdid, Vsid vsid, IpPrefix prefix, boolean gatewaySubnet, String name)
            implements PolicyObject {
        /** A VSID has one subnet of each family at most. */
        @Override
        public String key() {
            return "vsid/" + vsid + (prefix.address().bits() == 32 ? "" : "/6");
        }
    }

    /**
     * Gateways only: source NAT of a tenant (VMM NATConnection). Several connections of one RDID with the same source
     * prefixes are a pool: a CA keeps one external address of it.
     *
     * @param externalAddress the tenant's address on the physical side; connections that share it have disjoint ports
     * @param portMin first external port or ICMP identifier to use for dynamic mappings, 1024..65535
     * @param portMax last one, inclusive
     * @param sourcePrefixes CAs that use the connection, empty = all; of the RDID's connections the longest match wins
     * @param bandwidth of all sessions of the connection
     */
    record NatConnection(
            UUID id,
            UUID rdid,
            IpAddress externalAddress,
            int portMin,
            int portMax,
            List<IpPrefix> sourcePrefixes,
            NatSettings settings,
            Bandwidth bandwidth)
            implements PolicyObject {

        public NatConnection {
            sourcePrefixes = List.copyOf(sourcePrefixes);
        }

        /** For every CA, with default settings. */
        public NatConnection(UUID id, UUID rdid, IpAddress externalAddress, int portMin, int portMax) {
            this(id, rdid, externalAddress, portMin, portMax, List.of(), NatSettings.DEFAULT);
        }

        /** Without a limit of bandwidth. */
        public NatConnection(
                UUID id,
                UUID rdid,
                IpAddress externalAddress,
                int portMin,
                int portMax,
                List<IpPrefix> sourcePrefixes,
                NatSettings settings) {
            this(id, rdid, externalAddress, portMin, portMax, sourcePrefixes, settings, Bandwidth.UNLIMITED);
        }

        @Override
        public String key() {
            return "nat/" + id;
        }
    }

    /**
     * Gateways only: a port forward (VMM NATRule), of one port or of a range that is mapped in order.
     *
     * @param protocol TCP or UDP
     * @param externalPort first one, 1..65535 on the connection's external address
     * @param internalPort first one
     * @param portCount length of both ranges, at least 1
     * @param remotePrefixes who may come in, empty = all
     */
    record NatRule(
            UUID id,
            UUID connectionId,
            Protocol protocol,
            int externalPort,
            IpAddress internalAddress,
            int internalPort,
            int portCount,
            List<IpPrefix> remotePrefixes)
            implements PolicyObject {

        public enum Protocol {
            TCP(6),
            UDP(17);

            private final int number;

            Protocol(int number) {
                this.number = number;
            }

            /** IANA protocol number. */
            public int number() {
                return number;
            }
        }

        public NatRule {
            remotePrefixes = List.copyOf(remotePrefixes);
        }

        /** One port, open to everybody. */
        public NatRule(
                UUID id,
                UUID connectionId,
                Protocol protocol,
                int externalPort,
                IpAddress internalAddress,
                int internalPort) {
            this(id, connectionId, protocol, externalPort, internalAddress, internalPort, 1, List.of());
        }

        @Override
        public String key() {
            return "nat-rule/" + id;
        }
    }

    /** Gateways only: an external address that is one CA, for all protocols and ports, both ways. */
    record NatOneToOne(UUID id, UUID rdid, IpAddress externalAddress, IpAddress internalAddress)
            implements PolicyObject {
        @Override
        public String key() {
            return "nat-1to1/" + id;
        }
    }

    /** Gateways only: packets from source to destination, and their answers, are routed without translation. */
    record NatExemption(UUID id, UUID rdid, IpPrefix sourcePrefix, IpPrefix destinationPrefix) implements PolicyObject {
        @Override
        public String key() {
            return "nat-exempt/" + id;
        }
    }

    /**
     * Gateways only: what holds for the tenant as a whole. A tenant without has {@link #defaults}.
     *
     * @param dscp outer DSCP in pipe mode, 0..63
     * @param pcp the tenant's VMs may ask for mappings (RFC 6887)
     * @param bandwidth of the tenant as a whole
     */
    record TenantSettings(UUID rdid, NatQuota quota, DscpMode dscpMode, int dscp, boolean pcp, Bandwidth bandwidth)
            implements PolicyObject {

        /** Without a limit of bandwidth. */
        public TenantSettings(UUID rdid, NatQuota quota, DscpMode dscpMode, int dscp, boolean pcp) {
            this(rdid, quota, dscpMode, dscp, pcp, Bandwidth.UNLIMITED);
        }

        public static TenantSettings defaults(UUID rdid) {
            return new TenantSettings(rdid, NatQuota.UNLIMITED, DscpMode.UNIFORM, 0, false);
        }

        @Override
        public String key() {
            return "tenant/" + rdid;
        }
    }

    /**
     * Gateways only: IPv6 destinations that stand for IPv4 addresses (RFC 6052, RFC 6146).
     *
     * @param prefix 32, 40, 48, 56, 64 or 96 bits long
     */
    record Nat64Prefix(UUID rdid, IpPrefix prefix) implements PolicyObject {
        @Override
        public String key() {
            return "nat64/" + rdid + "/" + prefix;
        }
    }

    /** Gateways only: inside and outside IPv6 prefixes of the same length that are translated 1:1 (RFC 6296). */
    record Nptv6Prefix(UUID rdid, IpPrefix insidePrefix, IpPrefix outsidePrefix) implements PolicyObject {
        @Override
        public String key() {
            return "nptv6/" + rdid + "/" + insidePrefix;
        }
    }

    /**
     * Gateways only: an 802.1Q sub-interface that belongs to one tenant. On the front end it leads to the tenant's own
     * network (direct routing, CAs may overlap between tenants), on the back end to a VLAN-based subnet of it.
     *
     * @param vlanId 1..4094, once per side
     */
    record TenantInterface(UUID id, UUID rdid, Side side, int vlanId, List<InterfaceAddress> addresses, Urpf urpf)
            implements PolicyObject {

        public TenantInterface {
            addresses = List.copyOf(addresses);
        }

        @Override
        public String key() {
            return "tenant-if/" + id;
        }
    }

    /**
     * Gateways only: a route out of a tenant interface. Several next hops of equal metric share the load.
     *
     * @param metric lowest wins
     */
    record TenantInterfaceRoute(UUID interfaceId, IpPrefix destinationPrefix, IpAddress nextHop, int metric)
            implements PolicyObject {
        @Override
        public String key() {
            return "tenant-if-route/" + interfaceId + "/" + destinationPrefix + "/" + nextHop;
        }
    }

    /** Gateways only: packets of one tenant to the prefix are looked up in another. Two of them make a peering. */
    record PeerRoute(UUID rdid, IpPrefix destinationPrefix, UUID peerRdid) implements PolicyObject {
        @Override
        public String key() {
            return "peer-route/" + rdid + "/" + destinationPrefix + "/" + peerRdid;
        }
    }

    /** Gateways only: packets of the tenant to the prefix are dropped. */
    record BlackholeRoute(UUID rdid, IpPrefix destinationPrefix) implements PolicyObject {
        @Override
        public String key() {
            return "blackhole/" + rdid + "/" + destinationPrefix;
        }
    }

    /**
     * Gateways only: what DHCP tells the VMs of a virtual subnet; each one's address is that of its lookup record.
     *
     * @param router the subnet's default gateway
     * @param domainName empty = none
     * @param mtu bytes of the largest inner IP packet
     */
    record DhcpSubnet(
            UUID rdid,
            Vsid vsid,
            IpAddress router,
            List<IpAddress> dnsServers,
            String domainName,
            int leaseSeconds,
            int mtu)
            implements PolicyObject {

        public DhcpSubnet {
            dnsServers = List.copyOf(dnsServers);
        }

        @Override
        public String key() {
            return "dhcp/" + vsid;
        }
    }

    /**
     * Gateways only: a port ACL of a VM network.
     *
     * @param provider the provider's: before the tenant's
     * @param prefixes addresses it is for: those of VM subnets
     * @param labels and those of VMs with one of these labels; with neither it is for all of the VM network
     * @param rules in order
     */
    record PortAcl(
            UUID id,
            UUID rdid,
            String name,
            boolean provider,
            List<IpPrefix> prefixes,
            List<String> labels,
            AclAction defaultInboundAction,
            AclAction defaultOutboundAction,
            List<PortAclRule> rules)
            implements PolicyObject {

        public PortAcl {
            prefixes = List.copyOf(prefixes);
            labels = List.copyOf(labels);
            rules = List.copyOf(rules);
        }

        /** True if it is for every address of the VM network. */
        public boolean coversAll() {
            return prefixes.isEmpty() && labels.isEmpty();
        }

        @Override
        public String key() {
            return "port-acl/" + id;
        }
    }

    /**
     * Gateways only: what rules of port ACLs mean by an address set, or by the labels of a VM.
     *
     * @param id of the address set or the VM
     * @param labels of the VM, {@code key=value}; an address set has none
     */
    record AclAddresses(UUID id, UUID rdid, List<String> labels, List<IpPrefix> prefixes) implements PolicyObject {

        public AclAddresses {
            labels = List.copyOf(labels);
            prefixes = List.copyOf(prefixes);
        }

        @Override
        public String key() {
            return "acl-addresses/" + rdid + "/" + id;
        }
    }

    /**
     * Gateways only: what the port profile of a virtual NIC says of its bandwidth; only of NICs whose profile says something.
     *
     * @param addresses its CAs
     */
    record NicBandwidth(UUID nicId, UUID rdid, List<IpAddress> addresses, PortProfile.Bandwidth bandwidth)
            implements PolicyObject {

        public NicBandwidth {
            addresses = List.copyOf(addresses);
        }

        @Override
        public String key() {
            return "bandwidth/" + nicId;
        }
    }

    /**
     * Hosts only: a virtual NIC that runs on this host.
     *
     * @param nicId matches {@code external_ids:iface-id} of the OVS interface
     * @param addresses the CAs it may send from
     * @param mtu bytes of the largest inner IP packet
     * @param bandwidth of its port profile
     */
    record VirtualPort(
            UUID nicId,
            String vmName,
            UUID rdid,
            Vsid vsid,
            MacAddress mac,
            List<IpAddress> addresses,
            int mtu,
            PortProfile.Bandwidth bandwidth)
            implements PolicyObject {

        public VirtualPort {
            addresses = List.copyOf(addresses);
        }

        /** Without a port profile that says something of bandwidth. */
        public VirtualPort(
                UUID nicId, String vmName, UUID rdid, Vsid vsid, MacAddress mac, List<IpAddress> addresses, int mtu) {
            this(nicId, vmName, rdid, vsid, mac, addresses, mtu, PortProfile.Bandwidth.UNLIMITED);
        }

        @Override
        public String key() {
            return "port/" + nicId;
        }
    }
}
