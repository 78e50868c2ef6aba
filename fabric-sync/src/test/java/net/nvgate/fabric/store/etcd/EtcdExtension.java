package net.nvgate.fabric.store.etcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One etcd for a class of tests; each store has a prefix of its own. */
public final class EtcdExtension implements BeforeAllCallback, AfterAllCallback {

    private Optional<Path> directory = Optional.empty();
    private Optional<EtcdServer> server = Optional.empty();

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        EtcdServer.binary();
        Path made = Files.createTempDirectory("nvgate-etcd");
        directory = Optional.of(made);
        server = Optional.of(EtcdServer.start(made));
    }

    public EtcdServer server() {
        return server.orElseThrow();
    }

    /** Of a new, empty store. */
    public EtcdSettings settings() {
        return new EtcdSettings(
                List.of(server().endpoint()),
                "/" + UUID.randomUUID() + "/",
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(60));
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        server.ifPresent(EtcdServer::close);
        if (directory.isPresent()) {
            try (Stream<Path> paths = Files.walk(directory.get())) {
                paths.sorted(Comparator.reverseOrder()).forEach(EtcdExtension::delete);
            }
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
