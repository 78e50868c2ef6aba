package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import net.nvgate.fabric.config.Security;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.mgmt.api.StrictContract;
import net.nvgate.mgmt.config.EtcdConfig;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A manager's store goes to etcd and comes back, while clients change the fabric and a gateway follows. */
@Timeout(300)
class StoreMoveTest {

    @TempDir
    private Path directory;

    private Process etcd;
    private StrictContract contract;
    private ManagerConfig config;

    private static Path binary() {
        // The last one is where appliance-image/test puts it.
        Optional<Path> found = Stream.of(
                        Optional.ofNullable(System.getenv("NVGATE_ETCD")).map(Path::of).stream(),
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                                .map(folder -> Path.of(folder, "etcd")),
                        Stream.of(Path.of(System.getProperty("user.home"), ".cache/nvgate/etcd/usr/bin/etcd")))
                .flatMap(each -> each)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "NOT TESTED: there is no etcd (package etcd-server) on this machine");
        return found.get();
    }

    /** None of those that the kernel gives to clients: one could get it before etcd listens. */
    private static int freePort() throws IOException {
        int end = Integer.parseInt(Files.readString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))
                .split("\\s", 2)[0]);
        while (true) {
            int port = end > 20_000 ? ThreadLocalRandom.current().nextInt(10_000, end) : 0;
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken.
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        contract = new StrictContract();
        String client = "http://127.0.0.1:" + freePort();
        String peer = "http://127.0.0.1:" + freePort();
        etcd = new ProcessBuilder(
                        binary().toString(),
                        "--data-dir=" + directory.resolve("etcd"),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=default=" + peer)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("etcd.log").toFile())
                .start();
        EtcdConfig cluster = EtcdConfig.of(List.of(URI.create(client)), null, null, null, null, null, null, null);
        config = config(cluster);
    }

    private ManagerConfig config(EtcdConfig cluster) {
        return ManagerConfig.of(
                HttpConfig.local(0, Set.of()),
                ManagerConfig.Sync.of(null, 0, Security.NONE, null),
                null,
                directory.resolve("state"),
                ManagerConfig.Store.of(ManagerConfig.Store.Type.SQLITE, null, cluster),
                null,
                null);
    }

    @AfterEach
    void stop() throws Exception {
        if (etcd != null) {
            etcd.destroyForcibly().waitFor();
        }
        contract.close();
    }

    /** Counts the snapshots it needed, and sees that deltas come in order. */
    private static final class Gateway extends TestFollower {

        private final AtomicInteger snapshots = new AtomicInteger();
        private final AtomicLong revision = new AtomicLong();

        @Override
        public void replace(PolicySnapshot snapshot) {
            snapshots.incrementAndGet();
            revision.set(snapshot.revision());
        }

        @Override
        public void apply(long next, List<PolicyChange> changes) {
            revision.set(next);
        }
    }

    @Test
    void theStoreMovesUnderClientsAndFollowers() throws Exception {
        Gateway gateway = new Gateway();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<String> wrong = new AtomicReference<>("");
        AtomicInteger made = new AtomicInteger();
        long revision;
        try (Manager manager = Manager.start(config)) {
            ApiClient api = new ApiClient(manager.httpPort(), contract);
            Walk walk = new Walk(api).physical().tenant("contoso");
            try (SyncClient _ = gateway.follow(manager, directory.resolve("cache"), "test")) {
                Await.until("policy", () -> gateway.revision.get() > 0);
                Thread writer = Thread.startVirtualThread(() -> write(manager, walk, stop, wrong, made));
                move(api, "ETCD");
                int then = made.get();
                Await.until("changes", () -> made.get() > then + 5);
                move(api, "SQLITE");
                move(api, "ETCD");
                stop.set(true);
                writer.join();
                assertThat(wrong.get()).isEmpty();
                revision = api.get(API + "fabric").json().getLong("revision");
                Await.until("revision " + revision, () -> gateway.revision.get() == revision);
                assertThat(gateway.snapshots).hasValue(1);
            }
        }
        // The configuration still says SQLITE: the manager goes where its store is.
        try (Manager manager = Manager.start(config)) {
            ApiClient api = new ApiClient(manager.httpPort(), contract);
            assertThat(api.get(API + "store").json().getString("type")).isEqualTo("ETCD");
            assertThat(api.get(API + "fabric").json().getLong("revision")).isEqualTo(revision);
            api.create("logical-networks", "{'name':'after'}");
        }
    }

    private static void write(
            Manager manager, Walk walk, AtomicBoolean stop, AtomicReference<String> wrong, AtomicInteger made) {
        try (StrictContract own = new StrictContract()) {
            ApiClient api = new ApiClient(manager.httpPort(), own);
            while (!stop.get()) {
                ApiClient.Reply reply = api.post(
                        "vms",
                        "{'name':'vm-%d','hostId':'%s','nics':[{'vmSubnetId':'%s'}]}"
                                .formatted(made.get(), walk.id("host-1"), walk.id("contoso-web")));
                if (reply.status() == 201) {
                    made.incrementAndGet();
                    JsonObject vm = reply.json();
                    api.delete(API + "vms/" + vm.getString("id"));
                } else {
                    wrong.set(reply.body());
                    return;
                }
            }
        } catch (Exception e) {
            wrong.set(e.toString());
        }
    }

    private static void move(ApiClient api, String to) throws IOException {
        ApiClient.Reply begun = api.post("store/move", "{'to':'" + to + "'}");
        assertThat(begun.status()).as(begun.body()).isEqualTo(202);
        JsonObject store = Await.until(
                "the end of the move",
                () -> api.get(API + "store").json(),
                now -> Set.of("DONE", "FAILED")
                        .contains(now.getJsonObject("move").getString("phase")));
        assertThat(store.getJsonObject("move").getString("problem"))
                .as("problem")
                .isNull();
        assertThat(store.getString("type")).isEqualTo(to);
    }
}
