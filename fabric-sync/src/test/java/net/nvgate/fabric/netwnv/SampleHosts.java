package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.netwnv.NetWnvLookupRecord.Rule;

/**
 * An invented fabric of three hosts of Windows Server 2012 R2, with a PA per host and VSID.
 *
 * <pre>
 *  blue  6000 10.0.0.0/24 fd00:60::/64   6001 10.0.2.0/24   gateway alone in 5000 10.254.254.0/29 fd0a:fefe::/64, wildcards everywhere
 *  red   7000 10.0.0.0/24 and the gateway, no wildcards on hosts
 *
 *  HV1   blue  6000 .11   6001 .12              web1, dyn (known by what was learned alone)
 *  HV2   both  6000 .21   7000 .22              web2, rewritten (rule Nat), silent (L2Only alone)
 *  HV3   both  6001 .31   7000 .31              db, node (static, learned and L2Only), red1
 * </pre>
 */
final class SampleHosts {

    static final UUID BLUE = UUID.fromString("11111111-2222-3333-4444-000000000000");
    static final UUID RED = UUID.fromString("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
    static final IpAddress GATEWAY = IpAddress.parse("192.168.1.103");
    static final IpAddress DUMMY = IpAddress.parse("169.254.254.254");

    private SampleHosts() {}

    private static NetWnvLookupRecord record(
            UUID rdid, long vsid, String ca, String mac, String pa, NetWnvLookupRecord.Type type, String vmName) {
        return new NetWnvLookupRecord(
                IpAddress.parse(ca),
                vsid,
                MacAddress.parse(mac),
                IpAddress.parse(pa),
                Rule.TRANSLATION_METHOD_ENCAP,
                type,
                NetWnvText.guid(rdid),
                rdid.equals(BLUE) ? "blue" : "red",
                vmName,
                false,
                false,
                false);
    }

    static NetWnvLookupRecord fixed(UUID rdid, long vsid, String ca, String mac, String pa, String vmName) {
        return record(rdid, vsid, ca, mac, pa, NetWnvLookupRecord.Type.STATIC, vmName);
    }

    static NetWnvCustomerRoute route(UUID rdid, long vsid, String prefix, String nextHop) {
        return new NetWnvCustomerRoute(rdid, vsid, IpPrefix.parse(prefix), IpAddress.parse(nextHop), 255);
    }

    private static List<NetWnvLookupRecord> blue(String router) {
        List<NetWnvLookupRecord> records = new ArrayList<>();
        records.add(fixed(BLUE, 6000, "10.0.0.5", "00155D000005", "192.168.1.11", "web1"));
        records.add(fixed(BLUE, 6000, "fd00:60::5", "00155D000005", "192.168.1.11", "web1"));
        records.add(fixed(BLUE, 6000, "10.0.0.6", "00155D000006", "192.168.1.21", "web2"));
        records.add(fixed(BLUE, 6000, "fd00:60::6", "00155D000006", "192.168.1.21", "web2"));
        records.add(
                record(BLUE, 6001, "0.0.0.0", "00155D000077", "192.168.1.12", NetWnvLookupRecord.Type.L2_ONLY, "dyn"));
        records.add(record(
                BLUE, 6001, "10.0.2.77", "00155D000077", "192.168.1.12", NetWnvLookupRecord.Type.DYNAMIC, "dyn"));
        records.add(fixed(BLUE, 6001, "10.0.2.5", "00155D000025", "192.168.1.31", "db"));
        records.add(fixed(BLUE, 6001, "10.0.2.9", "00155D000029", "192.168.1.31", "node"));
        records.add(record(
                BLUE, 6001, "10.0.2.99", "00155D000029", "192.168.1.31", NetWnvLookupRecord.Type.DYNAMIC, "node"));
        records.add(
                record(BLUE, 6001, "0.0.0.0", "00155D000029", "192.168.1.31", NetWnvLookupRecord.Type.L2_ONLY, "node"));
        records.add(fixed(BLUE, 6000, "10.0.0.1", "001DD8000001", router, "web"));
        records.add(fixed(BLUE, 6000, "fd00:60::1", "001DD8000001", router, "web"));
        records.add(fixed(BLUE, 6001, "10.0.2.1", "001DD8000002", router, "data"));
        records.add(fixed(BLUE, 5000, "10.254.254.1", "001DD8000003", router, "blue-gw"));
        records.add(fixed(BLUE, 5000, "fd0a:fefe::1", "001DD8000003", router, "blue-gw"));
        records.add(fixed(BLUE, 5000, "10.254.254.2", "001DD8000004", "192.168.1.103", "blue-gw"));
        records.add(fixed(BLUE, 5000, "fd0a:fefe::2", "001DD8000004", "192.168.1.103", "blue-gw"));
        for (String any : List.of("0.0.0.0", "::")) {
            records.add(record(
                    BLUE,
                    5000,
                    any,
                    "001DD8000004",
                    "192.168.1.103",
                    NetWnvLookupRecord.Type.GATEWAY_WILDCARD,
                    "blue-gw"));
        }
        return records;
    }

    private static final List<NetWnvCustomerRoute> BLUE_ROUTES = List.of(
            route(BLUE, 6000, "10.0.0.0/24", "0.0.0.0"),
            route(BLUE, 6000, "fd00:60::/64", "::"),
            route(BLUE, 6001, "10.0.2.0/24", "0.0.0.0"),
            route(BLUE, 5000, "10.254.254.0/29", "0.0.0.0"),
            route(BLUE, 5000, "fd0a:fefe::/64", "::"),
            route(BLUE, 5000, "0.0.0.0/0", "10.254.254.2"),
            route(BLUE, 5000, "::/0", "fd0a:fefe::2"),
            route(BLUE, 6001, "172.16.0.0/16", "10.0.2.5"));

    private static List<NetWnvLookupRecord> red(String router) {
        return List.of(
                fixed(RED, 7000, "10.0.0.1", "001DD8000001", router, "red-net"),
                fixed(RED, 7000, "10.0.0.254", "001DD80000FE", "192.168.1.103", "red-gw"),
                fixed(RED, 7000, "10.0.0.7", "00155D000007", "192.168.1.31", "red1"),
                fixed(RED, 7000, "10.0.0.8", "00155D000008", "192.168.1.22", "rewritten")
                        .withRule(Rule.TRANSLATION_METHOD_NAT, true),
                record(
                        RED,
                        7000,
                        "0.0.0.0",
                        "00155D000009",
                        "192.168.1.22",
                        NetWnvLookupRecord.Type.L2_ONLY,
                        "silent"));
    }

    private static final List<NetWnvCustomerRoute> RED_ROUTES =
            List.of(route(RED, 7000, "10.0.0.0/24", "0.0.0.0"), route(RED, 7000, "0.0.0.0/0", "10.0.0.254"));

    private static NetWnvHost host(String name, boolean both, String routerOfRed, List<String> addresses) {
        List<NetWnvLookupRecord> records = new ArrayList<>(blue(addresses.getFirst()));
        List<NetWnvCustomerRoute> routes = new ArrayList<>(BLUE_ROUTES);
        if (both) {
            records.addAll(red(routerOfRed));
            routes.addAll(RED_ROUTES);
        }
        records.sort(NetWnvOrder.RECORDS);
        routes.sort(NetWnvOrder.CUSTOMER_ROUTES);
        return new NetWnvHost(
                name,
                records,
                routes,
                addresses.stream()
                        .map(pa -> new NetWnvProviderAddress(
                                IpAddress.parse(pa),
                                12,
                                24,
                                7,
                                Optional.of(MacAddress.parse("00155D00AA00").plus(pa.hashCode() & 0xff)),
                                "Preferred",
                                false))
                        .toList(),
                List.of(new NetWnvProviderRoute(12, IpPrefix.parse("0.0.0.0/0"), IpAddress.parse("192.168.1.1"), 256)),
                Optional.of(new NetWnvGlobal(false)));
    }

    /** @param dummy the DGs of red have the dummy PA of the sample of 2012 */
    static List<NetWnvHost> all(boolean dummy) {
        return List.of(
                host("HV1", false, "", List.of("192.168.1.11", "192.168.1.12")),
                host("HV2", true, dummy ? DUMMY.toString() : "192.168.1.21", List.of("192.168.1.21", "192.168.1.22")),
                host("HV3", true, dummy ? DUMMY.toString() : "192.168.1.31", List.of("192.168.1.31")));
    }

    /** The sample with web2 moved from HV2 to HV3, a learned address gone, another come, and a VM gone. */
    static List<NetWnvHost> later() {
        List<NetWnvHost> hosts = new ArrayList<>();
        for (NetWnvHost host : all(false)) {
            List<NetWnvLookupRecord> records = new ArrayList<>();
            for (NetWnvLookupRecord record : host.lookupRecords()) {
                NetWnvLookupRecord moved = record;
                if (record.vmName().equals("web2")) {
                    moved = withPa(record, "192.168.1.32");
                } else if (record.customerAddress().toString().equals("10.0.2.99")) {
                    moved = with(record, "10.0.2.100", record.providerAddress().toString(), false, false);
                }
                if (!record.vmName().equals("red1")) {
                    records.add(moved);
                }
            }
            List<NetWnvProviderAddress> addresses = new ArrayList<>(host.providerAddresses());
            if (host.name().equals("HV3")) {
                addresses.add(NetWnvProviderAddress.of(IpAddress.parse("192.168.1.32"), 24, 7));
            }
            hosts.add(with(host, records, host.customerRoutes(), addresses));
        }
        return hosts;
    }

    static ImportOptions options() {
        return new ImportOptions(
                "vmm",
                Map.of("gw1", Optional.empty()),
                Optional.of("external-pool"),
                ImportOptions.MTU_DEFAULT,
                Set.of());
    }

    /** A host with other records, customer routes and provider addresses. */
    static NetWnvHost with(
            NetWnvHost host,
            List<NetWnvLookupRecord> records,
            List<NetWnvCustomerRoute> routes,
            List<NetWnvProviderAddress> addresses) {
        return new NetWnvHost(host.name(), records, routes, addresses, host.providerRoutes(), host.global());
    }

    /** A record with another PA. */
    static NetWnvLookupRecord withPa(NetWnvLookupRecord record, String pa) {
        return with(record, record.customerAddress().toString(), pa, false, false);
    }

    static NetWnvLookupRecord with(
            NetWnvLookupRecord record, String ca, String pa, boolean unusable, boolean unsynchronized) {
        return new NetWnvLookupRecord(
                IpAddress.parse(ca),
                record.virtualSubnetId(),
                record.macAddress(),
                IpAddress.parse(pa),
                record.rule(),
                record.type(),
                record.customerId(),
                record.context(),
                record.vmName(),
                record.useVmMacAddress(),
                unusable,
                unsynchronized);
    }

    /** Without what only the host can say. */
    static NetWnvHost comparable(NetWnvHost host) {
        return new NetWnvHost(
                host.name(),
                host.lookupRecords().stream().sorted(NetWnvOrder.RECORDS).toList(),
                host.customerRoutes().stream()
                        .sorted(NetWnvOrder.CUSTOMER_ROUTES)
                        .toList(),
                host.providerAddresses().stream()
                        .map(pa -> NetWnvProviderAddress.of(pa.providerAddress(), pa.prefixLength(), pa.vlanId()))
                        .sorted(NetWnvOrder.PROVIDER_ADDRESSES)
                        .toList(),
                host.providerRoutes().stream()
                        .map(route ->
                                new NetWnvProviderRoute(0, route.destinationPrefix(), route.nextHop(), route.metric()))
                        .sorted(NetWnvOrder.PROVIDER_ROUTES)
                        .toList(),
                host.global());
    }
}
