package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.named;
import static net.nvgate.fabric.manager.TestFabric.poolSpec;
import static net.nvgate.fabric.manager.TestFabric.vmSpec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.manager.Operation.Create;
import net.nvgate.fabric.manager.Operation.Delete;
import net.nvgate.fabric.manager.Operation.Move;
import net.nvgate.fabric.manager.Operation.Update;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.SqliteStore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several operations as one transaction, and what a dry run of them says. */
@Timeout(300)
class BatchTest {

    @TempDir
    private Path directory;

    private FabricStore store;
    private TestFabric fabric;
    private FabricManager manager;

    FabricStore newStore() {
        return SqliteStore.open(directory);
    }

    @BeforeEach
    void open() {
        store = newStore();
        fabric = new TestFabric(store, 7);
        manager = fabric.manager;
    }

    @AfterEach
    void close() {
        fabric.close();
        store.close();
    }

    private static FabricException refused(Code code, int operation, ThrowingCallable call) {
        FabricException[] caught = new FabricException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(FabricException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.operation()).as(e.getMessage()).hasValue(operation);
            caught[0] = e;
        });
        return caught[0];
    }

    private static Create create(Kind kind, String members) {
        return new Create(FabricJson.read("{" + members + "}", FabricSpec.type(kind)));
    }

    private static String id(UUID id) {
        return field("id", id);
    }

    /** A tenant with a VM network, a subnet, its gateway, a VM and its way out; everything refers to what is before. */
    private List<Operation> tenant(String name, Host host, Gateway gateway) {
        UUID network = UUID.randomUUID();
        UUID subnet = UUID.randomUUID();
        UUID attached = UUID.randomUUID();
        UUID nat = UUID.randomUUID();
        return List.of(
                create(Kind.VM_NETWORK, named(name) + id(network) + field("logicalNetworkId", fabric.paNetwork.id())),
                create(
                        Kind.VM_SUBNET,
                        named("web") + id(subnet) + field("vmNetworkId", network) + field("prefix", "192.168.1.0/24")),
                create(
                        Kind.VM_NETWORK_GATEWAY,
                        named(name) + id(attached) + field("vmNetworkId", network) + field("gatewayId", gateway.id())),
                create(
                        Kind.VM,
                        named(name) + field("hostId", host.id()) + ",\"nics\":[{\"vmSubnetId\":\"" + subnet + "\"}]"),
                create(Kind.NAT_CONNECTION, named(name) + id(nat) + field("vmNetworkGatewayId", attached)),
                create(
                        Kind.NAT_RULE,
                        named(name) + field("natConnectionId", nat) + field("protocol", "TCP")
                                + field("internalAddress", "192.168.1.2")
                                + ",\"externalPort\":80,\"internalPort\":80"));
    }

    @Test
    void laterOperationsSeeEarlierOnesAndAllAreOneRevision() {
        Host host = fabric.host("h1");
        Gateway gateway = fabric.gateway("g1", 50);
        long before = store.head();
        FabricChange change = manager.as(new Origin("ann", "new tenant")).run(tenant("blue", host, gateway), false);

        assertThat(store.head()).isEqualTo(before + 1);
        assertThat(change.revision()).isEqualTo(before + 1);
        assertThat(change.committed()).isTrue();
        assertThat(change.results())
                .extracting(FabricObject::kind)
                .containsExactly(
                        Kind.VM_NETWORK,
                        Kind.VM_SUBNET,
                        Kind.VM_NETWORK_GATEWAY,
                        Kind.VM,
                        Kind.NAT_CONNECTION,
                        Kind.NAT_RULE);
        assertThat(change.changes()).hasSize(7).allMatch(each -> each.before().isEmpty());
        for (FabricObject result : change.results()) {
            assertThat(manager.get(result.kind(), result.id())).isEqualTo(result);
        }
        RevisionChanges logged = store.changes(before, 1).getFirst();
        assertThat(logged.changes()).containsExactlyInAnyOrderElementsOf(change.changes());
        assertThat(logged.origin()).isEqualTo(new Origin("ann", "new tenant"));
        assertThat(((Vm) change.results().get(3)).nics().getFirst().address()).isEqualTo(ip("192.168.1.2"));
    }

    @Test
    void aRefusedOperationIsNamedAndNothingRemains() {
        Host host = fabric.host("h1");
        Gateway gateway = fabric.gateway("g1", 50);
        long before = store.head();
        List<Operation> operations = new ArrayList<>(tenant("blue", host, gateway));
        operations.add(create(Kind.VM_NETWORK, named("blue") + field("logicalNetworkId", fabric.paNetwork.id())));

        FabricException refusal = refused(Code.CONFLICT, 6, () -> manager.run(operations, false));
        assertThat(refusal.field()).hasValue("name");
        assertThat(refusal.getMessage())
                .isEqualTo("operation 6: vm-network.name 'blue' is already used by vm-network 'blue'");
        assertThat(store.head()).isEqualTo(before);
        assertThat(manager.count(Kind.VM_NETWORK)).isZero();
        assertThat(manager.count(Kind.IP_POOL)).isEqualTo(2);
        // What the refused batch had picked is free again: the same comes out as of a fabric that never saw it.
        FabricChange change = manager.run(operations.subList(0, 6), false);
        assertThat(((NatConnection) change.results().get(4)).externalAddress()).isEqualTo(ip("203.0.113.3"));
        refused(
                Code.INVALID,
                0,
                () -> manager.run(List.of(create(Kind.HOST, hostFields("h9", host.paPoolId(), "1.1.1.1"))), false));
        assertThatThrownBy(() -> manager.run(List.of(), false))
                .isInstanceOfSatisfying(
                        FabricException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
    }

    @Test
    void aSingleOperationIsRefusedWithoutAPlace() {
        VmNetwork blue = fabric.vmNetwork("blue");
        Operation again = create(Kind.VM_NETWORK, named("blue") + field("logicalNetworkId", fabric.paNetwork.id()));
        refused(Code.CONFLICT, 0, () -> manager.run(List.of(again), true));
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> manager.run(again),
                () -> manager.run(ChangeRequest.of(again)),
                () -> manager.dryRun(ChangeRequest.of(again), change -> change))) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            FabricException.class,
                            e -> assertThat(e.operation()).isEmpty())
                    .hasMessage("vm-network.name 'blue' is already used by vm-network '" + blue.name() + "'");
        }
    }

    private static String hostFields(String name, UUID pool, String address) {
        return named(name)
                + field("hostType", "LINUX_OVS")
                + field("paPoolId", pool)
                + field("providerAddress", address);
    }

    @Test
    void whatABatchFreesItsLaterOperationsCanTake() {
        UUID site = fabric.site("small", fabric.network("small", true), "10.20.0.0/24")
                .id();
        UUID pool = manager.create(poolSpec("small", site, "10.20.0.0/24", "10.20.0.9", "10.20.0.9", List.of(), ""))
                .id();
        UUID first = UUID.randomUUID();
        String free = field("hostType", "LINUX_OVS") + field("paPoolId", pool);
        FabricChange change = manager.run(
                List.of(
                        create(Kind.HOST, named("a") + id(first) + free),
                        new Delete(Kind.HOST, first),
                        create(Kind.HOST, named("a") + free)),
                false);
        assertThat(((Host) change.results().get(2)).providerAddress()).isEqualTo(ip("10.20.0.9"));
        assertThat(change.changes()).hasSize(1);
        Host stored = (Host) change.results().get(2);
        FabricChange exchange =
                manager.run(List.of(new Delete(Kind.HOST, stored.id()), create(Kind.HOST, named("a") + free)), false);
        assertThat(exchange.changes()).hasSize(2);
        refused(
                Code.CONFLICT,
                1,
                () -> manager.run(
                        List.of(
                                new Delete(Kind.HOST, exchange.results().get(1).id()),
                                create(
                                        Kind.HOST,
                                        named("b")
                                                + id(exchange.results().get(1).id())
                                                + free)),
                        false));
    }

    @Test
    void oneObjectCanBeChangedSeveralTimes() {
        Host first = fabric.host("h1");
        Host second = fabric.host("h2");
        VmSubnet web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
        Vm vm = fabric.vm("vm1", first, web);
        FabricChange change = manager.run(
                List.of(
                        new Move(vm.id(), second.id(), Optional.of(vm.changedRevision())),
                        new Update(
                                Kind.VM, vm.id(), Patch.read("{\"name\":\"vm2\"}"), Optional.of(vm.changedRevision())),
                        new Delete(Kind.HOST, first.id()),
                        new Update(Kind.HOST, second.id(), Patch.read("{\"name\":\"h1\"}"))),
                false);
        assertThat(change.changes()).hasSize(3);
        ObjectChange ofVm = change.changes().getFirst();
        assertThat(ofVm.before()).hasValue(vm);
        assertThat(ofVm.after()).hasValue(manager.get(Kind.VM, vm.id()));
        assertThat(manager.get(Vm.class, vm.id()).name()).isEqualTo("vm2");
        assertThat(manager.get(Vm.class, vm.id()).hostId()).isEqualTo(second.id());
        assertThat(manager.get(Kind.HOST, second.id()).name()).isEqualTo("h1");
        assertThat(manager.count(Kind.HOST)).isEqualTo(1);
    }

    @Test
    void aCallerCanInsistOnTheVersionItHasSeen() {
        VmNetwork blue = fabric.vmNetwork("blue");
        long seen = blue.changedRevision();
        fabric.patch(blue, "\"description\":\"changed\"");
        refused(
                Code.CHANGED,
                0,
                () -> manager.run(List.of(new Delete(Kind.VM_NETWORK, blue.id(), Optional.of(seen))), false));
        assertThatThrownBy(() -> manager.run(new Delete(Kind.VM_NETWORK, blue.id(), Optional.of(seen))))
                .isInstanceOfSatisfying(
                        FabricException.class, e -> assertThat(e.code()).isEqualTo(Code.CHANGED))
                .hasMessage("vm-network 'blue' was changed by revision " + (seen + 1) + ", not last by " + seen);
        manager.run(new Delete(Kind.VM_NETWORK, blue.id(), Optional.of(seen + 1)));
        assertThat(manager.count(Kind.VM_NETWORK)).isZero();
    }

    @Test
    void aDryRunSaysExactlyWhatTheCommitThenDoes() {
        List<Operation> operations = tenant("blue", fabric.host("h1"), fabric.gateway("g1", 50));
        long before = store.head();
        FabricChange announced = manager.run(operations, true);
        assertThat(store.head()).isEqualTo(before);
        assertThat(announced.committed()).isFalse();
        assertThat(manager.count(Kind.VM_NETWORK)).isZero();
        FabricChange made = manager.run(operations, false);
        assertThat(made.changes()).isEqualTo(announced.changes());
        assertThat(made.results()).isEqualTo(announced.results());
        assertThat(made.revision()).isEqualTo(announced.revision());

        Operation single =
                tenant("red", fabric.host("h2"), fabric.gateway("g2", 50)).getFirst();
        FabricObject announcedNetwork =
                manager.run(List.of(single), true).results().getFirst();
        assertThat(manager.run(single)).isEqualTo(announcedNetwork);
    }

    @Test
    void tenThousandOperationsAreOneTransaction() {
        List<Host> hosts = List.of(fabric.host("h1"), fabric.host("h2"));
        VmSubnet subnet = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "172.16.0.0/16");
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < FabricManager.OPERATIONS_MAX; i++) {
            operations.add(new Create(vmSpec("vm" + i, hosts.get(i % 2), subnet, "")));
        }
        long before = store.head();
        FabricChange change = manager.run(operations, false);
        assertThat(store.head()).isEqualTo(before + 1);
        assertThat(change.changes()).hasSize(FabricManager.OPERATIONS_MAX);
        assertThat(manager.count(Kind.VM)).isEqualTo(FabricManager.OPERATIONS_MAX);
        assertThat(change.results().stream()
                        .map(vm -> ((Vm) vm).nics().getFirst().address())
                        .distinct())
                .hasSize(FabricManager.OPERATIONS_MAX);
    }

    @Test
    void batchesAndSingleOperationsSideBySideLoseNothing() throws Exception {
        Host host = fabric.host("h1");
        VmSubnet subnet = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "172.16.0.0/16");
        List<Future<?>> work = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (int thread = 0; thread < 6; thread++) {
                String name = "t" + thread + "-";
                boolean batches = thread % 2 == 0;
                work.add(threads.submit(() -> {
                    for (int i = 0; i < 20; i++) {
                        Operation one = new Create(vmSpec(name + i, host, subnet, ""));
                        Operation two = new Create(vmSpec(name + i + "b", host, subnet, ""));
                        if (batches) {
                            manager.run(List.of(one, two), i % 4 == 3);
                        } else {
                            manager.run(one);
                        }
                    }
                }));
            }
        }
        for (Future<?> each : work) {
            each.get();
        }
        assertThat(manager.count(Kind.VM)).isEqualTo(3 * 20 + 3 * 15 * 2);
        assertThat(manager.list(Kind.VM).stream()
                        .map(vm -> ((Vm) vm).nics().getFirst().address())
                        .distinct())
                .hasSize(manager.count(Kind.VM));
    }
}
