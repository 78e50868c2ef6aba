package net.nvgate.fabric.netwnv;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;

/**
 * A class of NetWNV: the properties of its records as its {@code Get-} cmdlet shows them, to read and to write.
 *
 * @param noun of its cmdlets, e.g. {@code NetVirtualizationLookupRecord}
 * @param member of a host's JSON form
 * @param columns in the order of the class
 * @param signature properties that only records of this class have, all of them
 * @param reader of a row
 * @param records of a host
 */
record NetWnvClass<T>(
        String noun,
        String member,
        List<Column<T>> columns,
        List<String> signature,
        Function<NetWnvRow, T> reader,
        Function<NetWnvHost, List<T>> records) {

    /** Types of properties, by the names of .NET. */
    enum Type {
        STRING("System.String", "S"),
        UINT32("System.UInt32", "U32"),
        UINT16("System.UInt16", "U16"),
        BYTE("System.Byte", "By"),
        BOOLEAN("System.Boolean", "B"),
        ENUM("System.Enum", "Obj");

        private final String name;
        private final String element;

        Type(String name, String element) {
            this.name = name;
            this.element = element;
        }

        String typeName() {
            return name;
        }

        /** In CLIXML. */
        String element() {
            return element;
        }
    }

    /** @param value a String, Number, Boolean or {@link NetWnvName}; empty = null */
    record Column<T>(String name, Type type, Function<T, Optional<?>> value) {}

    static final NetWnvClass<NetWnvLookupRecord> LOOKUP_RECORD = new NetWnvClass<>(
            "NetVirtualizationLookupRecord",
            "LookupRecords",
            List.of(
                    text("CustomerAddress", NetWnvLookupRecord::customerAddress),
                    column("VirtualSubnetID", Type.UINT32, NetWnvLookupRecord::virtualSubnetId),
                    text("MACAddress", record -> NetWnvText.mac(record.macAddress())),
                    text("ProviderAddress", NetWnvLookupRecord::providerAddress),
                    text("CustomerID", NetWnvLookupRecord::customerId),
                    text("Context", NetWnvLookupRecord::context),
                    column("Rule", Type.ENUM, NetWnvLookupRecord::rule),
                    text("VMName", NetWnvLookupRecord::vmName),
                    column("UseVmMACAddress", Type.BOOLEAN, NetWnvLookupRecord::useVmMacAddress),
                    column("Type", Type.ENUM, NetWnvLookupRecord::type),
                    column("Unusable", Type.BOOLEAN, NetWnvLookupRecord::unusable),
                    column("Unsynchronized", Type.BOOLEAN, NetWnvLookupRecord::unsynchronized)),
            List.of("CustomerAddress"),
            NetWnvClass::lookupRecord,
            NetWnvHost::lookupRecords);

    static final NetWnvClass<NetWnvCustomerRoute> CUSTOMER_ROUTE = new NetWnvClass<>(
            "NetVirtualizationCustomerRoute",
            "CustomerRoutes",
            List.of(
                    text("RoutingDomainID", route -> NetWnvText.guid(route.routingDomainId())),
                    column("VirtualSubnetID", Type.UINT32, NetWnvCustomerRoute::virtualSubnetId),
                    text("DestinationPrefix", NetWnvCustomerRoute::destinationPrefix),
                    text("NextHop", NetWnvCustomerRoute::nextHop),
                    column("Metric", Type.UINT32, NetWnvCustomerRoute::metric)),
            List.of("RoutingDomainID"),
            row -> new NetWnvCustomerRoute(
                    row.required("RoutingDomainID", NetWnvText::guid),
                    row.requiredNumber("VirtualSubnetID", NetWnvRow.UINT32_MAX),
                    row.required("DestinationPrefix", IpPrefix::parse),
                    row.required("NextHop", IpAddress::parse),
                    row.number("Metric", NetWnvRow.UINT32_MAX).orElse(0L)),
            NetWnvHost::customerRoutes);

    static final NetWnvClass<NetWnvProviderAddress> PROVIDER_ADDRESS = new NetWnvClass<>(
            "NetVirtualizationProviderAddress",
            "ProviderAddresses",
            List.of(
                    text("ProviderAddress", NetWnvProviderAddress::providerAddress),
                    column("InterfaceIndex", Type.UINT32, NetWnvProviderAddress::interfaceIndex),
                    column("PrefixLength", Type.BYTE, NetWnvProviderAddress::prefixLength),
                    column("VlanID", Type.UINT16, NetWnvProviderAddress::vlanId),
                    new Column<>(
                            "MACAddress",
                            Type.STRING,
                            address -> address.macAddress().map(NetWnvText::mac)),
                    text("AddressState", NetWnvProviderAddress::addressState),
                    column("ManagedByCluster", Type.BOOLEAN, NetWnvProviderAddress::managedByCluster)),
            List.of("ProviderAddress", "PrefixLength"),
            row -> new NetWnvProviderAddress(
                    row.required("ProviderAddress", IpAddress::parse),
                    row.number("InterfaceIndex", NetWnvRow.UINT32_MAX).orElse(0L),
                    (int) row.requiredNumber("PrefixLength", 128),
                    row.number("VlanID", 4095).orElse(0L).intValue(),
                    row.optional("MACAddress", MacAddress::parse),
                    row.text("AddressState"),
                    row.flag("ManagedByCluster")),
            NetWnvHost::providerAddresses);

    static final NetWnvClass<NetWnvProviderRoute> PROVIDER_ROUTE = new NetWnvClass<>(
            "NetVirtualizationProviderRoute",
            "ProviderRoutes",
            List.of(
                    column("InterfaceIndex", Type.UINT32, NetWnvProviderRoute::interfaceIndex),
                    text("DestinationPrefix", NetWnvProviderRoute::destinationPrefix),
                    text("NextHop", NetWnvProviderRoute::nextHop),
                    column("Metric", Type.UINT32, NetWnvProviderRoute::metric)),
            List.of("DestinationPrefix", "InterfaceIndex"),
            row -> new NetWnvProviderRoute(
                    row.number("InterfaceIndex", NetWnvRow.UINT32_MAX).orElse(0L),
                    row.required("DestinationPrefix", IpPrefix::parse),
                    row.required("NextHop", IpAddress::parse),
                    row.number("Metric", NetWnvRow.UINT32_MAX).orElse(0L)),
            NetWnvHost::providerRoutes);

    static final NetWnvClass<NetWnvGlobal> GLOBAL = new NetWnvClass<>(
            "NetVirtualizationGlobal",
            "Global",
            List.of(column("UseExternalRouter", Type.BOOLEAN, NetWnvGlobal::useExternalRouter)),
            List.of("UseExternalRouter"),
            row -> new NetWnvGlobal(row.flag("UseExternalRouter")),
            host -> host.global().stream().toList());

    /** In the order in which rows are recognised, and files are written. */
    static final List<NetWnvClass<?>> ALL =
            List.of(LOOKUP_RECORD, CUSTOMER_ROUTE, PROVIDER_ADDRESS, PROVIDER_ROUTE, GLOBAL);

    /** The class of a row, by the properties it has. */
    static Optional<NetWnvClass<?>> of(NetWnvRow row) {
        return ALL.stream()
                .filter(each -> each.signature().stream().allMatch(row::has))
                .findFirst();
    }

    /** The class that the name of a file speaks of, e.g. {@code HV1-CustomerRoute.csv}; the longest noun wins. */
    static Optional<NetWnvClass<?>> of(String fileName) {
        String letters = fileName.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return ALL.stream()
                .filter(each -> letters.contains(each.shortNoun().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** Without {@code NetVirtualization}. */
    String shortNoun() {
        return noun.replace("NetVirtualization", "");
    }

    Stream<T> of(NetWnvHost host) {
        return records.apply(host).stream();
    }

    private static NetWnvLookupRecord lookupRecord(NetWnvRow row) {
        return new NetWnvLookupRecord(
                row.required("CustomerAddress", IpAddress::parse),
                row.requiredNumber("VirtualSubnetID", NetWnvRow.UINT32_MAX),
                row.required("MACAddress", MacAddress::parse),
                row.required("ProviderAddress", IpAddress::parse),
                row.name("Rule", NetWnvLookupRecord.Rule.values()).orElseThrow(() -> row.error("Rule", "is missing")),
                // Windows Server 2012 has no types yet.
                row.name("Type", NetWnvLookupRecord.Type.values()).orElse(NetWnvLookupRecord.Type.STATIC),
                row.text("CustomerID"),
                row.text("Context"),
                row.text("VMName"),
                row.flag("UseVmMACAddress"),
                row.flag("Unusable"),
                row.flag("Unsynchronized"));
    }

    private static <T> Column<T> text(String name, Function<T, Object> value) {
        return new Column<>(
                name,
                Type.STRING,
                record -> Optional.of(value.apply(record).toString()).filter(text -> !text.isEmpty()));
    }

    private static <T> Column<T> column(String name, Type type, Function<T, Object> value) {
        return new Column<>(name, type, record -> Optional.of(value.apply(record)));
    }
}
