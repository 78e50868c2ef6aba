package net.nvgate.fabric.netwnv;

import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;

/**
 * An address of a host in the PA network: what {@code Get-NetVirtualizationProviderAddress} shows
 * (MSFT_NetVirtualizationProviderAddressSettingData).
 *
 * @param interfaceIndex uint32, of the host; 0 = not known
 * @param prefixLength of the PA subnet
 * @param vlanId 0 = untagged
 * @param macAddress of the PA, if the host says it
 * @param addressState Preferred, Tentative, Duplicate, Invalid or Deprecated (read only); empty = not known
 * @param managedByCluster the PA moves with a cluster group (read only)
 */
public record NetWnvProviderAddress(
        IpAddress providerAddress,
        long interfaceIndex,
        int prefixLength,
        int vlanId,
        Optional<MacAddress> macAddress,
        String addressState,
        boolean managedByCluster) {

    /** What the manager wants: the rest is the host's to say. */
    public static NetWnvProviderAddress of(IpAddress providerAddress, int prefixLength, int vlanId) {
        return new NetWnvProviderAddress(providerAddress, 0, prefixLength, vlanId, Optional.empty(), "", false);
    }
}
