package net.nvgate.gateway.route;

import net.nvgate.fabric.model.Ipv6Address;

/** A row of {@link VsidTable} as the control thread handles it. Fields as in {@link VsidEntry}. */
public record VsidRow(
        int vsid,
        int rdid,
        int flags,
        long gatewayMac,
        int gatewayCa,
        long routerMac,
        int routerCa,
        int ownPa,
        int prefix,
        int prefixLength,
        int countersIndex,
        V6 v6) {

    /** As the fields of the row; {@code ownPa} is a handle, see {@link ProviderAddresses6}. */
    public record V6(long gatewayMac, Ipv6Address gatewayCa, long routerMac, Ipv6Address routerCa, int ownPa) {

        /** Nothing in IPv6. */
        public static final V6 NONE = new V6(0, Ipv6Address.UNSPECIFIED, 0, Ipv6Address.UNSPECIFIED, 0);
    }

    /** A subnet without IPv6. */
    public VsidRow(
            int vsid,
            int rdid,
            int flags,
            long gatewayMac,
            int gatewayCa,
            long routerMac,
            int routerCa,
            int ownPa,
            int prefix,
            int prefixLength,
            int countersIndex) {
        this(
                vsid,
                rdid,
                flags,
                gatewayMac,
                gatewayCa,
                routerMac,
                routerCa,
                ownPa,
                prefix,
                prefixLength,
                countersIndex,
                V6.NONE);
    }

    /** The row with other flags. */
    public VsidRow withFlags(int other) {
        return new VsidRow(
                vsid,
                rdid,
                other,
                gatewayMac,
                gatewayCa,
                routerMac,
                routerCa,
                ownPa,
                prefix,
                prefixLength,
                countersIndex,
                v6);
    }
}
