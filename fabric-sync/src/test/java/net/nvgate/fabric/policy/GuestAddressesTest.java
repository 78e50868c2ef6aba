package net.nvgate.fabric.policy;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.named;
import static net.nvgate.fabric.policy.PolicyFixture.gateway;
import static net.nvgate.fabric.policy.PolicyFixture.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Addresses that guests choose, MACs that change, and what Hyper-V hosts are told of it. */
@Timeout(300)
class GuestAddressesTest {

    private static final NodeId GW = gateway("gw");
    private static final NodeId H1 = host("h1");
    private static final NodeId WINDOWS = host("windows");
    private static final IpAddress ANY = ip("0.0.0.0");

    @TempDir
    private Path directory;

    private PolicyFixture fixture;
    private FabricManager manager;
    private TestFabric fabric;
    private Host host1;
    private Host windows;
    private VmNetwork blue;
    private VmSubnet web;
    private FabricObject guests;

    @BeforeEach
    void build() {
        fixture = new PolicyFixture(directory, 1);
        fabric = fixture.fabric;
        manager = fabric.manager;
        host1 = fabric.host("h1");
        windows = (Host) fabric.make(
                Kind.HOST, named("windows") + field("hostType", "HYPER_V") + field("paPoolId", fabric.paPool.id()));
        blue = fabric.vmNetwork("blue");
        web = fabric.vmSubnet("web", blue, "192.168.1.0/24", field("prefix6", "fd00:1::/64"));
        fabric.attach("blue-gw", blue, fabric.gateway("gw", 50));
        guests = fabric.guestClassification();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Vm guest(String name, Host host) {
        return (Vm) fabric.make(
                Kind.VM,
                named(name) + field("hostId", host.id()) + ",\"nics\":[{\"vmSubnetId\":\"" + web.id() + "\""
                        + field("addressing", "GUEST_SPECIFIED") + field("portClassificationId", guests.id()) + "}]");
    }

    private static UUID nic(Vm vm) {
        return vm.nics().getFirst().id();
    }

    private LookupRecord record(Vm vm, IpAddress ca, Host on, LookupRecord.Type type) {
        return new LookupRecord(
                blue.rdid(), web.vsid(), ca, vm.nics().getFirst().mac(), on.providerAddress(), type, vm.name());
    }

    @Test
    void aGuestsAddressIsUnknownThenLearnedThenForgotten() {
        Vm vm = guest("guest", host1);
        fabric.vm("other", windows, web);
        LookupRecord unknown = record(vm, ANY, host1, LookupRecord.Type.L2_ONLY);
        LookupRecord recorded = record(vm, vm.nics().getFirst().address(), host1, LookupRecord.Type.STATIC);
        assertThat(fixture.policy(GW)).containsValues(unknown, recorded);
        assertThat(fixture.policy(WINDOWS)).containsValues(unknown, recorded);
        assertThat(fixture.policy(H1)).containsValue(recorded).doesNotContainKey(unknown.key());

        Vm learned = manager.learnAddress(vm.id(), nic(vm), ip("192.168.1.77"));
        assertThat(fixture.news(GW))
                .containsExactly(
                        new PolicyChange.Put(record(vm, ip("192.168.1.77"), host1, LookupRecord.Type.DYNAMIC)));
        manager.learnAddress(vm.id(), nic(vm), ip("fd00:1::77"));
        assertThat(fixture.policy(H1).get("port/" + nic(vm)))
                .isInstanceOfSatisfying(
                        VirtualPort.class,
                        port -> assertThat(port.addresses()).contains(ip("192.168.1.77"), ip("fd00:1::77")));
        assertThat(manager.learnAddress(vm.id(), nic(vm), ip("192.168.1.77")).changedRevision())
                .isEqualTo(learned.changedRevision() + 1);

        manager.forgetAddress(vm.id(), nic(vm), ip("192.168.1.77"));
        assertThat(fixture.policy(GW)).doesNotContainKey("lookup/" + web.vsid() + "/192.168.1.77");
        manager.delete(Kind.VM, vm.id());
        assertThat(fixture.policy(WINDOWS).keySet()).doesNotContain(unknown.key(), recorded.key());
    }

    @Test
    void aClusterAddressGoesFromOneNodeToTheOtherInOneRevision() {
        Vm one = guest("one", host1);
        Vm two = guest("two", windows);
        IpAddress shared = ip("192.168.1.200");
        manager.learnAddress(one.id(), nic(one), shared);
        fixture.policy(GW);
        long before = fixture.store.head();
        manager.learnAddress(two.id(), nic(two), shared);
        assertThat(fixture.store.head()).isEqualTo(before + 1);
        assertThat(fixture.news(GW))
                .containsExactly(new PolicyChange.Put(record(two, shared, windows, LookupRecord.Type.DYNAMIC)));
        assertThat(manager.get(Vm.class, one.id()).nics().getFirst().learnedAddresses())
                .isEmpty();
        IpAddress fixed = one.nics().getFirst().address();
        assertThatThrownBy(() -> manager.learnAddress(two.id(), nic(two), fixed))
                .isInstanceOfSatisfying(
                        FabricException.class, e -> assertThat(e.code()).isEqualTo(FabricException.Code.CONFLICT))
                .hasMessageContaining("already used by vm 'one'");
        assertThat(fabric.vm("next", host1, web).nics().getFirst().address()).isNotEqualTo(shared);
    }

    @Test
    void onlyGuestSpecifiedNicsLearnAndOnlyOfTheirSubnet() {
        Vm fixed = fabric.vm("fixed", host1, web);
        Vm guest = guest("guest", host1);
        assertThatThrownBy(() -> manager.learnAddress(fixed.id(), nic(fixed), ip("192.168.1.9")))
                .hasMessageContaining("must be GUEST_SPECIFIED");
        assertThatThrownBy(() -> manager.learnAddress(guest.id(), nic(guest), ip("192.168.2.9")))
                .hasMessageContaining("must be inside vm-subnet 'web'");
        assertThatThrownBy(() -> manager.learnAddress(guest.id(), nic(guest), ip("192.168.1.255")))
                .hasMessageContaining("broadcast");
        assertThatThrownBy(() -> manager.learnAddress(guest.id(), nic(guest), web.defaultGateway()))
                .hasMessageContaining("already used by vm-subnet 'web'");
        assertThatThrownBy(() -> manager.learnAddress(guest.id(), nic(fixed), ip("192.168.1.9")))
                .hasMessageContaining("has no NIC");
        for (int i = 0; i < Vm.Nic.LEARNED_MAX; i++) {
            manager.learnAddress(guest.id(), nic(guest), ip("192.168.1." + (100 + i)));
        }
        assertThatThrownBy(() -> manager.learnAddress(guest.id(), nic(guest), ip("192.168.1.9")))
                .hasMessageContaining("learnedAddresses must be 0..16");
    }

    @Test
    void aMacChangesInEveryRecordAndOnThePort() {
        Vm vm = guest("guest", host1);
        LookupRecord old = record(vm, ANY, host1, LookupRecord.Type.L2_ONLY);
        fixture.policy(GW);
        MacAddress mac = MacAddress.parse("02:00:00:00:00:07");
        Vm changed = manager.changeMac(vm.id(), nic(vm), Optional.of(mac));
        Vm.Nic nic = changed.nics().getFirst();
        assertThat(nic.mac()).isEqualTo(mac);
        assertThat(fixture.news(GW))
                .containsExactlyInAnyOrder(
                        new PolicyChange.Remove(old.key()),
                        new PolicyChange.Put(record(changed, ANY, host1, LookupRecord.Type.L2_ONLY)),
                        new PolicyChange.Put(record(changed, nic.address(), host1, LookupRecord.Type.STATIC)),
                        new PolicyChange.Put(
                                record(changed, nic.address6().orElseThrow(), host1, LookupRecord.Type.STATIC)));
        assertThat(fixture.policy(H1).get("port/" + nic.id()))
                .isInstanceOfSatisfying(
                        VirtualPort.class, port -> assertThat(port.mac()).isEqualTo(mac));
        Vm other = fabric.vm("other", host1, web);
        assertThatThrownBy(() -> manager.changeMac(other.id(), nic(other), Optional.of(mac)))
                .hasMessageContaining("already used by vm 'guest'");
        assertThat(manager.changeMac(vm.id(), nic(vm), Optional.empty())
                        .nics()
                        .getFirst()
                        .mac())
                .isNotEqualTo(mac);
    }

    @Test
    void macsAndLearnedAddressesAreTakenBack() {
        Vm one = guest("one", host1);
        Vm two = guest("two", windows);
        IpAddress shared = ip("192.168.1.200");
        manager.learnAddress(one.id(), nic(one), shared);
        try (PolicyProjection policy = new PolicyProjection(fixture.store, 1000, new SimpleMeterRegistry())) {
            ChangeLog log = new ChangeLog(manager, policy, fixture.store);
            manager.learnAddress(two.id(), nic(two), shared);
            manager.run(log.undo(fixture.store.head()));
            assertThat(fixture.policy(GW)).containsValue(record(one, shared, host1, LookupRecord.Type.DYNAMIC));
            manager.changeMac(one.id(), nic(one), Optional.empty());
            manager.run(log.undo(fixture.store.head()));
            assertThat(fixture.policy(GW)).containsValue(record(one, shared, host1, LookupRecord.Type.DYNAMIC));
        }
    }

    @Test
    void aHyperVHostReadsItsOwnPaInDefaultGatewayRecords() {
        fabric.vm("vm", windows, web);
        LookupRecord router = new LookupRecord(
                blue.rdid(),
                web.vsid(),
                web.defaultGateway(),
                web.defaultGatewayMac(),
                windows.providerAddress(),
                LookupRecord.Type.STATIC,
                "");
        assertThat(fixture.policy(WINDOWS)).containsEntry(router.key(), router);
        VmSubnet db = fabric.vmSubnet("db", blue, "192.168.2.0/24");
        LookupRecord another = new LookupRecord(
                blue.rdid(),
                db.vsid(),
                db.defaultGateway(),
                db.defaultGatewayMac(),
                windows.providerAddress(),
                LookupRecord.Type.STATIC,
                "");
        assertThat(fixture.news(WINDOWS)).contains(new PolicyChange.Put(another));
        assertThat(List.of(
                        fixture.policy(GW).get(router.key()), fixture.policy(GW).get(another.key())))
                .allMatch(object -> ((LookupRecord) object).isDefaultGateway());
    }
}
