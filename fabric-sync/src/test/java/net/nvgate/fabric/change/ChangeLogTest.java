package net.nvgate.fabric.change;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static net.nvgate.fabric.manager.TestFabric.vmSpec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.PolicyDifference;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.FaultyStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.SqliteStore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ChangeLogTest {

    @TempDir
    private Path directory;

    private FabricStore store;
    private TestFabric fabric;
    private PolicyProjection policy;
    private ChangeLog changes;
    private FabricManager manager;

    FabricStore newStore() {
        return SqliteStore.open(directory);
    }

    @BeforeEach
    void open() {
        store = newStore();
        fabric = new TestFabric(store, 7);
        policy = new PolicyProjection(store, 1000, new SimpleMeterRegistry());
        manager = fabric.manager;
        changes = new ChangeLog(manager, policy, store);
    }

    @AfterEach
    void close() {
        policy.close();
        fabric.close();
        store.close();
    }

    private static FabricException refused(Code code, ThrowingCallable call) {
        FabricException[] caught = new FabricException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(FabricException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            caught[0] = e;
        });
        return caught[0];
    }

    /** Objects of a kind without what the store stamps. */
    private List<FabricObject> unstamped(Kind kind) {
        return manager.list(kind).stream().map(ChangeLogTest::unstamped).toList();
    }

    private static FabricObject unstamped(FabricObject object) {
        Meta meta = object.meta();
        return object.withMeta(Meta.of(meta.id(), meta.name(), meta.description(), meta.labels()));
    }

    @Test
    void aDryRunNamesWhatEachNodeWillHave() {
        Host first = fabric.host("h1");
        Host second = fabric.host("h2");
        VmSubnet web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
        fabric.vm("vm1", first, web);
        long head = store.head();
        ChangeRequest another = ChangeRequest.of(new Operation.Create(vmSpec("vm2", first, web, "192.168.1.9")));
        DryRun run = changes.dryRun(manager, another);
        assertThat(store.head()).isEqualTo(head);
        // One record and one port for the host; nobody else has the domain.
        assertThat(run.policy()).hasSize(1);
        PolicyDifference ofHost = run.policy().getFirst();
        assertThat(ofHost.node()).hasToString("host/h1");
        assertThat(ofHost.id()).isEqualTo(first.id());
        assertThat(ofHost.objects()).hasSize(2).allMatch(item -> item.before().isEmpty());
        assertThat(ofHost.objects().getFirst().key()).isEqualTo("lookup/" + web.vsid() + "/192.168.1.9");

        Vm vm = (Vm) manager.run(another).results().getFirst();
        DryRun move = changes.dryRun(manager, ChangeRequest.of(new Operation.Move(vm.id(), second.id())));
        assertThat(move.policy()).extracting(each -> each.node().name()).containsExactly("h1", "h2");
        PolicyDifference.Item record = move.policy().getFirst().objects().getFirst();
        assertThat(record.before()).isPresent();
        assertThat(record.after()).isPresent().isNotEqualTo(record.before());
    }

    @Test
    void theHistoryOfAnObjectIsItsChangesWithTheirAuthors() {
        VmNetwork blue = fabric.vmNetwork("blue");
        fabric.vmNetwork("other");
        manager.as(new Origin("ann", "typo")).patch(Kind.VM_NETWORK, blue.id(), Patch.read("{\"name\":\"bleu\"}"));
        fabric.vmNetwork("third");
        manager.as(new Origin("bob", "")).delete(Kind.VM_NETWORK, blue.id());

        List<HistoryEntry> entries = changes.history(Kind.VM_NETWORK, blue.id(), Long.MAX_VALUE, 100);
        assertThat(entries).extracting(entry -> entry.origin().actor()).containsExactly("bob", "ann", "system");
        assertThat(entries)
                .extracting(HistoryEntry::revision)
                .containsExactly(blue.changedRevision() + 4, blue.changedRevision() + 2, blue.changedRevision());
        assertThat(entries.get(1).origin().comment()).isEqualTo("typo");
        assertThat(entries.get(1).change().before()).hasValue(blue);
        assertThat(entries.get(0).change().after()).isEmpty();
        assertThat(changes.history(Kind.VM_NETWORK, blue.id(), entries.get(0).revision(), 1))
                .containsExactly(entries.get(1));
        refused(Code.NOT_FOUND, () -> changes.history(Kind.HOST, blue.id(), Long.MAX_VALUE, 1));
        refused(Code.NOT_FOUND, () -> changes.history(Kind.HOST, UUID.randomUUID(), Long.MAX_VALUE, 1));
    }

    /** Anybody can ask for an id that never was: it must not make the manager read its log. */
    @Test
    void whatNeverWasIsLookedUpAndNotSearchedFor() {
        VmNetwork gone = fabric.vmNetwork("gone");
        manager.delete(Kind.VM_NETWORK, gone.id());
        for (int i = 0; i < 300; i++) {
            fabric.vmNetwork("n" + i);
        }
        FaultyStore counted = new FaultyStore(store);
        ChangeLog log = new ChangeLog(manager, policy, counted);
        refused(Code.NOT_FOUND, () -> log.history(Kind.VM, UUID.randomUUID(), Long.MAX_VALUE, 100));
        assertThat(counted.takeRevisionsRead()).isZero();
        assertThat(log.history(Kind.VM_NETWORK, gone.id(), Long.MAX_VALUE, 100)).hasSize(2);
        assertThat(counted.takeRevisionsRead()).isZero();
        assertThat(log.revisions(Long.MAX_VALUE, 1000, RevisionChanges::revision))
                .hasSize((int) store.head());
    }

    @Test
    void revisionsAreListedFromTheNewestAsFarAsTheLogGoes() {
        fabric.vmNetwork("blue");
        fabric.vmNetwork("red");
        long head = store.head();
        assertThat(changes.revisions(Long.MAX_VALUE, 2, revision -> revision))
                .extracting(RevisionChanges::revision)
                .containsExactly(head, head - 1);
        assertThat(changes.revisions(head - 1, 1, revision -> revision))
                .extracting(RevisionChanges::revision)
                .containsExactly(head - 2);
        assertThat(changes.revision(head).changes().getFirst().any().name()).isEqualTo("red");
        assertThat(changes.policy(head)).hasValue(List.of());
        store.compact(head - 1);
        assertThat(changes.revisions(Long.MAX_VALUE, 10, revision -> revision)).hasSize(1);
        assertThat(changes.revisions(1, 10, revision -> revision)).isEmpty();
        refused(Code.NOT_FOUND, () -> changes.revision(head - 1));
        refused(Code.NOT_FOUND, () -> changes.revision(head + 1));
        refused(Code.NOT_FOUND, () -> changes.revision(0));
    }

    @Test
    void whatARevisionMadeGoesWithItsUndoing() {
        Host host = fabric.host("h1");
        VmNetwork blue = fabric.vmNetwork("blue");
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        long made = store.head();
        Vm vm = fabric.vm("vm1", host, web);
        FabricException inUse = refused(Code.IN_USE, () -> manager.run(changes.undo(made)));
        assertThat(inUse.users()).hasSize(1);
        manager.delete(Kind.VM, vm.id());
        manager.run(changes.undo(made));
        assertThat(manager.count(Kind.VM_SUBNET)).isZero();
        assertThat(manager.count(Kind.IP_POOL)).isEqualTo(2);
        // To undo it again brings the subnet back, with its pool, its VSID and its ids.
        manager.run(changes.undo(store.head()));
        assertThat(unstamped(Kind.VM_SUBNET)).containsExactly(unstamped(web));
        assertThat(manager.get(IpPool.class, web.ipPoolId()).vmSubnetId()).hasValue(web.id());
    }

    @Test
    void aWholeBatchIsUndoneWhateverItsOrder() {
        Host first = fabric.host("h1");
        VmNetwork blue = fabric.vmNetwork("blue");
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        VmNetworkGateway attached = fabric.attach("gw", blue, fabric.gateway("g1", 50));
        NatConnection nat = fabric.nat("nat", attached);
        fabric.rule("http", nat, 80, "192.168.1.7");
        Vm vm = fabric.vm("vm1", first, web);
        List<Kind> kinds = List.of(Kind.values());
        List<List<FabricObject>> before = kinds.stream().map(this::unstamped).toList();
        UUID second = UUID.randomUUID();
        FabricChange change = manager.run(
                List.of(
                        new Operation.Create(net.nvgate.fabric.model.FabricJson.read(
                                "{\"id\":\"" + second + "\",\"name\":\"h2\",\"hostType\":\"LINUX_OVS\",\"paPoolId\":\""
                                        + fabric.paPool.id() + "\"}",
                                net.nvgate.fabric.manager.FabricSpec.HostSpec.class)),
                        new Operation.Move(vm.id(), second),
                        new Operation.Delete(Kind.HOST, first.id()),
                        new Operation.Delete(
                                Kind.NAT_RULE,
                                manager.list(Kind.NAT_RULE).getFirst().id()),
                        new Operation.Delete(Kind.NAT_CONNECTION, nat.id()),
                        new Operation.Delete(Kind.VM_NETWORK_GATEWAY, attached.id()),
                        new Operation.Update(
                                Kind.VM, vm.id(), Patch.read("{\"name\":\"moved\",\"labels\":{\"a\":\"b\"}}"))),
                false);
        DryRun announced = changes.dryRun(manager, changes.undo(change.revision()));
        FabricChange undone = manager.run(changes.undo(change.revision()));
        assertThat(undone.changes()).isEqualTo(announced.change().changes());
        assertThat(changes.policy(undone.revision())).hasValue(announced.policy());
        assertThat(kinds.stream().map(this::unstamped).toList()).isEqualTo(before);
    }

    @Test
    void onlyTheFieldsOfTheRevisionAreTakenBackAndOnlyIfNobodyChangedThemAgain() {
        VmNetwork blue = fabric.vmNetwork("blue");
        VmNetworkGateway attached = fabric.attach("gw", blue, fabric.gateway("g1", 50));
        attached = fabric.patch(attached, "\"quota\":{\"ports\":100,\"sessions\":5},\"dscp\":7");
        long asked = store.head();
        attached = fabric.patch(attached, "\"description\":\"later\"");
        manager.run(changes.undo(asked));
        VmNetworkGateway undone = manager.get(VmNetworkGateway.class, attached.id());
        assertThat(undone.quota()).isEqualTo(net.nvgate.fabric.model.NatQuota.UNLIMITED);
        assertThat(undone.dscp()).isZero();
        assertThat(undone.description()).isEqualTo("later");

        fabric.patch(undone, "\"dscp\":8");
        long changed = store.head();
        fabric.patch(undone, "\"dscp\":9");
        FabricException conflict = refused(Code.CONFLICT, () -> manager.run(changes.undo(changed)));
        assertThat(conflict.field()).hasValue("dscp");
        assertThat(conflict.getMessage())
                .isEqualTo("operation 0: vm-network-gateway 'gw': dscp was changed again, by revision " + store.head());
        UUID id = attached.id();
        manager.delete(Kind.VM_NETWORK_GATEWAY, id);
        refused(Code.CONFLICT, () -> manager.run(changes.undo(changed)));
    }

    @Test
    void whatComesBackPassesEveryRuleAgain() {
        Host host = fabric.host("h1");
        manager.delete(Kind.HOST, host.id());
        long deleted = store.head();
        Host other = fabric.host("h2");
        assertThat(other.providerAddress()).isEqualTo(host.providerAddress());
        FabricException taken = refused(Code.CONFLICT, () -> manager.run(changes.undo(deleted)));
        assertThat(taken.field()).hasValue("providerAddress");
        manager.delete(Kind.HOST, other.id());
        manager.run(changes.undo(deleted));
        assertThat(unstamped(Kind.HOST)).containsExactly(unstamped(host));
    }

    @Test
    void anObjectIsGivenTheFieldsItHad() {
        VmNetwork blue = fabric.vmNetwork("blue");
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24", ",\"dhcp\":{\"domainName\":\"example.net\"}");
        VmSubnet changed = fabric.patch(web, "\"dhcp\":null,\"name\":\"www\"");
        refused(
                Code.CHANGED,
                () -> manager.run(changes.revert(
                        Kind.VM_SUBNET, web.id(), web.changedRevision(), Optional.of(web.changedRevision()))));
        manager.run(changes.revert(
                Kind.VM_SUBNET, web.id(), web.changedRevision(), Optional.of(changed.changedRevision())));
        assertThat(unstamped(Kind.VM_SUBNET)).containsExactly(unstamped(web));
        refused(
                Code.INVALID,
                () -> changes.revert(Kind.VM_SUBNET, web.id(), web.changedRevision() - 1, Optional.empty()));

        long here = store.head();
        manager.delete(Kind.VM_SUBNET, web.id());
        manager.run(changes.revert(Kind.VM_SUBNET, web.id(), here, Optional.empty()));
        assertThat(unstamped(Kind.VM_SUBNET)).containsExactly(unstamped(web));
        assertThat(manager.get(IpPool.class, web.ipPoolId()).name()).isEqualTo("web-" + web.vsid());
    }

    @Test
    void aPlansLimitsAreTakenBackFromItsGatewaysToo() {
        FabricObject cloud = fabric.make(Kind.CLOUD, named("cloud"));
        FabricObject plan =
                fabric.make(Kind.PLAN, named("plan") + field("cloudId", cloud.id()) + ",\"limits\":{\"ports\":1000}");
        FabricObject tenant =
                fabric.make(Kind.SUBSCRIPTION, named("tenant") + field("planId", plan.id()) + field("owner", "tenant"));
        VmNetwork network = (VmNetwork) fabric.make(
                Kind.VM_NETWORK,
                named("owned")
                        + field("logicalNetworkId", fabric.paNetwork.id())
                        + field("subscriptionId", tenant.id()));
        VmNetworkGateway attached = fabric.attach("owned-gw", network, fabric.gateway("limited", 5));
        fabric.patch(plan, "\"limits\":{\"ports\":10}");
        assertThat(manager.get(VmNetworkGateway.class, attached.id())
                        .planLimits()
                        .ports())
                .isEqualTo(10);
        manager.run(changes.undo(store.head()));
        assertThat(manager.get(VmNetworkGateway.class, attached.id()).planLimits())
                .isEqualTo(attached.planLimits());
    }
}
