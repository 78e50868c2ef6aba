package net.nvgate.fabric.netwnv;

import java.util.Comparator;

/** Orders of records that depend on nothing but the records, so that files and comparisons are stable. */
final class NetWnvOrder {

    static final Comparator<NetWnvLookupRecord> RECORDS = Comparator.comparingLong(NetWnvLookupRecord::virtualSubnetId)
            .thenComparing(NetWnvLookupRecord::customerAddress)
            .thenComparing(NetWnvLookupRecord::macAddress)
            .thenComparing(NetWnvLookupRecord::providerAddress)
            .thenComparing(NetWnvLookupRecord::type);

    static final Comparator<NetWnvCustomerRoute> CUSTOMER_ROUTES = Comparator.comparing(
                    NetWnvCustomerRoute::routingDomainId)
            .thenComparingLong(NetWnvCustomerRoute::virtualSubnetId)
            .thenComparing(NetWnvCustomerRoute::destinationPrefix)
            .thenComparing(NetWnvCustomerRoute::nextHop);

    static final Comparator<NetWnvProviderAddress> PROVIDER_ADDRESSES =
            Comparator.comparing(NetWnvProviderAddress::providerAddress);

    static final Comparator<NetWnvProviderRoute> PROVIDER_ROUTES =
            Comparator.comparing(NetWnvProviderRoute::destinationPrefix).thenComparing(NetWnvProviderRoute::nextHop);

    private NetWnvOrder() {}
}
