package net.nvgate.fabric.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.FabricSpec.VmSpec;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.manager.SpecMeta;
import net.nvgate.fabric.manager.TenantSpec.VmNetworkGatewaySpec;
import net.nvgate.fabric.manager.TenantSpec.VmSubnetSpec;
import org.junit.jupiter.api.Test;

class FabricJsonTest {

    private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID OTHER = UUID.fromString("00000000-0000-4000-8000-000000000002");

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    @Test
    void physicalObjectsOfOlderVersionsHaveTheDefaults() {
        String meta = "{\"id\":\"" + ID + "\",\"name\":\"n\",\"createdRevision\":1,\"changedRevision\":1,";
        LogicalNetwork network = FabricJson.read(meta + "\"networkVirtualization\":true}", LogicalNetwork.class);
        assertThat(network.mode()).isEqualTo(LogicalNetwork.Mode.ONE_CONNECTED);
        assertThat(network.providerAddressing()).isEqualTo(LogicalNetwork.ProviderAddressing.PER_HOST);
        Host host = FabricJson.read(
                meta + "\"hostType\":\"HYPER_V\",\"paPoolId\":\"" + OTHER + "\",\"providerAddress\":\"10.0.0.1\"}",
                Host.class);
        assertThat(host.hostGroupId()).isEmpty();
        assertThat(host.maintenance()).isFalse();
    }

    @Test
    void valuesAreText() {
        VmSubnet subnet = new VmSubnet(
                new Meta(ID, "web", "", Map.of("tier", "1"), 7, 9, "alice", "bob"),
                OTHER,
                IpPrefix.parse("192.168.1.0/24"),
                new Vsid(6000),
                ip("192.168.1.1"),
                MacAddress.parse("00:1d:d8:b7:1c:00"),
                OTHER,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        String json = FabricJson.write(subnet);
        assertThat(FabricJson.mapper().readTree(json))
                .isEqualTo(FabricJson.mapper().readTree("""
                                {"id":"00000000-0000-4000-8000-000000000001","name":"web","description":"","labels":{"tier":"1"},
                                 "vmNetworkId":"00000000-0000-4000-8000-000000000002","prefix":"192.168.1.0/24",
                                 "vsid":6000,"defaultGateway":"192.168.1.1","defaultGatewayMac":"00:1d:d8:b7:1c:00",
                                 "ipPoolId":"00000000-0000-4000-8000-000000000002",
                                 "createdRevision":7,"changedRevision":9,"createdBy":"alice","changedBy":"bob"}"""));
        assertThat(FabricJson.read(json, VmSubnet.class)).isEqualTo(subnet);
    }

    @Test
    void objectsSurviveTheRoundTrip() {
        IpPool pool = new IpPool(
                Meta.of(ID, "pool", "text"),
                Optional.empty(),
                Optional.of(OTHER),
                IpPrefix.parse("2001:db8::/64"),
                ip("2001:db8::10"),
                ip("2001:db8::ffff"),
                List.of(ip("2001:db8::11")),
                List.of(),
                List.of(ip("192.0.2.53")));
        assertThat(FabricJson.read(FabricJson.write(pool), IpPool.class)).isEqualTo(pool);
        assertThat(FabricJson.write(pool)).doesNotContain("networkSiteId");
        Vm vm = new Vm(
                Meta.of(ID, "vm", ""),
                OTHER,
                List.of(new Vm.Nic(
                        ID,
                        "nic0",
                        OTHER,
                        ip("10.0.0.2"),
                        Optional.of(ip("fd00::2")),
                        MacAddress.parse("02:00:00:00:00:01"),
                        Optional.of(OTHER),
                        Vm.MacType.DYNAMIC,
                        Vm.Addressing.GUEST_SPECIFIED,
                        List.of(ip("10.0.0.3"), ip("fd00::3")))),
                Optional.of(ID),
                2,
                4096,
                100,
                3);
        assertThat(FabricJson.read(FabricJson.write(vm), Vm.class)).isEqualTo(vm);
        VmNetwork network = new VmNetwork(
                Meta.of(ID, "network", ""),
                OTHER,
                OTHER,
                VmNetwork.IsolationType.VLAN,
                Optional.of(ID),
                List.of(OTHER),
                AddressFamily.IPV4,
                AddressFamily.IPV6);
        assertThat(FabricJson.read(FabricJson.write(network), VmNetwork.class)).isEqualTo(network);
    }

    @Test
    void whatOlderVersionsStoredHasDefaults() {
        String ids = "{\"id\":\"" + ID + "\",\"name\":\"n\",\"";
        Vm vm = FabricJson.read(
                ids + "hostId\":\"" + OTHER + "\",\"nics\":[{\"id\":\"" + ID + "\",\"name\":\"nic0\",\"vmSubnetId\":\""
                        + OTHER + "\",\"address\":\"10.0.0.2\",\"mac\":\"02:00:00:00:00:01\"}]}",
                Vm.class);
        assertThat(vm.vcpus()).isEqualTo(1);
        assertThat(vm.memoryMb()).isZero();
        assertThat(vm.customPoints()).isEqualTo(1);
        assertThat(vm.subscriptionId()).isEmpty();
        assertThat(vm.nics().getFirst().macType()).isEqualTo(Vm.MacType.STATIC);
        assertThat(vm.nics().getFirst().addressing()).isEqualTo(Vm.Addressing.STATIC);
        VmNetwork network = FabricJson.read(
                ids + "logicalNetworkId\":\"" + OTHER + "\",\"rdid\":\"" + OTHER + "\"}", VmNetwork.class);
        assertThat(network.isolationType()).isEqualTo(VmNetwork.IsolationType.WINDOWS_NETWORK_VIRTUALIZATION);
        assertThat(network.caFamily()).isEqualTo(AddressFamily.ANY);
        assertThat(network.grantedTo()).isEmpty();
    }

    @Test
    void aRequestMayLeaveOutWhatIsAllocated() {
        VmSubnetSpec spec = FabricJson.read(
                "{\"name\":\"web\",\"vmNetworkId\":\"" + ID + "\",\"prefix\":\"10.0.0.0/24\"}", VmSubnetSpec.class);
        assertThat(spec)
                .isEqualTo(new VmSubnetSpec(
                        new SpecMeta("web", ""),
                        ID,
                        IpPrefix.parse("10.0.0.0/24"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        VmSpec vm = FabricJson.read(
                "{\"name\":\"vm\",\"hostId\":\"" + ID + "\",\"nics\":[{\"vmSubnetId\":\"" + OTHER + "\"}]}",
                VmSpec.class);
        assertThat(vm.nics().getFirst().mac()).isEmpty();
        assertThat(vm.nics().getFirst().name()).isEmpty();
    }

    @Test
    void everyKindHasARequestType() {
        for (Kind kind : Kind.ofFabric()) {
            assertThat(FabricSpec.type(kind).getSimpleName())
                    .isEqualTo(kind.type().getSimpleName() + "Spec");
        }
    }

    private static void refused(String json, Class<?> type, String object, String field, String message) {
        assertThatThrownBy(() -> FabricJson.read(json, type)).isInstanceOfSatisfying(ModelException.class, e -> {
            assertThat(e.object()).isEqualTo(object);
            assertThat(e.field()).isEqualTo(field);
            assertThat(e).hasMessageContaining(message);
        });
    }

    @Test
    void errorsNameTheField() {
        String ids = "\"vmNetworkId\":\"" + ID + "\",";
        refused(
                "{\"name\":\"a\"," + ids + "\"prefix\":\"10.0.0.0/24\",\"vsidd\":1}",
                VmSubnetSpec.class,
                "vm-subnet",
                "vsidd",
                "not a field");
        refused("{\"name\":\"a\"}", VmSubnetSpec.class, "vm-subnet", "vmNetworkId", "is required");
        refused("{" + ids + "\"prefix\":\"10.0.0.0/24\"}", VmSubnetSpec.class, "vm-subnet", "name", "is required");
        refused(
                "{\"name\":\"a\"," + ids + "\"prefix\":\"10.0.0.1/24\"}",
                VmSubnetSpec.class,
                "vm-subnet",
                "prefix",
                "zero host bits");
        refused(
                "{\"name\":\"a\"," + ids + "\"prefix\":\"10.0.0.0/24\",\"vsid\":4095}",
                VmSubnetSpec.class,
                "vm-subnet",
                "vsid",
                "must be 4096..16777214");
        refused(
                "{\"name\":\"a\",\"hostId\":\"" + ID + "\",\"nics\":[{\"vmSubnetId\":\"" + OTHER
                        + "\",\"address\":\"10.0.0\"}]}",
                VmSpec.class,
                "vm",
                "nics[0].address",
                "four decimal octets");
        refused(
                "{\"name\":\"a\",\"vmNetworkId\":\"x\"}",
                VmNetworkGatewaySpec.class,
                "vm-network-gateway",
                "vmNetworkId",
                "UUID");
        assertThatThrownBy(() -> FabricJson.read("[", VmSpec.class)).isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> Patch.read("{} {}")).isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> FabricJson.read("null", VmSpec.class)).isInstanceOf(ModelException.class);
    }

    @Test
    void recordsKeepTheirRules() {
        assertThatThrownBy(() -> new Host(
                        Meta.of(ID, "", ""),
                        Host.HostType.HYPER_V,
                        OTHER,
                        ip("10.0.0.1"),
                        Optional.empty(),
                        false,
                        List.of()))
                .hasMessageStartingWith("host.name must be 1..64");
        assertThatThrownBy(() -> new NatConnection(
                        Meta.of(ID, "n", ""),
                        OTHER,
                        OTHER,
                        ip("10.0.0.1"),
                        2000,
                        1999,
                        List.of(),
                        Filtering.ADDRESS_DEPENDENT,
                        NatTimeouts.DEFAULT,
                        0,
                        List.of(),
                        Set.of(),
                        0,
                        0,
                        LimitMode.SHAPE))
                .hasMessageStartingWith("nat-connection.portMax must be 2000..65535");
        assertThatThrownBy(() -> new Vm.Nic(
                        ID,
                        "n",
                        OTHER,
                        ip("10.0.0.1"),
                        Optional.empty(),
                        MacAddress.parse("01:00:00:00:00:01"),
                        Optional.empty(),
                        null,
                        null,
                        null))
                .hasMessageContaining("unicast");
        assertThatThrownBy(() -> new NetworkSite.Subnet(IpPrefix.parse("10.0.0.0/24"), 4095))
                .hasMessageContaining("0..4094");
    }
}
