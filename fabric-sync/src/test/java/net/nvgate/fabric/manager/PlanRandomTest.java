package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanRandomTest {

    private static final UUID FABRIC = UUID.fromString("6c1d0a52-5f0e-4b8e-9a55-0f6d1f2f3a4b");

    private static List<Operation> operations() {
        String nat = "{\"name\":\"n\",\"labels\":{\"b\":\"2\",\"a\":\"1\"},\"vmNetworkGatewayId\":\"" + FABRIC
                + "\",\"algs\":[\"TFTP\",\"FTP\"],\"filtering\":\"ENDPOINT_INDEPENDENT\"}";
        return List.of(
                new Operation.Create(FabricJson.read(nat, FabricSpec.type(Kind.NAT_CONNECTION))),
                new Operation.Update(Kind.VM, FABRIC, Patch.read("{\"vcpus\":2,\"description\":\"d\"}")),
                new Operation.Attach(new SpecMeta("a", ""), FABRIC));
    }

    /** The number was computed in another process: it may not depend on identity hash codes or a random order. */
    @Test
    void samePlanHasTheSameRandomnessInEveryProcess() {
        assertThat(new PlanRandom(FABRIC).of(7, operations()).nextLong()).isEqualTo(3195948821140264784L);
        assertThat(new PlanRandom(FABRIC).of(8, operations()).nextLong()).isNotEqualTo(3195948821140264784L);
    }

    @Test
    void dryRunHoldsOnAnotherManagerAfterARestart(@TempDir Path directory) {
        List<Operation> plan = List.of(
                new Operation.Create(FabricJson.read("{" + named("one") + "}", FabricSpec.type(Kind.HOST_GROUP))),
                new Operation.Create(FabricJson.read("{" + named("two") + "}", FabricSpec.type(Kind.LOGICAL_NETWORK))));
        List<UUID> announced;
        try (FabricStore store = SqliteStore.open(directory);
                FabricManager manager = new FabricManager(store, new SimpleMeterRegistry())) {
            announced = ids(manager.run(plan, true));
        }
        try (FabricStore store = SqliteStore.open(directory);
                FabricManager manager = new FabricManager(store, new SimpleMeterRegistry())) {
            assertThat(ids(manager.run(plan, false))).isEqualTo(announced);
        }
    }

    private static List<UUID> ids(FabricChange change) {
        return change.results().stream().map(FabricObject::id).toList();
    }
}
