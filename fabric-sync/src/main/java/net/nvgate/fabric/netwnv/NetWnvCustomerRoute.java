package net.nvgate.fabric.netwnv;

import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;

/**
 * A route of a tenant: what {@code Get-NetVirtualizationCustomerRoute} shows (MSFT_NetVirtualizationCustomerRouteSettingData). A
 * host keys it by {@link Key}.
 *
 * @param routingDomainId the tenant (RDID)
 * @param virtualSubnetId uint32, of the next hop
 * @param nextHop a CA; 0.0.0.0 or :: = on-link
 * @param metric uint32, lowest wins; Microsoft's samples use 255
 */
public record NetWnvCustomerRoute(
        UUID routingDomainId, long virtualSubnetId, IpPrefix destinationPrefix, IpAddress nextHop, long metric) {

    /** What a host knows a route by. */
    public record Key(UUID routingDomainId, long virtualSubnetId, IpPrefix destinationPrefix, IpAddress nextHop) {

        @Override
        public String toString() {
            return "RDID " + routingDomainId + " VSID " + virtualSubnetId + " " + destinationPrefix + " -> " + nextHop;
        }
    }

    public Key key() {
        return new Key(routingDomainId, virtualSubnetId, destinationPrefix, nextHop);
    }

    /** The virtual subnet has the prefix itself. */
    public boolean isOnLink() {
        return nextHop.isUnspecified();
    }

    /** It leads to all that is not the tenant's. */
    public boolean isDefault() {
        return destinationPrefix.length() == 0;
    }
}
