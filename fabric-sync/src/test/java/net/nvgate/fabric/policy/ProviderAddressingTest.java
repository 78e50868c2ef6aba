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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PAs per host and VSID, as in Windows Server 2012 R2. */
@Timeout(300)
class ProviderAddressingTest {

    private static final NodeId GW = gateway("gw");

    @TempDir
    private Path directory;

    private PolicyFixture fixture;
    private TestFabric fabric;
    private Host host1;
    private Host host2;
    private VmNetwork blue;
    private VmSubnet web;
    private VmSubnet db;

    @BeforeEach
    void build() {
        fixture = new PolicyFixture(directory, 1, field("providerAddressing", "PER_HOST_AND_VSID"));
        fabric = fixture.fabric;
        host1 = fabric.host("h1");
        host2 = fabric.host("h2");
        blue = fabric.vmNetwork("blue");
        web = fabric.vmSubnet("web", blue, "192.168.1.0/24", field("prefix6", "fd00:1::/64"));
        db = fabric.vmSubnet("db", blue, "192.168.2.0/24");
        fabric.attach("blue-gw", blue, fabric.gateway("gw", 50));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<ProviderAddress> all() {
        return fabric.manager.list(Kind.PROVIDER_ADDRESS).stream()
                .map(ProviderAddress.class::cast)
                .toList();
    }

    private ProviderAddress of(Host host, VmSubnet subnet) {
        return all().stream()
                .filter(pa -> pa.hostId().equals(host.id()) && pa.vmSubnetId().equals(subnet.id()))
                .findFirst()
                .orElseThrow();
    }

    private Set<IpAddress> ownAddresses(String host) {
        return fixture.policy(host(host)).values().stream()
                .filter(PolicyObject.ProviderAddress.class::isInstance)
                .map(object -> ((PolicyObject.ProviderAddress) object).providerAddress())
                .collect(Collectors.toSet());
    }

    private LookupRecord record(Vm vm, VmSubnet subnet, IpAddress ca, IpAddress pa) {
        return new LookupRecord(
                blue.rdid(), subnet.vsid(), ca, vm.nics().getFirst().mac(), pa, LookupRecord.Type.STATIC, vm.name());
    }

    @Test
    void eachVsidOnAHostHasItsPaFromTheFirstPortToTheLast() {
        Vm one = fabric.vm("one", host1, web);
        Vm two = fabric.vm("two", host1, web);
        Vm other = fabric.vm("other", host1, db);
        assertThat(all()).hasSize(2);
        ProviderAddress webPa = of(host1, web);
        ProviderAddress dbPa = of(host1, db);
        assertThat(webPa.createdRevision()).isEqualTo(one.createdRevision());
        assertThat(ownAddresses("h1"))
                .containsExactlyInAnyOrder(host1.providerAddress(), webPa.providerAddress(), dbPa.providerAddress());
        assertThat(fixture.policy(GW).values())
                .contains(
                        record(one, web, ip("192.168.1.2"), webPa.providerAddress()),
                        record(one, web, one.nics().getFirst().address6().orElseThrow(), webPa.providerAddress()),
                        record(two, web, ip("192.168.1.3"), webPa.providerAddress()),
                        record(other, db, ip("192.168.2.2"), dbPa.providerAddress()));

        fabric.manager.delete(Kind.VM, one.id());
        assertThat(all()).contains(webPa);
        fabric.manager.delete(Kind.VM, two.id());
        assertThat(all()).containsExactly(dbPa);
        assertThat(ownAddresses("h1")).containsExactlyInAnyOrder(host1.providerAddress(), dbPa.providerAddress());
    }

    @Test
    void aMoveChangesThePaInOneRevision() {
        Vm vm = fabric.vm("vm", host1, db);
        IpAddress before = of(host1, db).providerAddress();
        fixture.policy(GW);
        long revision = fixture.store.head();
        Vm moved = fabric.manager.moveVm(vm.id(), host2.id());
        assertThat(moved.changedRevision()).isEqualTo(revision + 1);
        IpAddress after = of(host2, db).providerAddress();
        assertThat(after).isNotIn(before, host2.providerAddress());
        assertThat(fixture.news(GW)).containsExactly(new PolicyChange.Put(record(vm, db, ip("192.168.2.2"), after)));
        assertThat(all()).hasSize(1);
        assertThat(ownAddresses("h1")).containsExactly(host1.providerAddress());
        assertThat(ownAddresses("h2")).containsExactlyInAnyOrder(host2.providerAddress(), after);
    }

    @Test
    void whatIsDoneInABatchOrTriedLeavesNothingBehind() {
        Vm vm = fabric.vm("vm", host1, db);
        ProviderAddress pa = of(host1, db);
        List<Operation> thereAndBack =
                List.of(new Operation.Move(vm.id(), host2.id()), new Operation.Move(vm.id(), host1.id()));
        fabric.manager.run(thereAndBack, true);
        assertThat(all()).containsExactly(pa);
        fabric.manager.run(thereAndBack, false);
        assertThat(all()).hasSize(1);
        ProviderAddress again = of(host1, db);
        assertThat(fixture.policy(GW)).containsValue(record(vm, db, ip("192.168.2.2"), again.providerAddress()));
        fabric.manager.run(
                List.of(
                        new Operation.Create(TestFabric.vmSpec("a", host2, web, "")),
                        new Operation.Create(TestFabric.vmSpec("b", host2, web, "")),
                        new Operation.Delete(Kind.VM, vm.id())),
                false);
        assertThat(all()).hasSize(1);
        assertThat(ownAddresses("h2")).contains(of(host2, web).providerAddress());
        assertThat(ownAddresses("h1")).containsExactly(host1.providerAddress());
    }

    @Test
    void whatIsUndoneHasAPaAgain() {
        Vm vm = fabric.vm("vm", host1, db);
        try (PolicyProjection policy = new PolicyProjection(fixture.store, 1000, new SimpleMeterRegistry())) {
            ChangeLog log = new ChangeLog(fabric.manager, policy, fixture.store);
            Vm moved = fabric.manager.moveVm(vm.id(), host2.id());
            fabric.manager.run(log.undo(moved.changedRevision()));
            assertThat(all()).hasSize(1);
            assertThat(ownAddresses("h1")).contains(of(host1, db).providerAddress());

            fabric.manager.delete(Kind.VM, vm.id());
            assertThat(all()).isEmpty();
            fabric.manager.run(log.undo(fixture.store.head()));
            assertThat(fixture.policy(GW))
                    .containsValue(
                            record(vm, db, ip("192.168.2.2"), of(host1, db).providerAddress()));

            fabric.manager.run(log.undo(fixture.store.head()));
            assertThat(all()).isEmpty();
            assertThat(ownAddresses("h1")).containsExactly(host1.providerAddress());
        }
    }

    @Test
    void ofTheLastTwoThatGoAtOnceOneTakesThePaAlong() throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 10; round++) {
                List<Future<Vm>> made = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    String name = "vm-" + round + "-" + i;
                    made.add(clients.submit(() -> fabric.vm(name, host1, db)));
                }
                List<Vm> vms = new ArrayList<>();
                for (Future<Vm> vm : made) {
                    vms.add(vm.get());
                }
                assertThat(all()).hasSize(1);
                List<Future<?>> gone = new ArrayList<>();
                for (Vm vm : vms) {
                    gone.add(clients.submit(() -> fabric.manager.delete(Kind.VM, vm.id())));
                }
                for (Future<?> one : gone) {
                    one.get();
                }
                assertThat(all()).isEmpty();
            }
        }
        assertThat(ownAddresses("h1")).containsExactly(host1.providerAddress());
    }

    @Test
    void aPaOfChoiceIsMadeBeforeTheFirstPort() {
        String of = named("mine") + field("hostId", host1.id()) + field("vmSubnetId", db.id());
        FabricObject mine = fabric.make(Kind.PROVIDER_ADDRESS, of + field("providerAddress", "10.10.0.200"));
        assertThat(ownAddresses("h1")).containsExactlyInAnyOrder(host1.providerAddress(), ip("10.10.0.200"));
        assertThatThrownBy(() -> fabric.make(Kind.PROVIDER_ADDRESS, of.replace("mine", "more")))
                .isInstanceOf(FabricException.class)
                .hasMessageContaining("already used by provider-address 'mine'");
        Vm vm = fabric.vm("vm", host1, db);
        assertThat(fixture.policy(GW)).containsValue(record(vm, db, ip("192.168.2.2"), ip("10.10.0.200")));
        assertThatThrownBy(() -> fabric.manager.delete(Kind.PROVIDER_ADDRESS, mine.id()))
                .hasMessageContaining("in use by vms 'vm'");
        fabric.manager.patch(mine.kind(), mine.id(), Patch.read("{\"name\":\"x\"}"));
        assertThat(fixture.news(GW)).isEmpty();
        fabric.manager.delete(Kind.VM, vm.id());
        assertThat(all()).isEmpty();
    }

    @Test
    void aPoolThatIsTooSmallIsNamed() {
        var small = fabric.manager.create(TestFabric.poolSpec(
                "small",
                fabric.site("small-site", fabric.paNetwork, "10.11.0.0/24").id(),
                "10.11.0.0/24",
                "10.11.0.1",
                "10.11.0.2",
                List.of(),
                ""));
        Host tight = (Host)
                fabric.make(Kind.HOST, named("tight") + field("hostType", "LINUX_OVS") + field("paPoolId", small.id()));
        fabric.vm("a", tight, web);
        fabric.vm("b", tight, web);
        assertThatThrownBy(() -> fabric.vm("c", tight, db)).hasMessageContaining("ip-pool 'small' has no free address");
        assertThat(ownAddresses("tight")).containsExactlyInAnyOrder(ip("10.11.0.1"), ip("10.11.0.2"));
    }
}
