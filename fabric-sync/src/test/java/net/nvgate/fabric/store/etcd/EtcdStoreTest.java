package net.nvgate.fabric.store.etcd;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.FabricStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class EtcdStoreTest extends FabricStoreContract {

    @TempDir
    private static Path directory;

    private static EtcdServer server;

    private final String prefix = "/" + UUID.randomUUID() + "/";

    @BeforeAll
    static void startEtcd() throws IOException {
        server = EtcdServer.start(directory);
    }

    @AfterAll
    static void stopEtcd() {
        if (server != null) {
            server.close();
        }
    }

    private EtcdSettings settings() {
        return new EtcdSettings(
                List.of(server.endpoint()), prefix, Optional.empty(), Optional.empty(), Duration.ofSeconds(10));
    }

    @Override
    protected FabricStore open() {
        return EtcdStore.open(settings(), 100_000, Clock.systemUTC());
    }
}
