package net.nvgate.gateway.control;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.kept.KeptFile;
import net.nvgate.gateway.kept.KeptKind;
import net.nvgate.gateway.kept.KeptResult;
import net.nvgate.gateway.kept.KeptSource;
import net.nvgate.gateway.kept.KeptWriter;
import net.nvgate.gateway.kept.RefusedException;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.worker.Worker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries sessions from one process to the next: {@link #close}, when the workers have ended, writes them to a file, and the workers of
 * the next process wait for the cached policy and take them before their first packet.
 *
 * <pre>
 *  SIGTERM ─▶ workers end ─▶ close: file ······▶ start: file is taken ─▶ cached policy ─▶ ready ─▶ workers: sessions, packets
 * </pre>
 */
public final class SessionKeeper implements KeptSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionKeeper.class);
    private static final String FILE = "sessions.kept";
    private static final long LOOK_MILLIS = 20;
    /** Conflicts that the log names; all are counted. */
    private static final int CONFLICTS_NAMED = 32;

    private final Path path;
    private final String node;
    private final Duration ageMax;
    private final TablePolicy policy;
    private final MeterRegistry registry;
    private final Supplier<List<Worker>> workers;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicLong restored = new AtomicLong();
    private final AtomicLong others = new AtomicLong();
    private final AtomicInteger conflicts = new AtomicInteger();
    private final long[] counts = new long[KeptResult.values().length];
    private final BitSet living = new BitSet();
    private volatile @Nullable KeptFile file;
    private volatile @Nullable KeptEnds ends;
    private Predicate<KeptEnd> sink = _ -> true;
    private Predicate<PortBlockEvents.Event> blockSink = _ -> true;
    private volatile int[] domains = {};
    private volatile Map<Integer, UUID> names = Map.of();
    private volatile Supplier<String> fabric = () -> "";
    private volatile boolean broken;
    private volatile boolean stopping;
    private long sessionRows;
    private long openedNanos;

    /**
     * @param directory of the state
     * @param ageMax zero = keeps nothing
     * @param workers all, once the first one asks
     */
    public SessionKeeper(
            Path directory,
            String node,
            Duration ageMax,
            TablePolicy policy,
            Supplier<List<Worker>> workers,
            MeterRegistry registry) {
        this.path = directory.resolve(FILE);
        this.node = node;
        this.ageMax = ageMax;
        this.policy = policy;
        this.workers = workers;
        this.registry = registry;
        for (KeptResult result : KeptResult.values()) {
            sessions(result).increment(0);
        }
        for (RefusedException.Reason reason : RefusedException.Reason.values()) {
            refused(reason).increment(0);
        }
        removeOld();
    }

    /** What may be older than sessions that somebody has had since is not for later starts, nor is what a start has failed with. */
    private void removeOld() {
        try {
            if (KeptFile.forget(path)) {
                LOG.warn("the process before has ended while it took up sessions: they are lost");
            }
        } catch (IOException e) {
            LOG.warn("sessions of before cannot be deleted: {}", e.toString());
        }
        if (ageMax.isZero()) {
            remove();
        }
    }

    private void remove() {
        try {
            if (Files.deleteIfExists(path)) {
                LOG.info("{} is deleted: its sessions are not taken up", path);
            }
        } catch (IOException e) {
            LOG.warn("sessions of before cannot be deleted: {}", e.toString());
        }
    }

    /**
     * Before {@link #policyIsThere}: who is told what has not gone on; false = not now, later.
     *
     * @param blocks told of blocks of ports
     */
    public void tellEnds(Predicate<KeptEnd> to, Predicate<PortBlockEvents.Event> blocks) {
        sink = to;
        blockSink = blocks;
    }

    /** Whether there is something that workers must wait for. */
    public boolean hasFile() {
        return !ageMax.isZero() && Files.exists(path);
    }

    /** Who knows, from now on, of which fabric the policy is. */
    public void fabric(Supplier<String> id) {
        fabric = id;
    }

    /** The cached policy is applied, or there is none: workers wait no longer. */
    public synchronized void policyIsThere() {
        if (stopping) {
            return;
        }
        try {
            if (hasFile()) {
                open();
            }
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            // What could not even be taken would be older than what workers forward from now on.
            remove();
            ready.countDown();
        }
    }

    /** The gateway is about to end: workers that wait shall do so until they are told, and the file stays where it is. */
    public void stopping() {
        stopping = true;
        KeptEnds telling = ends;
        if (telling != null) {
            telling.stop();
        }
    }

    private void open() {
        openedNanos = System.nanoTime();
        try {
            use(KeptFile.take(path, node, fabric.get(), System.currentTimeMillis()));
        } catch (RefusedException e) {
            refused(e);
        }
    }

    private void refused(RefusedException e) {
        refused(e.reason()).increment();
        LOG.warn("starts without the sessions of before: {} is refused: {}", path, e.getMessage());
    }

    private void use(KeptFile opened) {
        try {
            domains = domains(opened);
        } catch (IOException | RuntimeException e) {
            end(opened);
            failed(e);
            return;
        }
        try {
            opened.admit(policy.revision(), ageMax.toMillis());
        } catch (RefusedException e) {
            refused(e);
            endsOf(opened);
            return;
        }
        working.set(workers.get().size());
        file = opened;
    }

    /** Whoever was told of what the file has, and is not among the living, is told of its end; and the file is gone. */
    private void endsOf(KeptFile of) {
        try {
            of.unlink();
        } catch (IOException e) {
            LOG.warn("the file of sessions of before cannot be deleted: {}", e.toString());
        }
        KeptEnds telling = new KeptEnds(of, living, domains, sink, blockSink);
        ends = telling;
        if (stopping) {
            telling.stop();
        }
        Thread.ofPlatform().daemon().name("kept-ends").start(telling);
    }

    private int[] domains(KeptFile from) throws IOException {
        Map<UUID, Integer> now = policy.domains();
        Map<Integer, UUID> named = new HashMap<>();
        now.forEach((rdid, index) -> named.put(index, rdid));
        names = named;
        int[] found = new int[TableLimits.DEFAULT.routingDomains() + 1];
        from.forEach((kind, at) -> {
            int before = kind == KeptKind.TENANT ? (int) Mem.i64(at) : 0;
            if (before > 0 && before < found.length) {
                found[before] = now.getOrDefault(new UUID(Mem.i64(at + 8), Mem.i64(at + 16)), 0);
            }
            sessionRows += kind == KeptKind.SESSION ? 1 : 0;
        });
        return found;
    }

    @Override
    public @Nullable KeptFile await(BooleanSupplier stopped) {
        try {
            while (!stopped.getAsBoolean()) {
                if (ready.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return file;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    @Override
    public int[] domains() {
        return Arrays.copyOf(domains, domains.length);
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // As the worker counts them.
    public synchronized void restored(long[] results, BitSet alive, boolean stopped) {
        living.or(alive);
        for (KeptResult result : KeptResult.values()) {
            counts[result.ordinal()] += results[result.ordinal()];
            sessions(result).increment((double) results[result.ordinal()]);
            (result == KeptResult.RESTORED ? restored : others).addAndGet(results[result.ordinal()]);
        }
        KeptFile done = file;
        if (!stopped && working.decrementAndGet() == 0 && done != null) {
            endsOf(done);
            LOG.info(
                    "{} sessions go on after {} ms without a gateway, {} do not; {}; {} ms",
                    restored,
                    done.elapsedMs(),
                    others,
                    counted(),
                    (System.nanoTime() - openedNanos) / 1_000_000);
        }
    }

    /** How many of each result there are. */
    @SuppressWarnings("EnumOrdinal") // As the worker counts them.
    private String counted() {
        return Arrays.stream(KeptResult.values())
                .filter(result -> counts[result.ordinal()] != 0)
                .map(result -> counts[result.ordinal()] + " " + result.label())
                .collect(Collectors.joining(", "));
    }

    @Override
    public void conflict(int domain, String what) {
        int number = conflicts.incrementAndGet();
        if (number <= CONFLICTS_NAMED) {
            LOG.warn("a session of before is lost: routing domain {}, {}", names.get(domain), what);
        } else if (number == CONFLICTS_NAMED + 1) {
            LOG.warn("more sessions of before are lost as something else has their place: the rest is only counted");
        }
    }

    @Override
    public void failed(Exception cause) {
        refused(RefusedException.Reason.UNREADABLE).increment();
        LOG.warn("the sessions of before are lost, all or some: {}: {}", path, cause.toString());
    }

    /** A worker has died: what it has left is not to be trusted. */
    public void workerDied() {
        broken = true;
    }

    private static void end(KeptFile done) {
        try {
            done.close();
        } catch (UncheckedIOException e) {
            LOG.warn("the file of sessions that are taken up cannot be deleted: {}", e.toString());
        }
    }

    /**
     * Writes the sessions of all workers, whose loops have ended. If none of them has forwarded yet, as they still take up the sessions of
     * before, these are left to the next process as they were.
     */
    @Override
    public synchronized void close() {
        boolean waiting = ready.getCount() > 0 && hasFile();
        ready.countDown();
        if (waiting || isGivenBack() || ageMax.isZero() || broken || policy.revision() == 0) {
            return;
        }
        write();
    }

    /** Ends a file that not all workers have gone through; whether the next process finds it again. */
    private boolean isGivenBack() {
        KeptFile unfinished = file;
        if (unfinished == null || working.get() == 0) {
            return false;
        }
        boolean back = !broken && workers.get().stream().noneMatch(Worker::forwarding);
        try (unfinished) {
            if (back) {
                unfinished.giveBack();
                LOG.info("stopped while sessions were taken up: {} is left to the next start", path);
            } else {
                LOG.warn(
                        "stopped while sessions were taken up, too late to leave them to the next start: {} of {} are lost",
                        sessionRows - restored.get() - others.get(),
                        sessionRows);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("the sessions of before are lost: {}", e.toString());
        }
        return back;
    }

    private void write() {
        long start = System.nanoTime();
        try (KeptWriter out = new KeptWriter(path)) {
            for (Map.Entry<UUID, Integer> tenant : policy.domains().entrySet()) {
                long row = out.row(KeptKind.TENANT);
                Mem.i64(row, tenant.getValue());
                Mem.i64(row + 8, tenant.getKey().getMostSignificantBits());
                Mem.i64(row + 16, tenant.getKey().getLeastSignificantBits());
            }
            long sessions = 0;
            for (Worker worker : workers.get()) {
                worker.save(out);
                sessions += worker.sessions().count();
            }
            out.finish(node, fabric.get(), policy.revision(), System.currentTimeMillis());
            LOG.info(
                    "{} sessions, {} rows are kept for the next start, {} MB in {} ms",
                    sessions,
                    out.rows(),
                    Files.size(path) / 1_000_000,
                    (System.nanoTime() - start) / 1_000_000);
        } catch (IOException | RuntimeException e) {
            LOG.warn("sessions are not kept for the next start: {}", e.toString());
        }
    }

    private Counter sessions(KeptResult result) {
        return Counter.builder("nvgate.kept.sessions")
                .description("Sessions of the process before, at the start of this one")
                .tag("result", result.label())
                .register(registry);
    }

    private Counter refused(RefusedException.Reason reason) {
        return Counter.builder("nvgate.kept.files.refused")
                .description("Files of kept sessions that were not for this gateway")
                .tag("reason", reason.label())
                .register(registry);
    }
}
