package net.nvgate.fabric.file;

import static net.nvgate.fabric.file.FileFixture.PLAIN;
import static net.nvgate.fabric.file.FileFixture.PRUNE;
import static net.nvgate.fabric.file.FileFixture.REPLACE;
import static net.nvgate.fabric.file.FileFixture.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricSpec.HostGroupSpec;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.manager.SpecMeta;
import net.nvgate.fabric.manager.TenancySpec.CloudSpec;
import net.nvgate.fabric.manager.TenancySpec.PlanSpec;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmSubnet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a file does to a fabric that is not what it says. */
@Timeout(300)
class FabricFilesTest {

    private static final String BASE = """
            name: base
            logical-networks:
              - {name: hnv, networkVirtualization: true}
              - {name: external}
            network-sites:
              - {name: hnv-site, logicalNetwork: hnv, subnets: [{prefix: 10.10.0.0/24}]}
              - {name: external-site, logicalNetwork: external, subnets: [{prefix: 203.0.113.0/24}]}
            ip-pools:
              - {name: pa, networkSite: hnv-site, prefix: 10.10.0.0/24}
              - {name: public, networkSite: external-site, prefix: 203.0.113.0/24}
            hosts:
              - {name: h1, hostType: LINUX_OVS, paPool: pa}
              - {name: h2, hostType: LINUX_OVS, paPool: pa}
            gateways:
              - {name: gw, paPool: pa, externalPool: public}
            """;

    private static final String TENANT = """
            vm-networks:
              - {name: blue, logicalNetwork: hnv}
            vm-subnets:
              - {name: web, vmNetwork: blue, prefix: 192.168.1.0/24}
            vm-network-gateways:
              - {name: blue-gw, vmNetwork: blue, gateway: gw}
            nat-connections:
              - {name: blue-nat, vmNetworkGateway: blue-gw}
            """;

    private static final String VM = """
            vms:
              - {name: vm1, host: h1, nics: [{vmSubnet: blue/web, address: 192.168.1.7}]}
            """;

    @TempDir
    private Path directory;

    private FileFixture fabric;

    @BeforeEach
    void open() {
        fabric = new FileFixture(directory);
        fabric.apply(BASE + TENANT + VM, PLAIN);
    }

    @AfterEach
    void close() {
        fabric.close();
    }

    private <T extends FabricObject> T object(Class<T> type, String name) {
        return type.cast(fabric.manager.list(Kind.of(type), name).getFirst());
    }

    private static void refused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(FileException.class).hasMessageContaining(message);
    }

    @Test
    void secondTimeChangesNothing() {
        long revision = fabric.manager.revision();

        FilePlan again = fabric.apply(BASE + TENANT + VM, PRUNE);

        assertThat(again.steps()).isEmpty();
        assertThat(again.committed()).isFalse();
        assertThat(fabric.manager.revision()).isEqualTo(revision);
    }

    @Test
    void settingsThatTheFileLeavesOutHaveTheirDefaults() {
        String set = TENANT.replace(
                "vmNetworkGateway: blue-gw",
                "vmNetworkGateway: blue-gw, portMin: 2000, filtering: ENDPOINT_INDEPENDENT");
        FilePlan changed = fabric.apply(BASE + set + VM, PLAIN);
        assertThat(steps(changed)).containsExactly("UPDATE nat-connection 'blue-nat'");
        assertThat(changed.steps().getFirst().fields().toString()).contains("portMin", "2000", "filtering");

        FilePlan back = fabric.apply(BASE + TENANT + VM, PLAIN);

        assertThat(steps(back)).containsExactly("UPDATE nat-connection 'blue-nat'");
        assertThat(fabric.export()).doesNotContain("portMin", "filtering");
    }

    @Test
    void whatWasAllocatedStays() {
        VmSubnet subnet = object(VmSubnet.class, "web");
        String pinned = TENANT.replace("prefix: 192.168.1.0/24", "prefix: 192.168.1.0/24, vsid: " + subnet.vsid());
        assertThat(fabric.plan(BASE + pinned + VM, PLAIN).steps()).isEmpty();
        assertThat(fabric.plan(BASE + TENANT + VM, PLAIN).steps()).isEmpty();
    }

    @Test
    void vmMovesAndGetsAnotherMac() {
        Vm before = object(Vm.class, "vm1");
        String wanted = VM.replace("host: h1", "host: h2").replace("address:", "mac: 00:1d:d8:b7:44:44, address:");

        FilePlan plan = fabric.plan(BASE + TENANT + wanted, PLAIN);
        fabric.apply(BASE + TENANT + wanted, PLAIN);

        assertThat(steps(plan)).containsExactly("UPDATE vm 'vm1'");
        Vm after = object(Vm.class, "vm1");
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.hostId()).isEqualTo(object(Host.class, "h2").id());
        assertThat(after.nics().getFirst().mac()).hasToString("00:1d:d8:b7:44:44");
        assertThat(plan.policy().orElseThrow())
                .extracting(node -> node.node().name())
                .containsExactly("gw", "h1", "h2");
        assertThat(fabric.plan(BASE + TENANT + wanted, PLAIN).steps()).isEmpty();
    }

    @Test
    void whatCannotBeChangedIsReplacedWithAllThatNeedsIt() {
        String other = (TENANT + VM).replace("192.168.1.", "192.168.9.");
        FilePlan plan = fabric.plan(BASE + other, PLAIN);
        assertThat(plan.isApplicable()).isFalse();
        assertThat(steps(plan)).contains("REPLACE vm-subnet 'blue/web'", "REPLACE vm 'vm1'");
        assertThatThrownBy(() -> fabric.apply(BASE + other, PLAIN))
                .isInstanceOfSatisfying(
                        FileException.class,
                        e -> assertThat(e.refusal().orElseThrow().code()).isEqualTo(FabricException.Code.CONFLICT))
                .hasMessageContaining("prefix of vm-subnet 'blue/web' cannot be changed");
        VmSubnet before = object(VmSubnet.class, "web");

        FilePlan done = fabric.apply(BASE + other, REPLACE);

        assertThat(done.transactions()).isEqualTo(1);
        assertThat(object(VmSubnet.class, "web").id()).isNotEqualTo(before.id());
        assertThat(object(VmSubnet.class, "web").prefix()).hasToString("192.168.9.0/24");
        assertThat(object(Vm.class, "vm1").nics().getFirst().address()).hasToString("192.168.9.7");
        assertThat(fabric.plan(BASE + other, PRUNE).steps()).isEmpty();
    }

    @Test
    void pruneDeletesOnlyWhatTheFileMade() {
        fabric.apply("name: other\nhosts: [{name: h3, hostType: HYPER_V, paPool: pa}]", PLAIN);

        assertThat(fabric.plan(BASE, PLAIN).steps()).isEmpty();
        FilePlan pruned = fabric.apply(BASE, PRUNE);

        assertThat(steps(pruned))
                .containsExactlyInAnyOrder(
                        "DELETE vm 'vm1'",
                        "DELETE nat-connection 'blue-nat'",
                        "DELETE vm-network-gateway 'blue-gw'",
                        "DELETE vm-subnet 'blue/web'",
                        "DELETE vm-network 'blue'");
        assertThat(fabric.manager.count(Kind.VM_NETWORK)).isZero();
        assertThat(fabric.manager.count(Kind.HOST)).isEqualTo(3);
        refused(
                "host 'h1' belongs to the file 'base'",
                () -> fabric.apply("name: other\nhosts: [{name: h1, hostType: LINUX_OVS, paPool: pa}]", PLAIN));
    }

    @Test
    void objectsMadeByHandAreTakenOverAndKeepTheirLabels() {
        Host host = object(Host.class, "h2");
        fabric.manager.patch(
                Kind.HOST, host.id(), Patch.read("{\"labels\":{\"nvgate/applied-by\":null,\"rack\":\"7\"}}"));

        FilePlan plan = fabric.apply(BASE.replace("h2, ", "h2, labels: {rack: '7'}, "), PLAIN);

        assertThat(steps(plan)).containsExactly("UPDATE host 'h2'");
        assertThat(object(Host.class, "h2").meta().labels())
                .containsEntry("nvgate/applied-by", "base")
                .containsEntry("rack", "7");
    }

    @Test
    void mistakesAreNamedWithTheirLine() {
        refused(
                "line 14: hosts[1].colour is not a field",
                () -> fabric.plan("\n" + BASE.replace("name: h2,", "name: h2, colour: red,"), PLAIN));
        refused("line 2: 'host' is not a kind of object", () -> fabric.plan("name: x\nhost: []", PLAIN));
        refused("name is required", () -> fabric.plan("hosts: []", PLAIN));
        refused("line 3: aliases are not read", () -> fabric.plan("name: &a x\nhosts:\n - {name: *a}", PLAIN));
        refused("this is not YAML: Duplicate", () -> fabric.plan("name: x\nname: x", PLAIN));
        refused(
                "host 'a' is in the file twice",
                () -> fabric.plan(
                        "name: x\nhosts: [{name: a, hostType: HYPER_V, paPool: pa}, {name: a, hostType: HYPER_V, paPool: pa}]",
                        PLAIN));
        refused(
                "line 3: vms[0].nics[0].vmSubnet: no vm-subnet is called 'red/web'",
                () -> fabric.plan("name: x\nvms:\n  - {name: a, host: h1, nics: [{vmSubnet: red/web}]}", PLAIN));
        refused(
                "host-group 'a' needs itself",
                () -> fabric.plan("name: x\nhost-groups: [{name: a, parent: b}, {name: b, parent: a}]", PLAIN));
        refused(
                "line 4: host 'a': ",
                () -> fabric.plan(
                        "name: x\nhosts:\n  # no such type\n  - {name: a, hostType: AMIGA, paPool: pa}", PLAIN));
    }

    @Test
    void subnetIsFoundWithoutItsNetworkUnlessItCouldBeAnother() {
        String plain = VM.replace("blue/web", "web");
        assertThat(fabric.plan(BASE + TENANT + plain, PLAIN).steps()).isEmpty();
        String two = TENANT.replace(
                "vm-subnets:",
                "  - {name: red, logicalNetwork: hnv}\nvm-subnets:\n"
                        + "  - {name: web, vmNetwork: red, prefix: 10.0.0.0/24}");
        refused("'web' can be any of red/web, blue/web", () -> fabric.plan(BASE + two + plain, PLAIN));
    }

    @Test
    void severalDocumentsAreOneFile() {
        assertThat(fabric.plan(BASE + "---\nname: base\n" + TENANT + "---\n" + VM, PRUNE)
                        .steps())
                .isEmpty();
    }

    /** Nodes, and how many objects of policy each gets. */
    private static List<String> shape(FilePlan plan) {
        return plan.policy().orElseThrow().stream()
                .map(node -> node.node() + " " + node.objects().size())
                .toList();
    }

    @Test
    void largeFilesAreSplitBetweenObjects() {
        try (FileFixture empty = new FileFixture(directory.resolve("empty"))) {
            FilePlan plan = empty.planInParts(BASE + TENANT + VM, 5);
            assertThat(shape(plan)).isEqualTo(shape(empty.plan(BASE + TENANT + VM, PRUNE)));
            assertThat(empty.manager.revision()).isEqualTo(plan.revision());
            FilePlan applied = empty.applyInParts(BASE + TENANT + VM, 5);

            assertThat(plan.transactions()).isEqualTo(3);
            assertThat(plan.steps().getLast().fields().toString()).contains("externalAddress");
            assertThat(applied.transactions()).isEqualTo(3);
            assertThat(applied.revision()).isEqualTo(plan.revision() + 3);
            assertThat(empty.plan(BASE + TENANT + VM, PRUNE).steps()).isEmpty();
            assertThat(steps(empty.applyInParts(BASE, 2))).hasSize(5);
            refused(
                    "line 18: vm-network 'blue': vm-network.logicalNetwork must be",
                    () -> empty.planInParts(
                            BASE
                                    + "host-groups: [{name: a}, {name: b}]\nvm-networks:\n  - {name: blue, logicalNetwork: external}\n",
                            2));
            refused(
                    "(the first 1 of 2 transactions were committed) line 18: vm-network 'blue': ",
                    () -> empty.applyInParts(
                            BASE
                                    + "host-groups: [{name: a}, {name: b}]\nvm-networks:\n  - {name: blue, logicalNetwork: external}\n",
                            2));
            assertThat(empty.manager.count(Kind.HOST_GROUP)).isEqualTo(2);
        }
    }

    private static HostGroupSpec group(UUID id) {
        return new HostGroupSpec(new SpecMeta("both", "", Map.of(), Optional.of(id)), Optional.empty());
    }

    private static PlanSpec plan(UUID id, UUID cloud) {
        return new PlanSpec(
                new SpecMeta("both", "", Map.of(), Optional.of(id)), cloud, Optional.empty(), Optional.empty());
    }

    /** Two objects come and go together all the time: no file has one of them alone. */
    @Test
    void exportIsOfOneMoment() throws InterruptedException {
        UUID cloud = fabric.manager
                .create(new CloudSpec(
                        new SpecMeta("cloud", ""), List.of(), List.of(), List.of(), List.of(), Optional.empty()))
                .id();
        AtomicBoolean enough = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            while (!enough.get()) {
                UUID first = UUID.randomUUID();
                UUID last = UUID.randomUUID();
                fabric.manager.run(
                        List.of(new Operation.Create(group(first)), new Operation.Create(plan(last, cloud))), false);
                fabric.manager.run(
                        List.of(new Operation.Delete(Kind.PLAN, last), new Operation.Delete(Kind.HOST_GROUP, first)),
                        false);
            }
        });
        for (int i = 0; i < 1000; i++) {
            String file = fabric.export();
            assertThat(file.contains("plans:")).as(file).isEqualTo(file.contains("host-groups:"));
        }
        enough.set(true);
        writer.join();
    }

    /** Somebody changes the fabric once during each plan. */
    @Test
    void planIsOfOneMoment() throws InterruptedException {
        Host host = object(Host.class, "h2");
        Semaphore turns = new Semaphore(0);
        int plans = 300;
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < plans; i++) {
                turns.acquireUninterruptibly();
                fabric.manager.patch(Kind.HOST, host.id(), Patch.read("{\"description\":\"turn " + i + "\"}"));
            }
        });
        for (int i = 0; i < plans; i++) {
            turns.release();
            FilePlan plan = fabric.plan(BASE, PLAIN);
            plan.steps().forEach(step -> assertThat(step.refused()).isEmpty());
            assertThat(plan.revision()).isLessThanOrEqualTo(fabric.manager.revision());
        }
        writer.join();
    }
}
