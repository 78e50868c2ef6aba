package net.nvgate.gateway.route;

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
        int countersIndex) {

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
                countersIndex);
    }
}
