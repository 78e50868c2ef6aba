package net.nvgate.fabric.simulation;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Races of two managers that seeds have found, each made on purpose: one commits while the other's change is on its way. */
class RacesTest {

    private static final class Race implements Endpoint.Weather {

        private Runnable meanwhile = () -> {};

        @Override
        public Endpoint.Fate fate() {
            return Endpoint.Fate.DONE;
        }

        @Override
        public void meanwhile(Endpoint endpoint) {
            Runnable once = meanwhile;
            meanwhile = () -> {};
            once.run();
        }

        @Override
        public int told(int waiting) {
            return waiting;
        }
    }

    @TempDir
    private Path directory;

    private final Race race = new Race();
    private Cluster cluster;
    private FabricManager first;
    private SimulatedManager other;

    @BeforeEach
    void start() {
        Datacenter datacenter = new Datacenter(directory);
        cluster = new Cluster(datacenter.copy(1, directory.resolve("store")), datacenter.content(1), _ -> {});
        first = new SimulatedManager(new Endpoint(cluster, race), Bug.NONE, 1).fabric;
        other = new SimulatedManager(new Endpoint(cluster, race), Bug.NONE, 2);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private FabricObject make(Kind kind, String members) {
        FabricObject made = first.run(Specs.make(kind, members));
        other.endpoint.tellAll();
        return made;
    }

    private FabricObject called(Kind kind, String name) {
        return first.list(kind, name).getFirst();
    }

    private void whileTheOtherPatches(Kind kind, String name, String members) {
        Patch patch = Patch.read("{" + members + "}");
        race.meanwhile = () -> other.fabric.patch(kind, called(kind, name).id(), patch);
    }

    /** Found by seed 107 of the first simulation. */
    @Test
    void aLimitIsLoweredWhileWhatItLimitsIsMade() {
        FabricObject network = make(
                Kind.VM_NETWORK,
                named("green")
                        + field(
                                "logicalNetworkId",
                                called(Kind.LOGICAL_NETWORK, "pa-network").id())
                        + field(
                                "subscriptionId",
                                called(Kind.SUBSCRIPTION, "tenant1").id()));
        whileTheOtherPatches(Kind.PLAN, "plan", "\"limits\":{\"vmSubnets\":0}");
        assertThatThrownBy(() -> make(
                        Kind.VM_SUBNET,
                        named("green") + field("vmNetworkId", network.id()) + field("prefix", "192.168.2.0/24")))
                .isInstanceOfSatisfying(
                        FabricException.class, e -> assertThat(e.code()).isEqualTo(FabricException.Code.QUOTA));
    }

    @Test
    void aHostGoesIntoMaintenanceWhileAVmComes() {
        whileTheOtherPatches(Kind.HOST, "host1", "\"maintenance\":true");
        assertThatThrownBy(() -> make(
                        Kind.VM,
                        named("late")
                                + field("hostId", called(Kind.HOST, "host1").id())
                                + ",\"nics\":[{\"vmSubnetId\":\""
                                + called(Kind.VM_SUBNET, "web").id() + "\"}]"))
                .isInstanceOf(FabricException.class)
                .hasMessageContaining("maintenance");
    }
}
