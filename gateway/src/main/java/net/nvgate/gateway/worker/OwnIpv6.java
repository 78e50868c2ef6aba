package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.RouteTables;

/** Which IPv6 addresses are ours on one port: those of policy that nobody else has, and the port's link-local one. */
final class OwnIpv6 {

    private final RouteTables tables;
    private final int kind;
    private final long linkLocalLow;

    /** @param kind {@link Own6Addresses#PROVIDER} or {@link Own6Addresses#EXTERNAL} */
    OwnIpv6(RouteTables tables, int kind, long mac) {
        this.tables = tables;
        this.kind = kind;
        this.linkLocalLow = Ipv6.interfaceId(mac);
    }

    boolean has(long high, long low, int vlan) {
        if (high == Ipv6.LINK_LOCAL_HIGH) {
            return low == linkLocalLow;
        }
        long own = tables.ownAddresses6.find(high, low);
        return own != 0
                && (Own6Addresses.flags(own) & (kind | Own6Addresses.TENTATIVE)) == kind
                && Own6Addresses.vlan(own) == vlan;
    }

    /** It will be ours if nobody objects (RFC 4862 §5.4). */
    boolean isTentative(long high, long low, int vlan) {
        long own = tables.ownAddresses6.find(high, low);
        int wanted = kind | Own6Addresses.TENTATIVE;
        return own != 0 && (Own6Addresses.flags(own) & wanted) == wanted && Own6Addresses.vlan(own) == vlan;
    }
}
