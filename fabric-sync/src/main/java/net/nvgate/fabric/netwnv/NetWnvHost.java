package net.nvgate.fabric.netwnv;

import java.util.List;
import java.util.Optional;

/**
 * The network virtualization of one Hyper-V host: what it has, or what it should have.
 *
 * @param name of the computer, as its host object in the fabric is called
 * @param global empty = not known
 */
public record NetWnvHost(
        String name,
        List<NetWnvLookupRecord> lookupRecords,
        List<NetWnvCustomerRoute> customerRoutes,
        List<NetWnvProviderAddress> providerAddresses,
        List<NetWnvProviderRoute> providerRoutes,
        Optional<NetWnvGlobal> global) {

    public NetWnvHost {
        lookupRecords = List.copyOf(lookupRecords);
        customerRoutes = List.copyOf(customerRoutes);
        providerAddresses = List.copyOf(providerAddresses);
        providerRoutes = List.copyOf(providerRoutes);
    }
}
