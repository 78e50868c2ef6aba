package net.nvgate.fabric.change;

import static net.nvgate.fabric.manager.TestFabric.vmSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two managers of one store: what one does while the other plans. */
@Timeout(300)
class ManagersTest {

    private static final int ROUNDS = 25;

    @TempDir
    private Path directory;

    @Test
    void batchesLoseNothingAndDryRunsFindAMomentOfRest() throws Exception {
        try (FabricStore store = SqliteStore.open(directory);
                TestFabric fabric = new TestFabric(store, 1);
                FabricManager other = new FabricManager(store, new Random(2), new SimpleMeterRegistry());
                PolicyProjection policy = new PolicyProjection(store, 1000, new SimpleMeterRegistry())) {
            ChangeLog changes = new ChangeLog(fabric.manager, policy, store);
            Host host = fabric.host("h1");
            VmSubnet web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "172.16.0.0/16");
            List<Future<?>> work = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
                work.add(threads.submit(() -> batches(fabric.manager, "a", host, web)));
                work.add(threads.submit(() -> batches(other, "b", host, web)));
                work.add(threads.submit(() -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        DryRun run = changes.dryRun(
                                fabric.manager, ChangeRequest.of(new Operation.Create(vmSpec("dry", host, web, ""))));
                        // A record and a port; the whole domain if it is the host's first port.
                        assertThat(run.policy().getFirst().objects()).hasSizeGreaterThanOrEqualTo(2);
                    }
                }));
            }
            for (Future<?> each : work) {
                each.get();
            }
            TestFabric.awaitRevision(fabric.manager, store.head()); // what the other manager wrote last
            assertThat(fabric.manager.list(Kind.VM).stream()
                            .map(vm -> ((Vm) vm).nics().getFirst().address())
                            .distinct())
                    .hasSize(2 * 2 * ROUNDS);
        }
    }

    private static void batches(FabricManager manager, String name, Host host, VmSubnet subnet) {
        for (int i = 0; i < ROUNDS; i++) {
            manager.run(
                    List.of(
                            new Operation.Create(vmSpec(name + i, host, subnet, "")),
                            new Operation.Create(vmSpec(name + i + "x", host, subnet, ""))),
                    false);
        }
    }
}
