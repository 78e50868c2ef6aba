package net.nvgate.fabric.netwnv;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Hyper-V host's records, in the form of Microsoft's gateway guide of 2012 R2 (hnv-domain 2.5). */
@Timeout(300)
class HostProjectionTest {

    @TempDir
    private Path directory;

    @Test
    void policyOfAHyperVHostIsItsNetWnv() {
        try (SqliteStore store = SqliteStore.open(directory);
                TestFabric fabric = new TestFabric(store, 1);
                PolicyProjection policy = new PolicyProjection(store, 100, new SimpleMeterRegistry())) {
            Host host = (Host) fabric.make(
                    Kind.HOST, named("HV1") + field("hostType", "HYPER_V") + field("paPoolId", fabric.paPool.id()));
            VmNetwork blue = fabric.vmNetwork("blue");
            VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
            VmNetworkGateway way = fabric.attach("blue-gw", blue, fabric.gateway("gw", 50));
            Vm vm = fabric.vm("web1", host, web);
            policy.preview(vm.changedRevision(), List.of());

            NetWnvHost wanted = HostProjection.of(
                    "HV1", policy.snapshot(new NodeId(NodeId.Kind.HOST, "HV1")).objects());

            String rdid = NetWnvText.guid(blue.rdid());
            IpAddress gatewayPa =
                    fabric.manager.get(Gateway.class, way.gatewayId()).providerAddress();
            assertThat(wanted.lookupRecords())
                    .containsExactlyInAnyOrder(
                            record(
                                    web.vsid(),
                                    "192.168.1.2",
                                    vm.nics().getFirst().mac(),
                                    host.providerAddress(),
                                    rdid,
                                    "web1"),
                            record(
                                    web.vsid(),
                                    "192.168.1.1",
                                    web.defaultGatewayMac(),
                                    host.providerAddress(),
                                    rdid,
                                    "web"),
                            record(way.vsid(), "10.254.254.2", way.mac(), gatewayPa, rdid, "blue-gw"),
                            record(
                                    way.vsid(),
                                    "10.254.254.1",
                                    way.routerMac(),
                                    host.providerAddress(),
                                    rdid,
                                    "blue-gw"));
            assertThat(wanted.customerRoutes())
                    .containsExactlyInAnyOrder(
                            route(blue, web.vsid(), "192.168.1.0/24", "0.0.0.0"),
                            route(blue, way.vsid(), "10.254.254.0/29", "0.0.0.0"),
                            route(blue, way.vsid(), "0.0.0.0/0", "10.254.254.2"));
            assertThat(wanted.providerAddresses())
                    .containsExactly(NetWnvProviderAddress.of(host.providerAddress(), 24, 0));
            assertThat(wanted.providerRoutes())
                    .containsExactly(new NetWnvProviderRoute(0, IpPrefix.parse("0.0.0.0/0"), ip("10.10.0.254"), 255));
            assertThat(wanted.global()).contains(new NetWnvGlobal(false));
            assertThat(NetWnvJson.read(NetWnvJson.write(wanted))).isEqualTo(wanted);
        }
    }

    private static NetWnvLookupRecord record(
            Vsid vsid, String ca, MacAddress mac, IpAddress pa, String customerId, String vmName) {
        return new NetWnvLookupRecord(
                ip(ca),
                vsid.value(),
                mac,
                pa,
                NetWnvLookupRecord.Rule.TRANSLATION_METHOD_ENCAP,
                NetWnvLookupRecord.Type.STATIC,
                customerId,
                "blue",
                vmName,
                false,
                false,
                false);
    }

    private static NetWnvCustomerRoute route(VmNetwork network, Vsid vsid, String prefix, String nextHop) {
        return new NetWnvCustomerRoute(network.rdid(), vsid.value(), IpPrefix.parse(prefix), ip(nextHop), 255);
    }
}
