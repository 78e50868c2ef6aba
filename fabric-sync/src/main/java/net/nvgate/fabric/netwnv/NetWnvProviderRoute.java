package net.nvgate.fabric.netwnv;

import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;

/**
 * A route in the PA network: what {@code Get-NetVirtualizationProviderRoute} shows
 * (MSFT_NetVirtualizationProviderRouteSettingData). A host keys it by {@link Key}.
 *
 * @param interfaceIndex uint32, of the host; 0 = not known
 * @param nextHop 0.0.0.0 or :: = on-link
 * @param metric uint32, lowest wins
 */
public record NetWnvProviderRoute(long interfaceIndex, IpPrefix destinationPrefix, IpAddress nextHop, long metric) {

    /** What a host knows a route by, on an interface. */
    public record Key(IpPrefix destinationPrefix, IpAddress nextHop) {

        @Override
        public String toString() {
            return destinationPrefix + " -> " + nextHop;
        }
    }

    public Key key() {
        return new Key(destinationPrefix, nextHop);
    }
}
