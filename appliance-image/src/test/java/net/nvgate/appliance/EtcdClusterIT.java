package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreSnapshot;
import net.nvgate.fabric.store.etcd.EtcdSettings;
import net.nvgate.fabric.store.etcd.EtcdStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Two managers over a cluster of three, while hosts are made through both: whatever dies or is cut off, each host that
 * was acknowledged is there, no provider address is handed out twice, and a watch is told every revision once.
 */
@Timeout(900)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@OwnMachinesTest
final class EtcdClusterIT {

    private static final Duration RECOVERY_MAX = Duration.ofMinutes(2);
    private static final int MORE = 40;

    @TempDir
    private static Path directory;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> addresses = ConcurrentHashMap.newKeySet();
    private final List<AtomicInteger> made = List.of(new AtomicInteger(), new AtomicInteger());
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicReference<String> wrong = new AtomicReference<>("");
    private final AtomicLong watched = new AtomicLong();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> writers = new ArrayList<>();
    private final List<AutoCloseable> parts = new ArrayList<>();
    private EtcdCluster cluster;
    private List<ManagerProcess> managers;
    private EtcdStore reader;

    @BeforeAll
    void start() throws IOException {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "end-to-end tests need root: network namespaces");
        cluster = opened(EtcdCluster.start(directory));
        cluster.leader();
        managers = List.of(
                opened(ManagerProcess.overEtcd(directory, "manager-0")),
                opened(ManagerProcess.overEtcd(directory, "manager-1")));
        await("both managers", () -> managers.stream().allMatch(EtcdClusterIT::isReady));
        reader = opened(EtcdStore.open(EtcdSettings.of(EtcdCluster.endpoints())));
        reader.watch(0, new Gapless());
        String pool = makePool();
        for (int w = 0; w < 4; w++) {
            int at = w % managers.size();
            writers.add(Thread.startVirtualThread(() -> makeHosts(at, pool)));
        }
    }

    private static boolean isReady(ManagerProcess manager) {
        try {
            manager.keepRunning();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return manager.ready();
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.addFirst(part);
        return part;
    }

    /** Fails on a gap and on the end of the watch. */
    private final class Gapless implements FabricStore.Listener {
        @Override
        public void onRevision(RevisionChanges changes) {
            long before = watched.getAndSet(changes.revision());
            if (changes.revision() != before + 1) {
                wrong.set("the watch jumps from " + before + " to " + changes.revision());
            }
        }

        @Override
        public void onLost(StoreException reason) {
            wrong.set("the watch was lost: " + reason);
        }
    }

    private String makePool() throws IOException {
        String network = id("logical-networks", """
                {"name":"provider","networkVirtualization":true}""");
        String site = id("network-sites", """
                {"name":"site","logicalNetworkId":"%s","subnets":[{"prefix":"10.64.0.0/16"}]}""".formatted(network));
        return id("ip-pools", """
                {"name":"pool","networkSiteId":"%s","prefix":"10.64.0.0/16"}""".formatted(site));
    }

    private String id(String path, String body) throws IOException {
        ManagerProcess manager = managers.getFirst();
        HttpResponse<String> response = manager.post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return manager.tree(response).path("id").asString();
    }

    /** One after the other, until the end; what is not acknowledged is not repeated. */
    private void makeHosts(int at, String pool) {
        ManagerProcess manager = managers.get(at);
        while (stop.getCount() > 0) {
            try {
                note(at, manager.post("hosts", """
                        {"name":"host-%s","hostType":"LINUX_OVS","paPoolId":"%s"}""".formatted(UUID.randomUUID(), pool)));
            } catch (IOException e) {
                // The manager is being killed; until it is back there is nothing to ask.
                isReady(manager);
                pause(100);
            }
        }
    }

    private void note(int at, HttpResponse<String> response) {
        JsonNode body = managers.get(at).tree(response);
        switch (response.statusCode()) {
            case 201 -> {
                acknowledged.add(body.path("id").asString());
                if (!addresses.add(body.path("providerAddress").asString())) {
                    wrong.set("an address was handed out twice: " + body);
                }
                made.get(at).incrementAndGet();
            }
            case 503 -> {
                unavailable.incrementAndGet();
                if (!body.path("detail").asString().contains("try again")) {
                    wrong.set("no word of trying again: " + body);
                }
            }
            // Another manager's host may take the address while this one's model lags; it is planned again, so no 409.
            default -> wrong.set("answered " + response.statusCode() + ": " + body);
        }
    }

    private void pause(long millis) {
        try {
            stop.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + RECOVERY_MAX.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end || !String.valueOf(wrong.get()).isEmpty()) {
                throw new AssertionError(what + " not within " + RECOVERY_MAX + ", " + acknowledged.size() + " made, "
                        + unavailable + " refused; " + wrong + "; "
                        + managers.stream().map(ManagerProcess::log).collect(Collectors.joining("\n---\n")));
            }
            pause(50);
        }
    }

    /** Both managers make hosts again. */
    private void awaitProgress() {
        int first = made.get(0).get();
        int second = made.get(1).get();
        await("progress", () -> made.get(0).get() >= first + MORE && made.get(1).get() >= second + MORE);
    }

    private static Set<String> ids(StoreSnapshot snapshot) {
        return snapshot.objects().stream().map(object -> object.id().toString()).collect(Collectors.toSet());
    }

    private void check() {
        Set<String> before = Set.copyOf(acknowledged);
        await("all that was acknowledged", () -> ids(reader.snapshot()).containsAll(before));
        StoreSnapshot snapshot = reader.snapshot();
        await("the watch", () -> watched.get() >= snapshot.revision());
        assertThat(snapshot.objects().stream()
                        .filter(Host.class::isInstance)
                        .map(host -> ((Host) host).providerAddress()))
                .doesNotHaveDuplicates();
        assertThat(snapshot.objects()).extracting(FabricObject::name).doesNotHaveDuplicates();
        assertThat(wrong.get()).isEmpty();
    }

    @Test
    void theLeaderIsKilled() throws InterruptedException, IOException {
        awaitProgress();
        int leader = cluster.leader();
        cluster.kill(leader);
        awaitProgress();
        cluster.startAgain(leader);
        awaitProgress();
        check();
    }

    @Test
    void theLeaderIsCutOff() {
        awaitProgress();
        int leader = cluster.leader();
        cluster.cutOff(leader);
        awaitProgress();
        cluster.reconnect(leader);
        awaitProgress();
        check();
    }

    @Test
    void aManagerIsKilled() throws InterruptedException, IOException {
        awaitProgress();
        managers.getFirst().kill();
        int other = made.get(1).get();
        await("progress of the other", () -> made.get(1).get() >= other + MORE);
        managers.getFirst().startAgain();
        awaitProgress();
        check();
    }

    @Test
    void withoutQuorumChangesAreRefusedForNowAndReadingGoesOn() throws IOException {
        awaitProgress();
        cluster.cutOff(0);
        cluster.cutOff(1);
        int refused = unavailable.get();
        await("refusals", () -> unavailable.get() >= refused + 2);
        for (ManagerProcess manager : managers) {
            assertThat(manager.get("/api/v1/hosts").statusCode()).isEqualTo(200);
        }
        cluster.reconnect(0);
        cluster.reconnect(1);
        awaitProgress();
        check();
    }

    @Test
    void theWholeClusterIsKilledAndStartedAgain() throws InterruptedException, IOException {
        awaitProgress();
        for (int member : EtcdCluster.all()) {
            cluster.kill(member);
        }
        for (int member : EtcdCluster.all()) {
            cluster.startAgain(member);
        }
        awaitProgress();
        check();
    }

    @AfterAll
    void end() throws Exception {
        stop.countDown();
        for (Thread writer : writers) {
            writer.join();
        }
        for (AutoCloseable part : parts) {
            part.close();
        }
    }
}
