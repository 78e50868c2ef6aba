package net.nvgate.gateway.worker;

import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinkAddresses6;
import net.nvgate.gateway.route.TenantLinks;

/**
 * Which IPv6 addresses are ours on one port: those of policy that nobody else has, and the port's link-local one. Either in what tenants
 * share, or on the VLANs of tenant interfaces.
 */
final class OwnIpv6 {

    private final RouteTables tables;
    private final int kind;
    private final boolean ofTenants;
    private final long linkLocalLow;

    private OwnIpv6(RouteTables tables, int kind, boolean ofTenants, long mac) {
        this.tables = tables;
        this.kind = kind;
        this.ofTenants = ofTenants;
        this.linkLocalLow = Ipv6.interfaceId(mac);
    }

    /** @param kind {@link Own6Addresses#PROVIDER} or {@link Own6Addresses#EXTERNAL} */
    static OwnIpv6 shared(RouteTables tables, int kind, long mac) {
        return new OwnIpv6(tables, kind, false, mac);
    }

    /** @param kind of the port, as in {@link #shared} */
    static OwnIpv6 ofTenants(RouteTables tables, int kind, long mac) {
        return new OwnIpv6(tables, kind, true, mac);
    }

    boolean has(long high, long low, int vlan) {
        if (high == Ipv6.LINK_LOCAL_HIGH) {
            return low == linkLocalLow;
        }
        if (ofTenants) {
            return tables.tenantLinkAddresses6.owns(link(vlan), high, low);
        }
        long own = tables.ownAddresses6.find(high, low);
        return own != 0
                && (Own6Addresses.flags(own) & (kind | Own6Addresses.TENTATIVE)) == kind
                && Own6Addresses.vlan(own) == vlan;
    }

    /** It will be ours if nobody objects (RFC 4862 §5.4). */
    boolean isTentative(long high, long low, int vlan) {
        if (ofTenants) {
            long own = tables.tenantLinkAddresses6.find(link(vlan), high, low);
            return own != 0 && TenantLinkAddresses6.isTentative(own);
        }
        long own = tables.ownAddresses6.find(high, low);
        int wanted = kind | Own6Addresses.TENTATIVE;
        return own != 0 && (Own6Addresses.flags(own) & wanted) == wanted && Own6Addresses.vlan(own) == vlan;
    }

    /** Key of the neighbour table for neighbours on a VLAN of a port. */
    int neighborPort(int portId, int vlan) {
        return ofTenants ? NeighborEntry.portOf(portId, vlan) : portId;
    }

    private int link(int vlan) {
        return kind == Own6Addresses.PROVIDER ? TenantLinks.backEnd(vlan) : TenantLinks.frontEnd(vlan);
    }
}
