package net.nvgate.fabric.simulation;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.store.StoreSnapshot;

/** The fabric that histories begin with, small enough that clients are in each other's way. Made once and copied. */
final class Datacenter {

    private static final String FILE = "fabric.db";
    private static final long HISTORY_REVISIONS = 100_000;
    private static final int MACS = 24;
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    /** A store that has only begun. */
    private record Beginning(Path directory, StoreSnapshot content) {}

    private final Beginning perHost;
    private final Beginning perHostAndVsid;

    /** @param directory for the files of it, empty */
    Datacenter(Path directory) {
        perHost = build(directory.resolve("per-host"), "PER_HOST");
        perHostAndVsid = build(directory.resolve("per-host-and-vsid"), "PER_HOST_AND_VSID");
    }

    private static Beginning build(Path directory, String addressing) {
        try (SqliteStore store = SqliteStore.open(directory, HISTORY_REVISIONS, CLOCK);
                TestFabric fabric = new TestFabric(store, 1, field("providerAddressing", addressing))) {
            pools(fabric);
            FabricObject guests = fabric.guestClassification();
            Host host = fabric.host("host1");
            fabric.make(Kind.HOST_GROUP, named("rack"));
            fabric.host("host2", field("hostGroupId", first(fabric, Kind.HOST_GROUP)));
            Gateway gateway = fabric.gateway("gateway1", 2);
            tenants(fabric);
            VmNetwork network = fabric.vmNetwork("blue");
            VmSubnet subnet = fabric.vmSubnet("web", network, "192.168.1.0/28", field("prefix6", "fd01:0:0:1::/64"));
            fabric.vm("vm1", host, subnet);
            fabric.make(
                    Kind.VM,
                    named("vm2") + field("hostId", host.id()) + ",\"nics\":[{\"vmSubnetId\":\"" + subnet.id() + "\""
                            + field("addressing", "GUEST_SPECIFIED")
                            + field("portClassificationId", guests.id()) + "}]");
            VmNetworkGateway attached = fabric.attach("attached", network, gateway);
            fabric.nat("nat", attached);
            store.compact(store.head());
            return new Beginning(directory, store.snapshot());
        }
    }

    /** Both families, and so few addresses and MACs that they run out. */
    private static void pools(TestFabric fabric) {
        fabric.pool("small", fabric.paNetwork, "10.20.0.0/28", "10.20.0.14");
        fabric.pool("small6", fabric.paNetwork, "fd10::/124", "fd10::e");
        LogicalNetwork front = fabric.network("front", false);
        fabric.pool("front", front, "203.0.114.0/29", "203.0.114.6");
        fabric.pool("front6", front, "fd20::/125", "fd20::6");
        fabric.make(
                Kind.MAC_POOL,
                named("macs")
                        + field("rangeStart", MacPool.DEFAULT_FIRST)
                        + field("rangeEnd", MacPool.DEFAULT_FIRST.plus(MACS - 1)));
    }

    private static void tenants(TestFabric fabric) {
        fabric.make(Kind.CLOUD, named("cloud") + ",\"capacity\":{\"vms\":6,\"vcpus\":12}");
        String cloud = first(fabric, Kind.CLOUD);
        String limits = ",\"limits\":{\"vms\":3,\"vcpus\":6,\"vmSubnets\":3,\"vmNetworks\":2,\"natRules\":2,"
                + "\"publicAddresses\":2}";
        FabricObject plan = fabric.make(Kind.PLAN, named("plan") + field("cloudId", cloud) + limits);
        fabric.make(Kind.PLAN, named("other") + field("cloudId", cloud));
        fabric.make(Kind.SUBSCRIPTION, named("tenant1") + field("planId", plan.id()) + field("owner", "a"));
        fabric.make(Kind.SUBSCRIPTION, named("tenant2") + field("planId", plan.id()) + field("owner", "b"));
    }

    private static String first(TestFabric fabric, Kind kind) {
        return fabric.manager.list(kind).getFirst().id().toString();
    }

    private Beginning of(long seed) {
        return seed % 2 == 0 ? perHostAndVsid : perHost;
    }

    /** What the history of a seed begins with. */
    StoreSnapshot content(long seed) {
        return of(seed).content();
    }

    /** A store of its own for one history. */
    SqliteStore copy(long seed, Path directory) {
        try {
            Files.createDirectories(directory);
            for (String suffix : new String[] {"-wal", "-shm", "-journal"}) {
                Files.deleteIfExists(directory.resolve(FILE + suffix));
            }
            Files.copy(
                    of(seed).directory().resolve(FILE), directory.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
            return SqliteStore.open(directory, HISTORY_REVISIONS, CLOCK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
