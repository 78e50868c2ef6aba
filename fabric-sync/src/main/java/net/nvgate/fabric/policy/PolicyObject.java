package net.nvgate.fabric.policy;

import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
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
        public static final IpAddress DISTRIBUTED_ROUTER_PA = IpAddress.parse("169.254.254.254");

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
        @Override
        public String key() {
            return "vsid/" + vsid;
        }
    }

    /**
     * Gateways only: source NAT of a tenant (VMM NATConnection).
     *
     * @param externalAddress the tenant's address on the physical side, its alone
     * @param portMin first external port or ICMP identifier to use for dynamic mappings, 1024..65535
     * @param portMax last one, inclusive
     */
    record NatConnection(UUID id, UUID rdid, IpAddress externalAddress, int portMin, int portMax)
            implements PolicyObject {
        @Override
        public String key() {
            return "nat/" + id;
        }
    }

    /**
     * Gateways only: a port forward (VMM NATRule).
     *
     * @param protocol TCP or UDP
     * @param externalPort 1..65535 on the connection's external address
     */
    record NatRule(
            UUID id,
            UUID connectionId,
            Protocol protocol,
            int externalPort,
            IpAddress internalAddress,
            int internalPort)
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

        @Override
        public String key() {
            return "nat-rule/" + id;
        }
    }

    /**
     * Hosts only: a virtual NIC that runs on this host.
     *
     * @param nicId matches {@code external_ids:iface-id} of the OVS interface
     * @param addresses the CAs it may send from
     * @param mtu bytes of the largest inner IP packet
     */
    record VirtualPort(
            UUID nicId, String vmName, UUID rdid, Vsid vsid, MacAddress mac, List<IpAddress> addresses, int mtu)
            implements PolicyObject {

        public VirtualPort {
            addresses = List.copyOf(addresses);
        }

        @Override
        public String key() {
            return "port/" + nicId;
        }
    }
}
