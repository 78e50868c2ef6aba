package net.nvgate.fabric.netwnv;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policy of a fabric that was made at random, exported, imported into an empty fabric, and exported again, is the same. */
@Timeout(300)
class PolicyRoundTripTest {

    @TempDir
    private Path directory;

    private Random random = new Random(0);

    private static List<NetWnvHost> export(TestFabric fabric, SqliteStore store, PolicyProjection policy) {
        policy.preview(store.head(), List.of());
        return fabric.manager.list(Kind.HOST).stream()
                .map(host -> HostExport.of(fabric.manager, policy, host.name()).orElseThrow())
                // A host without VMs says nothing about its VM networks, and keeps its PA.
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void anotherFabricHasTheSamePolicy(long seed) {
        random = new Random(seed);
        String addressing = seed % 2 == 0 ? "PER_HOST_AND_VSID" : "PER_HOST";
        List<NetWnvHost> hosts;
        Optional<String> gateway;
        try (SqliteStore store = SqliteStore.open(directory.resolve("first"));
                TestFabric fabric = new TestFabric(store, seed, field("providerAddressing", addressing));
                PolicyProjection policy = new PolicyProjection(store, 100, new SimpleMeterRegistry())) {
            gateway = Optional.of(make(fabric).name());
            hosts = export(fabric, store, policy);
        }
        NetWnvImport imported = NetWnvImport.of(
                ImportFixture.sources(hosts),
                new ImportOptions(
                        "again",
                        gateway.stream().collect(Collectors.toMap(name -> name, _ -> Optional.empty())),
                        Optional.of("external-pool"),
                        ImportOptions.MTU_DEFAULT,
                        Set.of()));
        assertThat(imported.refusal()).as(imported.findings().toString()).isEmpty();
        try (ImportFixture second = new ImportFixture(directory.resolve("second"))) {
            second.apply(imported.file());
            Map<String, NetWnvHost> again =
                    second.export().stream().collect(Collectors.toMap(NetWnvHost::name, host -> host));
            for (NetWnvHost host : hosts) {
                assertThat(again.get(host.name()))
                        .as(imported.findings().toString())
                        .isEqualTo(SampleHosts.comparable(host));
            }
        }
    }

    private Gateway make(TestFabric fabric) {
        FabricObject guests = fabric.guestClassification();
        Gateway gateway = fabric.gateway("gw", 100);
        List<Host> hosts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            hosts.add((Host) fabric.make(
                    Kind.HOST, named("hv" + i) + field("hostType", "HYPER_V") + field("paPoolId", fabric.paPool.id())));
        }
        for (int n = 0; n < 4; n++) {
            VmNetwork network = fabric.vmNetwork("net" + n);
            List<VmSubnet> subnets = new ArrayList<>();
            for (int s = 0; s <= random.nextInt(3); s++) {
                String six = random.nextBoolean() ? "" : field("prefix6", "fd00:0:0:" + s + "::/64");
                subnets.add(fabric.vmSubnet("sub" + s, network, "192.168." + s + ".0/24", six));
            }
            for (int v = 0; v < 5; v++) {
                vm(fabric, "vm" + n + "-" + v, hosts, subnets, guests);
            }
            if (random.nextInt(4) > 0) {
                way(fabric, network, gateway, subnets);
            }
        }
        return gateway;
    }

    private void vm(TestFabric fabric, String name, List<Host> hosts, List<VmSubnet> subnets, FabricObject guests) {
        VmSubnet subnet = subnets.get(random.nextInt(subnets.size()));
        String addressing =
                List.of("STATIC", "DHCP", "GUEST_SPECIFIED", "LEARNED").get(random.nextInt(4));
        Vm vm = (Vm) fabric.make(
                Kind.VM,
                named(name)
                        + field(
                                "hostId",
                                hosts.get(random.nextInt(hosts.size())).id())
                        + ",\"nics\":[{\"vmSubnetId\":\"" + subnet.id() + "\"" + field("addressing", addressing)
                        + field("portClassificationId", guests.id()) + "}]");
        Vm.Nic nic = vm.nics().getFirst();
        for (int i = 0; nic.learns() && i < random.nextInt(3); i++) {
            String base = subnet.prefix().address().toString().replaceAll("\\d+$", "");
            fabric.manager.learnAddress(vm.id(), nic.id(), TestFabric.ip(base + (150 + random.nextInt(100))));
        }
    }

    /** Now and then the gateway shares a VM subnet, and now and then there is a route by a VM. */
    private void way(TestFabric fabric, VmNetwork network, Gateway gateway, List<VmSubnet> subnets) {
        String shared =
                random.nextInt(3) == 0 ? field("vmSubnetId", subnets.getFirst().id()) : "";
        String wildcards = random.nextBoolean() ? field("wildcardRecords", "ALL_HOSTS") : "";
        String routes = fabric.manager.list(Kind.VM).stream()
                .map(Vm.class::cast)
                .flatMap(vm -> vm.nics().stream())
                .filter(nic -> nic.vmSubnetId().equals(subnets.getLast().id())
                        && nic.recordedAddresses().stream().anyMatch(ca -> ca.bits() == 32)
                        && random.nextBoolean())
                .findFirst()
                .map(nic -> ",\"routes\":[{\"destinationPrefix\":\"10.8.0.0/16\",\"metric\":7,\"nextHops\":[\""
                        + nic.address() + "\"]}]")
                .orElse("");
        try {
            fabric.attach(network.name() + "-gw", network, gateway, shared + wildcards + routes);
        } catch (FabricException e) {
            throw new IllegalStateException("the test asks for what the fabric refuses", e);
        }
    }
}
