package net.nvgate.fabric.file;

import static net.nvgate.fabric.file.FileFixture.PLAIN;
import static net.nvgate.fabric.file.FileFixture.PRUNE;
import static net.nvgate.fabric.file.FileFixture.REPLACE;
import static net.nvgate.fabric.file.FileFixture.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.ManagerInside;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.manager.PhysicalSpec.MacPoolSpec;
import net.nvgate.fabric.manager.SpecMeta;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.VmNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes with other objects: it goes and comes back with them, and a file knows that. */
@Timeout(300)
class CompanionFilesTest {

    private static final String NETWORKS = """
            name: base
            logical-networks:
              - {name: hnv, networkVirtualization: true}
            """;

    private static final String SITE = """
            network-sites:
              - {name: hnv-site, logicalNetwork: hnv, subnets: [{prefix: 10.10.0.0/24}]}
            ip-pools:
              - {name: pa, networkSite: hnv-site, prefix: 10.10.0.0/24}
            hosts:
              - {name: h1, hostType: LINUX_OVS, paPool: pa}
            """;

    private static final String AUTO = """
            vm-networks:
              - {name: blue, logicalNetwork: hnv, autoCreateSubnet: true}
            """;

    private static final String VM = """
            vms:
              - {name: vm1, host: h1, nics: [{vmSubnet: blue/blue}]}
            """;

    @TempDir
    private Path directory;

    private FileFixture fabric;

    @BeforeEach
    void open() {
        fabric = new FileFixture(directory.resolve("fabric"));
    }

    @AfterEach
    void close() {
        fabric.close();
    }

    private FabricObject object(Kind kind, String name) {
        return fabric.manager.list(kind, name).getFirst();
    }

    private static String corp(String description) {
        return NETWORKS + "  - {name: corp, sameNameVmNetwork: true, description: %s}\n".formatted(description);
    }

    @Test
    void theVmNetworkOfALogicalNetworkGoesAndComesBackWithIt() {
        fabric.apply(corp("a"), PLAIN);
        FabricObject corp = object(Kind.LOGICAL_NETWORK, "corp");
        FabricObject direct = object(Kind.VM_NETWORK, "corp");
        assertThat(direct.meta().labels()).containsEntry("nvgate/applied-by", "base");

        fabric.manager.delete(Kind.LOGICAL_NETWORK, corp.id());
        long deleted = fabric.manager.revision();
        assertThat(fabric.manager.count(Kind.VM_NETWORK)).isZero();

        fabric.manager.run(fabric.changes.undo(deleted));
        assertThat(object(Kind.VM_NETWORK, "corp").id()).isEqualTo(direct.id());
        fabric.manager.run(fabric.changes.undo(deleted + 1));
        assertThat(fabric.manager.count(Kind.VM_NETWORK)).isZero();
        fabric.manager.run(fabric.changes.revert(Kind.LOGICAL_NETWORK, corp.id(), deleted + 1, Optional.empty()));
        assertThat(((VmNetwork) object(Kind.VM_NETWORK, "corp")).rdid()).isEqualTo(((VmNetwork) direct).rdid());

        // Both by name, in a batch, and back.
        fabric.manager.run(
                List.of(
                        new Operation.Delete(Kind.VM_NETWORK, direct.id()),
                        new Operation.Delete(Kind.LOGICAL_NETWORK, corp.id())),
                false);
        fabric.manager.run(fabric.changes.undo(fabric.manager.revision()));
        assertThat(object(Kind.LOGICAL_NETWORK, "corp").id()).isEqualTo(corp.id());
        assertThat(object(Kind.VM_NETWORK, "corp").id()).isEqualTo(direct.id());
        ManagerInside.assertIndexIsAsFromScratch(fabric.manager, fabric.store.snapshot());
    }

    @Test
    void theVmNetworkOfALogicalNetworkIsCalledAsThat() {
        fabric.apply(corp("a"), PLAIN);
        UUID corp = object(Kind.LOGICAL_NETWORK, "corp").id();
        fabric.manager.patch(Kind.LOGICAL_NETWORK, corp, Patch.read("{\"name\":\"office\"}"));
        assertThat(fabric.manager.list(Kind.VM_NETWORK))
                .extracting(FabricObject::name)
                .containsExactly("office");
        fabric.manager.run(fabric.changes.undo(fabric.manager.revision()));
        assertThat(fabric.manager.list(Kind.VM_NETWORK))
                .extracting(FabricObject::name)
                .containsExactly("corp");
    }

    @Test
    void theVmNetworkOfALogicalNetworkIsPrunedAndReplacedWithIt() {
        fabric.apply(corp("a"), PLAIN);
        assertThat(fabric.plan(corp("a"), PRUNE).steps()).isEmpty();
        assertThat(steps(fabric.apply(
                        corp("a").replace("sameNameVmNetwork: true", "sameNameVmNetwork: false"), REPLACE)))
                .containsExactly("REPLACE logical-network 'corp'");
        assertThat(fabric.manager.count(Kind.VM_NETWORK)).isZero();
        fabric.apply(corp("a"), REPLACE);
        assertThat(fabric.manager.count(Kind.VM_NETWORK)).isEqualTo(1);

        assertThat(steps(fabric.apply(NETWORKS, PRUNE))).containsExactly("DELETE logical-network 'corp'");
        assertThat(fabric.manager.count(Kind.VM_NETWORK)).isZero();
    }

    @Test
    void aVmNetworkThatATenantHasStaysAndIsInTheFile() {
        String tenancy = """
                clouds: [{name: cloud}]
                plans: [{name: gold, cloud: cloud}]
                subscriptions: [{name: contoso, plan: gold, owner: ann}]
                """;
        fabric.apply(corp("a") + tenancy, PLAIN);
        FabricObject direct = object(Kind.VM_NETWORK, "corp");
        fabric.manager.patch(
                Kind.VM_NETWORK,
                direct.id(),
                Patch.read("{\"subscriptionId\":\""
                        + object(Kind.SUBSCRIPTION, "contoso").id() + "\",\"description\":\"ours\"}"));
        assertThatThrownBy(() -> fabric.manager.delete(
                        Kind.LOGICAL_NETWORK,
                        object(Kind.LOGICAL_NETWORK, "corp").id()))
                .isInstanceOfSatisfying(
                        FabricException.class, e -> assertThat(e.code()).isEqualTo(FabricException.Code.IN_USE))
                .hasMessageContaining("is in use by vm-networks 'corp'");

        String file = fabric.export();
        try (FileFixture second = new FileFixture(directory.resolve("second"))) {
            second.apply(file, PLAIN);
            assertThat(second.export()).isEqualTo(file);
            assertThat(second.plan(file, PRUNE).steps()).isEmpty();
            VmNetwork made = (VmNetwork) second.manager.list(Kind.VM_NETWORK).getFirst();
            assertThat(made.subscriptionId()).isPresent();
            assertThat(made.description()).isEqualTo("ours");
        }
    }

    @Test
    void theVmSubnetOfAVmNetworkIsTheFilesToo() {
        String file = NETWORKS + SITE + AUTO + VM;
        fabric.apply(file, PLAIN);
        FabricObject subnet = object(Kind.VM_SUBNET, "blue");
        assertThat(subnet.meta().labels()).containsEntry("nvgate/applied-by", "base");
        assertThat(fabric.plan(file, PRUNE).steps()).isEmpty();

        String changed = file.replace("name: blue,", "name: blue, caFamily: IPV4,");
        assertThat(steps(fabric.apply(changed, REPLACE)))
                .containsExactly("REPLACE vm-network 'blue'", "REPLACE vm 'vm1'");
        assertThat(object(Kind.VM_SUBNET, "blue").id()).isNotEqualTo(subnet.id());
        assertThat(fabric.plan(changed, PRUNE).steps()).isEmpty();

        assertThat(steps(fabric.apply(NETWORKS + SITE, PRUNE)))
                .containsExactlyInAnyOrder(
                        "DELETE vm 'vm1'", "DELETE vm-subnet 'blue/blue'", "DELETE vm-network 'blue'");
        assertThat(fabric.manager.count(Kind.VM_SUBNET)).isZero();
    }

    @Test
    void grantsOfAVmSubnetsOwnPoolSurviveAnExport() {
        String file = NETWORKS + SITE + """
                vm-networks: [{name: blue, logicalNetwork: hnv}]
                vm-subnets: [{name: web, vmNetwork: blue, prefix: 192.168.1.0/24, prefix6: 'fd00::/64'}]
                address-grants:
                  - {name: first, ipPool: blue/web, address: 192.168.1.9}
                  - {name: second, ipPool: blue/web/ipv6, address: 'fd00::9'}
                """;
        fabric.apply(file, PLAIN);
        assertThat(fabric.plan(file, PRUNE).steps()).isEmpty();
        String byName = file.replace("ipPool: blue/web,", "ipPool: " + ownPool() + ",");
        assertThat(fabric.plan(byName, PRUNE).steps()).isEmpty();

        String exported = fabric.export();
        try (FileFixture second = new FileFixture(directory.resolve("second"))) {
            second.apply(exported, PLAIN);
            assertThat(second.export()).isEqualTo(exported);
            assertThat(second.manager.list(Kind.ADDRESS_GRANT))
                    .extracting(FabricObject::name)
                    .containsExactly("first", "second");
        }
        String replaced = file.replace("prefix6: 'fd00::/64'", "prefix6: 'fd00::/64', vsid: 7777");
        assertThat(steps(fabric.apply(replaced, REPLACE)))
                .containsExactlyInAnyOrder(
                        "REPLACE vm-subnet 'blue/web'",
                        "REPLACE address-grant 'first'",
                        "REPLACE address-grant 'second'");
        assertThat(fabric.plan(replaced, PRUNE).steps()).isEmpty();
    }

    private String ownPool() {
        return fabric.manager.list(Kind.IP_POOL).stream()
                .map(FabricObject::name)
                .filter(name -> name.matches("web-\\d+"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> macPools(FileFixture of) {
        return of.manager.list(Kind.MAC_POOL).stream().map(FabricObject::name).toList();
    }

    @Test
    void macPoolsOfAFileTakeThePlaceOfTheUntouchedDefault() {
        fabric.manager.makeDefaults();
        String halves = """
                name: base
                mac-pools:
                  - {name: lower, rangeStart: '00:1d:d8:b7:1c:00', rangeEnd: '00:1d:d8:c0:00:00'}
                  - {name: upper, rangeStart: '00:1d:d8:c0:00:01', rangeEnd: '00:1d:d8:f4:1f:ff'}
                """;
        FilePlan plan = fabric.plan(halves, PLAIN);
        assertThat(steps(plan))
                .containsExactly(
                        "DELETE mac-pool 'Default MAC address pool'",
                        "CREATE mac-pool 'lower'",
                        "CREATE mac-pool 'upper'");
        fabric.apply(halves, PLAIN);
        assertThat(macPools(fabric)).containsExactly("lower", "upper");
        assertThat(fabric.plan(halves, PRUNE).steps()).isEmpty();

        try (FileFixture second = new FileFixture(directory.resolve("second"))) {
            second.manager.makeDefaults();
            second.apply(fabric.export(), PLAIN);
            assertThat(macPools(second)).containsExactly("lower", "upper");
        }
    }

    @Test
    void theDefaultMacPoolStaysBesideOthersAndWhenItIsUsed() {
        fabric.manager.makeDefaults();
        MacPool own = fabric.manager.create(new MacPoolSpec(
                new SpecMeta("own", ""),
                MacAddress.parse("02:00:00:00:00:00"),
                MacAddress.parse("02:00:00:00:00:ff"),
                List.of()));
        String file = fabric.export();
        assertThat(file).contains(MacPool.DEFAULT_NAME, own.name());
        fabric.apply(file, PLAIN);
        assertThat(macPools(fabric)).containsExactly(MacPool.DEFAULT_NAME, "own");

        try (FileFixture second = new FileFixture(directory.resolve("second"));
                FileFixture third = new FileFixture(directory.resolve("third"))) {
            second.manager.makeDefaults();
            second.apply(file, PLAIN);
            assertThat(second.export()).isEqualTo(file);
            third.manager.makeDefaults();
            third.apply("name: a\nmac-grants: [{name: g, macPool: " + MacPool.DEFAULT_NAME + "}]", PLAIN);
            third.apply(
                    "name: b\nmac-pools: [{name: x, rangeStart: '02:00:00:00:00:00', rangeEnd: '02:00:00:00:00:ff'}]",
                    PLAIN);
            assertThat(macPools(third)).containsExactly(MacPool.DEFAULT_NAME, "x");
        }
    }
}
