package net.nvgate.fabric.netwnv;

import static net.nvgate.fabric.netwnv.SampleHosts.BLUE;
import static net.nvgate.fabric.netwnv.SampleHosts.RED;
import static net.nvgate.fabric.netwnv.SampleHosts.fixed;
import static net.nvgate.fabric.netwnv.SampleHosts.route;
import static net.nvgate.fabric.netwnv.SampleHosts.withPa;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.netwnv.NetWnvLookupRecord.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each inconsistency by its name, in the sample with one thing changed. */
@Timeout(300)
class FindingsTest {

    /** A sample of which one thing is changed. */
    private static final class Changed {
        private final List<NetWnvHost> hosts = new ArrayList<>(SampleHosts.all(false));

        private Changed change(
                int host,
                UnaryOperator<List<NetWnvLookupRecord>> records,
                UnaryOperator<List<NetWnvCustomerRoute>> routes,
                UnaryOperator<List<NetWnvProviderAddress>> addresses) {
            hosts.set(
                    host,
                    SampleHosts.with(
                            hosts.get(host),
                            records.apply(new ArrayList<>(hosts.get(host).lookupRecords())),
                            routes.apply(new ArrayList<>(hosts.get(host).customerRoutes())),
                            addresses.apply(new ArrayList<>(hosts.get(host).providerAddresses()))));
            return this;
        }

        Changed records(int host, UnaryOperator<List<NetWnvLookupRecord>> change) {
            return change(host, change, UnaryOperator.identity(), UnaryOperator.identity());
        }

        Changed everywhere(UnaryOperator<List<NetWnvLookupRecord>> change) {
            for (int i = 0; i < hosts.size(); i++) {
                records(i, change);
            }
            return this;
        }

        Changed add(int host, NetWnvLookupRecord... more) {
            return records(host, list -> {
                list.addAll(List.of(more));
                return list;
            });
        }

        Changed routes(int host, UnaryOperator<List<NetWnvCustomerRoute>> change) {
            return change(host, UnaryOperator.identity(), change, UnaryOperator.identity());
        }

        Changed allRoutes(UnaryOperator<List<NetWnvCustomerRoute>> change) {
            for (int i = 0; i < hosts.size(); i++) {
                routes(i, change);
            }
            return this;
        }

        Changed addresses(int host, UnaryOperator<List<NetWnvProviderAddress>> change) {
            return change(host, UnaryOperator.identity(), UnaryOperator.identity(), change);
        }

        Changed addRoute(int host, NetWnvCustomerRoute route) {
            return routes(host, list -> {
                list.add(route);
                return list;
            });
        }

        NetWnvImport imported() {
            return NetWnvImport.of(ImportFixture.sources(hosts), SampleHosts.options());
        }

        void finds(FindingCode code, String subject, String message) {
            List<Finding> found = imported().findings().stream()
                    .filter(each -> each.code() == code)
                    .toList();
            assertThat(found).as(imported().findings().toString()).anySatisfy(finding -> {
                assertThat(finding.subject()).isEqualTo(subject);
                assertThat(finding.message()).contains(message);
            });
            assertThat(found.getFirst().severity()).isEqualTo(code.severity());
        }
    }

    private static <T> UnaryOperator<List<T>> without(Predicate<T> which) {
        return list -> {
            list.removeIf(which);
            return list;
        };
    }

    private static UnaryOperator<List<NetWnvLookupRecord>> at(String ca, UnaryOperator<NetWnvLookupRecord> change) {
        return list -> {
            list.replaceAll(record -> record.customerAddress().toString().equals(ca) ? change.apply(record) : record);
            return list;
        };
    }

    private static NetWnvLookupRecord withHealth(NetWnvLookupRecord record, boolean unusable, boolean unsynchronized) {
        return SampleHosts.with(
                record,
                record.customerAddress().toString(),
                record.providerAddress().toString(),
                unusable,
                unsynchronized);
    }

    private static NetWnvLookupRecord withType(NetWnvLookupRecord record, NetWnvLookupRecord.Type type) {
        return NetWnvLookupRecord.of(
                record.customerAddress(),
                record.virtualSubnetId(),
                record.macAddress(),
                record.providerAddress(),
                type,
                record.vmName());
    }

    @Test
    void ofProviderAddresses() {
        new Changed()
                .addresses(2, list -> {
                    list.add(NetWnvProviderAddress.of(IpAddress.parse("192.168.1.11"), 24, 7));
                    return list;
                })
                .finds(FindingCode.PA_ON_TWO_HOSTS, "192.168.1.11", "taken as that of HV1");
        new Changed().addresses(2, _ -> List.of()).finds(FindingCode.HOST_WITHOUT_PA, "HV3", "no provider address");
        new Changed()
                .addresses(2, _ -> List.of())
                .finds(FindingCode.UNKNOWN_PA, "VSID 6001 10.0.2.5 00155D000025", "PA 192.168.1.31 is no host's");
        new Changed()
                .addresses(2, _ -> List.of(NetWnvProviderAddress.of(IpAddress.parse("192.168.1.31"), 24, 8)))
                .finds(FindingCode.PA_SUBNETS_OVERLAP, "192.168.1.0/24", "on VLAN 7 and on VLAN 8");
        new Changed()
                .addresses(2, _ -> List.of(NetWnvProviderAddress.of(IpAddress.parse("192.168.1.31"), 25, 7)))
                .finds(FindingCode.PA_SUBNETS_OVERLAP, "192.168.1.0/25", "overlaps 192.168.1.0/24");
        new Changed()
                .addresses(
                        2,
                        _ -> List.of(new NetWnvProviderAddress(
                                IpAddress.parse("192.168.1.31"), 1, 24, 7, Optional.empty(), "Duplicate", false)))
                .finds(FindingCode.PA_STATE, "192.168.1.31", "calls its state Duplicate");
        new Changed()
                .addresses(0, list -> {
                    list.add(NetWnvProviderAddress.of(IpAddress.parse("192.168.1.13"), 24, 7));
                    return list;
                })
                .finds(FindingCode.PA_UNUSED, "192.168.1.13", "no record of a VM has it");
        new Changed()
                .everywhere(at("10.0.2.9", record -> withPa(record, "192.168.1.32")))
                .addresses(2, list -> {
                    list.add(NetWnvProviderAddress.of(IpAddress.parse("192.168.1.32"), 24, 7));
                    return list;
                })
                .finds(FindingCode.PA_NOT_HELD, "VSID 6001 10.0.2.9 00155D000029", "has PA 192.168.1.32");
    }

    @Test
    void ofVirtualSubnets() {
        new Changed()
                .addRoute(1, route(RED, 6000, "10.0.0.0/24", "0.0.0.0"))
                .finds(
                        FindingCode.VSID_IN_TWO_RDIDS,
                        "VSID 6000",
                        "is in RDID " + BLUE + " on HV1, HV2, HV3; RDID " + RED + " on HV2; " + BLUE + " is taken");
        new Changed()
                .add(1, fixed(RED, 7001, "10.9.0.5", "00155D000095", "192.168.1.21", "lost"))
                .finds(FindingCode.VSID_WITHOUT_RDID, "VSID 7001", "no customer route tells its RDID");
        new Changed()
                .addRoute(1, route(RED, 4000, "10.9.0.0/24", "0.0.0.0"))
                .finds(FindingCode.VSID_OUT_OF_RANGE, "VSID 4000", "must be 4096..16777214");
        new Changed()
                .add(1, fixed(RED, 16_777_215, "10.9.0.5", "00155D000095", "192.168.1.21", "lost"))
                .finds(FindingCode.VSID_OUT_OF_RANGE, "VSID 16777215", "must be 4096..16777214");
        new Changed()
                .allRoutes(without(each -> each.virtualSubnetId() == 7000 && each.isOnLink()))
                .finds(FindingCode.MISSING_ON_LINK_ROUTE, "VSID 7000", "no on-link route");
        new Changed()
                .addRoute(0, route(BLUE, 6000, "10.7.0.0/24", "0.0.0.0"))
                .finds(FindingCode.SEVERAL_PREFIXES, "VSID 6000", "has 10.0.0.0/24 and 10.7.0.0/24");
        new Changed()
                .addRoute(0, route(BLUE, 6005, "10.0.0.0/25", "0.0.0.0"))
                .finds(FindingCode.PREFIXES_OVERLAP, "RDID " + BLUE, "10.0.0.0/25 of VSID 6005 overlaps 10.0.0.0/24");
        new Changed()
                .everywhere(without(each -> each.customerAddress().toString().equals("10.0.2.1")))
                .finds(FindingCode.MISSING_DG, "VSID 6001", "default gateway of 10.0.2.0/24");
        new Changed()
                .everywhere(at(
                        "10.0.2.1",
                        each -> fixed(
                                BLUE,
                                6001,
                                "10.0.2.1",
                                "001DD8000001",
                                each.providerAddress().toString(),
                                "data")))
                .finds(FindingCode.DG_MAC_SHARED, "VSID 6001 10.0.2.1 001DD8000001", "another VSID of the RDID");
        new Changed()
                .everywhere(at(
                        "10.0.2.1",
                        each -> fixed(
                                BLUE,
                                6001,
                                "10.0.2.2",
                                "001DD8000002",
                                each.providerAddress().toString(),
                                "data")))
                .finds(FindingCode.ROUTER_ADDRESS, "VSID 6001 10.0.2.2 001DD8000002", "here it is 10.0.2.1");
    }

    @Test
    void ofRecords() {
        new Changed()
                .records(2, at("10.0.0.6", record -> withPa(record, "192.168.1.31")))
                .finds(
                        FindingCode.STALE_RECORD,
                        "VSID 6000 10.0.0.6 00155D000006",
                        "PA 192.168.1.21 on HV1, HV2; PA 192.168.1.31 on HV3; 192.168.1.21 is taken");
        new Changed()
                .add(1, fixed(BLUE, 6000, "10.0.0.5", "00155D0000FF", "192.168.1.21", "twin"))
                .finds(FindingCode.DUPLICATE_CA, "VSID 6000 10.0.0.5 00155D0000FF", "has the CA as VSID 6000 10.0.0.5");
        new Changed()
                .add(1, fixed(BLUE, 6001, "10.0.2.50", "00155D000005", "192.168.1.21", "twin"))
                .finds(FindingCode.DUPLICATE_MAC, "VSID 6001 10.0.2.50 00155D000005", "the MAC is that of VSID 6000");
        new Changed()
                .add(1, fixed(BLUE, 6000, "10.0.2.50", "00155D0000FF", "192.168.1.21", "astray"))
                .finds(FindingCode.CA_OUTSIDE_PREFIX, "VSID 6000 10.0.2.50 00155D0000FF", "no address of its VSID");
        new Changed()
                .add(1, fixed(BLUE, 6000, "10.0.0.50", "00155D000006", "192.168.1.21", "web2"))
                .finds(FindingCode.HELD_AS_DYNAMIC, "VSID 6000 10.0.0.50 00155D000006", "held as a learned one");
        new Changed()
                .records(0, at("10.0.0.6", record -> withHealth(record, true, false)))
                .finds(FindingCode.UNUSABLE, "VSID 6000 10.0.0.6 00155D000006", "cannot use it");
        new Changed()
                .records(0, at("10.0.0.6", record -> withHealth(record, false, true)))
                .finds(FindingCode.UNSYNCHRONIZED, "VSID 6000 10.0.0.6 00155D000006", "not that of the central policy");
        new Changed()
                .everywhere(at("10.0.0.7", record -> record.withRule(Rule.TRANSLATION_METHOD_NONE, false)))
                .finds(FindingCode.RULE_NOT_ENCAP, "VSID 7000 10.0.0.7 00155D000007", "TranslationMethodNone");
        new Changed()
                .records(0, without(each -> each.customerAddress().toString().equals("10.0.0.6")))
                .finds(
                        FindingCode.MISSING_ON_HOST,
                        "RDID " + BLUE,
                        "lacks 1 records that other hosts have, first VSID 6000 10.0.0.6");
        Changed crowded = new Changed();
        for (int i = 0; i < 17; i++) {
            crowded.add(
                    2,
                    withType(
                            fixed(RED, 7000, "10.0.0." + (20 + i), "00155D000007", "192.168.1.31", "red1"),
                            NetWnvLookupRecord.Type.DYNAMIC));
        }
        crowded.finds(FindingCode.TOO_MANY_ADDRESSES, "VSID 7000 10.0.0.7 00155D000007", "17 learned addresses");
    }

    @Test
    void ofWaysOut() {
        new Changed()
                .addRoute(0, route(BLUE, 6001, "172.17.0.0/16", "10.0.2.200"))
                .finds(
                        FindingCode.NEXT_HOP_UNKNOWN,
                        "RDID " + BLUE + " VSID 6001 172.17.0.0/16 -> 10.0.2.200",
                        "no record has the next hop's CA");
        new Changed()
                .addRoute(0, route(BLUE, 5000, "172.17.0.0/16", "10.254.254.2"))
                .finds(
                        FindingCode.ROUTE_NOT_HELD,
                        "RDID " + BLUE + " VSID 5000 172.17.0.0/16 -> 10.254.254.2",
                        "leads to the gateway");
        new Changed()
                .addRoute(0, route(BLUE, 6001, "0.0.0.0/0", "10.0.2.5"))
                .finds(
                        FindingCode.SEVERAL_GATEWAYS,
                        "RDID " + BLUE + " gateway 00155D000025 in VSID 6001",
                        "has the gateway at 192.168.1.103");
        new Changed()
                .records(0, without(each -> each.type() == NetWnvLookupRecord.Type.GATEWAY_WILDCARD))
                .finds(
                        FindingCode.WILDCARD_ON_SOME_HOSTS,
                        "RDID " + BLUE + " gateway 001DD8000004 in VSID 5000",
                        "wildcard record that HV2, HV3 have");
        new Changed()
                .everywhere(at("::", record -> withType(record, NetWnvLookupRecord.Type.STATIC)))
                .finds(FindingCode.PLAIN_WILDCARD, "VSID 5000 :: 001DD8000004", "GatewayWildcard");
        new Changed()
                .everywhere(list -> {
                    list.replaceAll(each -> each.customerAddress().toString().equals("10.254.254.2")
                            ? fixed(BLUE, 5000, "10.254.254.5", "001DD8000004", "192.168.1.103", "blue-gw")
                            : each);
                    return list;
                })
                .allRoutes(list -> {
                    list.replaceAll(each -> each.nextHop().toString().equals("10.254.254.2")
                            ? route(BLUE, 5000, "0.0.0.0/0", "10.254.254.5")
                            : each);
                    return list;
                })
                .finds(
                        FindingCode.ROUTER_ADDRESS,
                        "VSID 5000 10.254.254.5 001DD8000004",
                        "second address here, 10.254.254.2");
        new Changed()
                .allRoutes(list -> {
                    list.replaceAll(each -> each.isDefault()
                            ? new NetWnvCustomerRoute(
                                    each.routingDomainId(),
                                    each.virtualSubnetId(),
                                    each.destinationPrefix(),
                                    each.nextHop(),
                                    5)
                            : each);
                    return list;
                })
                .finds(
                        FindingCode.METRIC_NOT_HELD,
                        "RDID " + RED + " VSID 7000 0.0.0.0/0 -> 10.0.0.254",
                        "has 5, here 255");
    }

    @Test
    void ofHosts() {
        Changed changed = new Changed();
        NetWnvHost old = changed.hosts.getFirst();
        changed.hosts.set(
                0,
                new NetWnvHost(
                        old.name(),
                        old.lookupRecords(),
                        old.customerRoutes(),
                        old.providerAddresses(),
                        List.of(new NetWnvProviderRoute(
                                12, IpPrefix.parse("10.99.0.0/16"), IpAddress.parse("0.0.0.0"), 256)),
                        Optional.of(new NetWnvGlobal(true))));
        changed.finds(FindingCode.USE_EXTERNAL_ROUTER, "HV1", "UseExternalRouter is on");
        changed.finds(FindingCode.ROUTE_NOT_HELD, "provider route 10.99.0.0/16 -> 0.0.0.0", "in no PA subnet");

        Changed far = new Changed()
                .addresses(2, _ -> List.of(NetWnvProviderAddress.of(IpAddress.parse("192.168.31.31"), 24, 7)))
                .everywhere(list -> {
                    list.replaceAll(each -> each.providerAddress().toString().equals("192.168.1.31")
                            ? withPa(each, "192.168.31.31")
                            : each);
                    return list;
                });
        NetWnvHost first = far.hosts.getFirst();
        far.hosts.set(
                0,
                new NetWnvHost(
                        first.name(),
                        first.lookupRecords(),
                        first.customerRoutes(),
                        first.providerAddresses(),
                        List.of(),
                        first.global()));
        far.finds(FindingCode.MISSING_PROVIDER_ROUTE, "RDID " + BLUE, "no route to PA 192.168.31.31");
    }

    /** Microsoft's own scripts call records by Context, or the MAC. */
    @Test
    void ofNames() {
        new Changed()
                .everywhere(at(
                        "10.0.0.7",
                        each -> new NetWnvLookupRecord(
                                each.customerAddress(),
                                each.virtualSubnetId(),
                                each.macAddress(),
                                each.providerAddress(),
                                each.rule(),
                                each.type(),
                                "{0}",
                                "Tenant 7",
                                "",
                                false,
                                false,
                                false)))
                .finds(
                        FindingCode.TEXT_NOT_HELD,
                        "RDID " + RED,
                        "not Context 'Tenant 7', Context 'red', CustomerID '{0}'");
    }

    private static ImportOptions options(Map<String, Optional<IpAddress>> gateways, Set<FindingCode> tolerated) {
        return new ImportOptions("vmm", gateways, Optional.empty(), ImportOptions.MTU_DEFAULT, tolerated);
    }

    @Test
    void withoutANamedGatewayTheWayOutIsLeftOut() {
        NetWnvImport imported =
                NetWnvImport.of(ImportFixture.sources(SampleHosts.all(false)), options(Map.of(), Set.of()));
        assertThat(imported.findings())
                .filteredOn(each -> each.code() == FindingCode.GATEWAY_NOT_NAMED)
                .extracting(Finding::subject)
                .containsExactlyInAnyOrder(
                        "RDID " + BLUE + " gateway 001DD8000004 in VSID 5000",
                        "RDID " + RED + " gateway 001DD80000FE in VSID 7000");
        assertThat(imported.file()).doesNotContain("vm-network-gateways", "vsid: 5000");
        assertThat(imported.refusal()).isEmpty();
    }

    @Test
    void toleratedErrorsDoNotStandInTheWay(@TempDir Path directory) {
        Changed changed = new Changed()
                .records(2, at("10.0.0.6", record -> withPa(record, "192.168.1.31")))
                .add(1, fixed(BLUE, 6000, "10.0.0.5", "00155D0000FF", "192.168.1.21", "twin"));
        assertThat(changed.imported().refusal().orElseThrow())
                .startsWith("2 errors, first ERROR STALE_RECORD VSID 6000");
        NetWnvImport imported = NetWnvImport.of(
                ImportFixture.sources(changed.hosts),
                new ImportOptions(
                        "vmm",
                        Map.of("gw1", Optional.of(SampleHosts.GATEWAY)),
                        Optional.of("external-pool"),
                        1600,
                        Set.of(FindingCode.STALE_RECORD, FindingCode.DUPLICATE_CA)));
        assertThat(imported.refusal()).isEmpty();
        try (ImportFixture fabric = new ImportFixture(directory)) {
            fabric.apply(imported.file());
            NetWnvHost third = SampleHosts.all(false).get(2);
            assertThat(fabric.export("HV3")).isEqualTo(SampleHosts.comparable(third));
        }
    }
}
