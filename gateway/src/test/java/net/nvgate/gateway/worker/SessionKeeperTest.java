package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.control.KeptEnd;
import net.nvgate.gateway.control.SessionKeeper;
import net.nvgate.gateway.control.TableLimits;
import net.nvgate.gateway.control.TablePolicy;
import net.nvgate.gateway.control.WorkerThread;
import net.nvgate.gateway.dpdk.TableMemory;
import net.nvgate.gateway.kept.KeptFile;
import net.nvgate.gateway.kept.KeptKind;
import net.nvgate.gateway.nat.MappingEvents;
import net.nvgate.gateway.nat.PortBlockEvents;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the file of kept sessions when a start or a stop does not go as it should. */
@Timeout(60)
class SessionKeeperTest extends NatTestBase {

    private static final Duration AGE = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private @Nullable TablePolicy policy;
    private byte[] before = {};

    @Override
    int workers() {
        return 2;
    }

    private void applyPolicy(PolicyObject... objects) throws PolicyRejectedException {
        policy = new TablePolicy(gateway.tables, TableLimits.DEFAULT, _ -> {});
        policy.replace(new PolicySnapshot(1, List.of(objects)));
    }

    /** A process has ended with a session. */
    @BeforeEach
    void write() throws Exception {
        applyPolicy();
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        try (SessionKeeper keeper = keeper(AGE)) {
            keeper.policyIsThere();
        }
        before = Files.readAllBytes(file());
        gateway.close();
        gateway = new TestGateway(config(), workers());
        applyPolicy();
    }

    private Path file() {
        return directory.resolve("sessions.kept");
    }

    private SessionKeeper keeper(Duration age) {
        return new SessionKeeper(
                directory, "gw1", age, Objects.requireNonNull(policy), () -> gateway.workers, registry);
    }

    private KeptFile taken(SessionKeeper keeper) {
        keeper.policyIsThere();
        return Objects.requireNonNull(keeper.await(() -> false));
    }

    private void restore(int worker, SessionKeeper keeper, KeptFile kept) {
        gateway.workers.get(worker).restore(keeper, kept, gateway.nowMs() * 1_000_000);
    }

    /** Sessions in the file. */
    private long sessions() throws Exception {
        List<KeptKind> rows = new ArrayList<>();
        try (KeptFile kept = KeptFile.take(file(), "gw1", "", System.currentTimeMillis())) {
            kept.forEach((kind, _) -> rows.add(kind));
        }
        return rows.stream().filter(kind -> kind == KeptKind.SESSION).count();
    }

    private double refused() {
        return refused("unreadable");
    }

    @Test
    void workersDoNotWaitForAFileThatCannotBeOpened() {
        try (SessionKeeper keeper = keeper(AGE)) {
            keeper.fabric(() -> {
                throw new IllegalStateException("no fabric");
            });
            keeper.policyIsThere();
            assertThat(keeper.await(() -> false)).isNull();
            assertThat(refused()).isEqualTo(1);
            assertThat(directory).as("what is forwarded now is newer").isEmptyDirectory();
        }
    }

    @Test
    void aFileThatCannotBeReadOnLeavesAWorkerInOrder() {
        List<Long> memory = new ArrayList<>();
        try (SessionKeeper keeper = keeper(AGE)) {
            SessionEvents told = gateway.worker.tellSessions(
                    (bytes, align) -> {
                        long address = TableMemory.allocate(bytes, align);
                        memory.add(address);
                        return address;
                    },
                    true);
            KeptFile kept = taken(keeper);
            kept.close();
            restore(0, keeper, kept);
            restore(1, keeper, kept);
            assertThat(refused()).isEqualTo(2);
            out(1, Net.udp(Net.VM1, Net.SERVER, 4001, 53));
            assertThat(told.next()).as("exporters are told again").isNotZero();
        }
        assertThat(file())
                .as("no worker is still at it")
                .satisfies(file -> assertThat(Files.readAllBytes(file)).isNotEqualTo(before));
        memory.forEach(TableMemory::free);
    }

    @Test
    void whoKeepsNothingLeavesNoOldFile() {
        try (SessionKeeper keeper = keeper(Duration.ZERO)) {
            assertThat(keeper.hasFile()).isFalse();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aStartThatDiedIsNotRepeated() throws IOException {
        SessionKeeper died = keeper(AGE);
        try (KeptFile _ = taken(died)) {
            assertThat(keeper(AGE).hasFile()).isFalse();
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void aStopBeforeThePolicyIsThereLeavesTheFile() {
        try (SessionKeeper keeper = keeper(AGE)) {
            keeper.stopping();
            keeper.policyIsThere();
        }
        assertThat(file()).hasBinaryContent(before);
    }

    @Test
    void aStopWhileWorkersTakeSessionsUpLeavesTheFile() {
        try (SessionKeeper keeper = keeper(AGE)) {
            KeptFile kept = taken(keeper);
            restore(0, keeper, kept);
            gateway.workers.get(1).stop();
            restore(1, keeper, kept);
            assertThat(file()).doesNotExist();
        }
        assertThat(file()).hasBinaryContent(before);
        assertThat(directory.toFile().list()).containsExactly("sessions.kept");
    }

    @Test
    void aStopWhenAWorkerHasForwardedKeepsWhatThereIs() throws Exception {
        try (SessionKeeper keeper = keeper(AGE)) {
            KeptFile kept = taken(keeper);
            Worker first = gateway.workers.get(0);
            first.restore(keeper, kept, gateway.nowMs() * 1_000_000);
            forwards(first, Thread.ofPlatform().start(first));
            gateway.workers.get(1).stop();
            restore(1, keeper, kept);
        }
        assertThat(directory.toFile().list()).containsExactly("sessions.kept");
        assertThat(sessions()).as("that was of no worker any more").isZero();
    }

    @Test
    void aWorkerForwardsOnceItHasItsSessions() throws Exception {
        try (SessionKeeper keeper = keeper(AGE)) {
            Worker first = gateway.workers.get(0);
            first.keepFrom(keeper);
            Thread thread = Thread.ofPlatform().start(first);
            assertThat(thread.join(Duration.ofMillis(100))).isFalse();
            assertThat(first.forwarding()).as("there is no policy yet").isFalse();
            keeper.policyIsThere();
            forwards(first, thread);
        }
    }

    @Test
    void aThreadThatHasNotItsSessionsYetDoesNotForward() throws Exception {
        try (SessionKeeper keeper = keeper(AGE)) {
            Worker first = gateway.workers.get(0);
            first.keepFrom(keeper);
            WorkerThread thread = new WorkerThread(0, -1, first, e -> {
                throw new AssertionError(e);
            });
            thread.start();
            while (!thread.alive()) {
                Thread.sleep(1);
            }
            assertThat(thread.forwarding()).as("it runs, and waits").isFalse();
            keeper.policyIsThere();
            while (!thread.forwarding()) {
                Thread.sleep(1);
            }
            thread.close();
            assertThat(thread.forwarding()).isFalse();
        }
    }

    /** Whoever logs who had which port is told that nobody has it any more, as of the end of the process that gave it. */
    @Test
    void whatIsTooOldHasEnded() throws Exception {
        while (System.currentTimeMillis() <= writtenAtMs() + 1) {
            Thread.sleep(1);
        }
        try (SessionKeeper keeper = keeper(Duration.ofMillis(1))) {
            Told told = new Told(keeper);
            long writtenAtMs = writtenAtMs();
            keeper.policyIsThere();
            assertThat(keeper.await(() -> false)).isNull();
            assertThat(refused("age")).isEqualTo(1);
            told.await(3);
            assertThat(told.ends.getFirst()).isInstanceOfSatisfying(KeptEnd.OfSession.class, end -> {
                assertThat(end.inside()).isEqualTo(new Ipv4Address(Net.VM1));
                assertThat(end.insidePort()).isEqualTo(4000);
                assertThat(end.external()).isEqualTo(new Ipv4Address(Net.NAT[1]));
                assertThat(end.externalPort()).isEqualTo(4000);
                assertThat(end.remote()).isEqualTo(new Ipv4Address(Net.SERVER));
                assertThat(end.remotePort()).isEqualTo(53);
                assertThat(end.protocol()).isEqualTo(Wire.UDP);
                assertThat(end.atMs()).isEqualTo(writtenAtMs);
                assertThat(end.translated()).isTrue();
            });
            assertThat(told.kinds()).containsExactly(MappingEvents.Kind.ENDED, MappingEvents.Kind.UNBOUND);
        }
    }

    /** One of two hosts has no port any more: its session, mapping, address and block have ended, and nothing else has. */
    @Test
    void whatIsNotMadeAgainHasEnded() throws Exception {
        RoutingDomain blue = new RoutingDomain(new UUID(0, 1), "blue");
        gateway.close();
        gateway = new TestGateway(config(), workers());
        applyPolicy(blue);
        gateway.nat(1, 1, 1024, 65535);
        gateway.settings(1, settings -> settings.withPortBlockSize(64));
        vm(1, Wire.address("192.168.1.64"));
        int first = Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20) >>> 6 << 6;
        int second = Wire.u16(out(1, Net.udp(Wire.address("192.168.1.64"), Net.SERVER, 4000, 53)), 20) >>> 6 << 6;
        out(1, Net.udp(Net.VM1, Net.SERVER, 4001, 53));
        Files.delete(file());
        try (SessionKeeper keeper = keeper(AGE)) {
            keeper.policyIsThere();
        }
        gateway.close();
        gateway = new TestGateway(config(), workers());
        applyPolicy(blue);
        gateway.nat(1, 1, first, first + 63);
        gateway.settings(1, settings -> settings.withPortBlockSize(64));
        try (SessionKeeper keeper = keeper(AGE)) {
            Told told = new Told(keeper);
            KeptFile kept = taken(keeper);
            restore(0, keeper, kept);
            restore(1, keeper, kept);
            told.await(4);
            assertThat(told.blocks).singleElement().satisfies(block -> {
                assertThat(block.byRestart()).isTrue();
                assertThat(block.assigned()).isFalse();
                assertThat(block.domain()).isEqualTo(1);
                assertThat(block.insideAddress()).isEqualTo(IpAddress.parse("192.168.1.64"));
                assertThat(block.firstPort()).isEqualTo(second);
                assertThat(block.lastPort()).isEqualTo(second + 63);
            });
            assertThat(told.ends).hasSize(3).first().isInstanceOf(KeptEnd.OfSession.class);
            assertThat(told.kinds()).containsExactly(MappingEvents.Kind.ENDED, MappingEvents.Kind.UNBOUND);
            assertThat(gateway.worker.sessions().count()).isEqualTo(2);
        }
    }

    private long writtenAtMs() {
        return ByteBuffer.wrap(before).order(ByteOrder.nativeOrder()).getLong(16);
    }

    private double refused(String reason) {
        return registry.get("nvgate.kept.files.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }

    /** What is told of ends, each at the second try. */
    private static final class Told {

        final List<KeptEnd> ends = new CopyOnWriteArrayList<>();
        final List<PortBlockEvents.Event> blocks = new CopyOnWriteArrayList<>();
        private int asked;

        Told(SessionKeeper keeper) {
            keeper.tellEnds(end -> asked++ % 2 == 1 && ends.add(end), blocks::add);
        }

        List<MappingEvents.Kind> kinds() {
            return ends.stream()
                    .filter(KeptEnd.OfMapping.class::isInstance)
                    .map(end -> ((KeptEnd.OfMapping) end).kind())
                    .toList();
        }

        /** Times out as the test does, which interrupts. */
        void await(int count) throws InterruptedException {
            while (ends.size() + blocks.size() < count) {
                Thread.sleep(1);
            }
        }
    }

    private static void forwards(Worker worker, Thread thread) throws InterruptedException {
        while (!worker.forwarding()) {
            Thread.sleep(1);
        }
        worker.stop();
        thread.join();
    }
}
