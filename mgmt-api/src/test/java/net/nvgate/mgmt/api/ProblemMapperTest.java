package net.nvgate.mgmt.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.FabricSpec.LogicalNetworkSpec;
import net.nvgate.fabric.manager.SpecMeta;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ProblemMapperTest {

    @TempDir
    private Path directory;

    /** The store, except that its watches hear of nothing and who commits is interrupted after that. */
    private static FabricStore deaf(FabricStore store) {
        return (FabricStore) Proxy.newProxyInstance(
                FabricStore.class.getClassLoader(), new Class<?>[] {FabricStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("watch")) {
                        return (FabricStore.Subscription) () -> {};
                    }
                    Object result = method.invoke(store, arguments);
                    if (method.getName().equals("apply")) {
                        Thread.currentThread().interrupt();
                    }
                    return result;
                });
    }

    @Test
    @Timeout(300)
    void whatIsCommittedButNotVisibleHasACodeOfItsOwn() {
        try (SqliteStore store = SqliteStore.open(directory);
                FabricManager fabric = new FabricManager(deaf(store), new Random(1), new SimpleMeterRegistry())) {
            Throwable failure = catchThrowable(() -> fabric.create(new LogicalNetworkSpec(
                    new SpecMeta("a", ""), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())));
            assertThat(Thread.interrupted()).isTrue();
            Problem problem = ProblemMapper.map(failure, 500);
            assertThat(problem.code()).isEqualTo(ProblemCode.NOT_VISIBLE_YET);
            assertThat(problem.toJson("r").getString("code")).isEqualTo("not-visible-yet");
            assertThat(problem.code().status()).isEqualTo(503);
            assertThat(problem.detail()).startsWith("committed as revision " + store.head());
        }
    }
}
