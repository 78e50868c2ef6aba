package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import net.nvgate.gateway.kept.KeptFile;
import net.nvgate.gateway.kept.KeptResult;
import net.nvgate.gateway.kept.KeptSource;
import net.nvgate.gateway.kept.KeptWriter;
import net.nvgate.gateway.kept.RefusedException;
import org.jspecify.annotations.Nullable;

/** A gateway that ends and another one that goes on with its sessions, by a real file. */
final class Restart implements KeptSource {

    static final String NODE = "gw1";
    static final String FABRIC = "fabric";
    static final long REVISION = 7;
    static final long WRITTEN_AT = 1_000_000;

    /** Tenants have the indexes that they had. */
    private static final int[] SAME = {0, 1, 2, 3};

    private final int[] domains;
    private final Map<KeptResult, Long> results = new EnumMap<>(KeptResult.class);
    private final List<String> conflicts = new ArrayList<>();

    private Restart(int[] domains) {
        this.domains = domains.clone();
    }

    /** Goes on in {@code next}, and ends {@code old}; what became of the sessions, without those of which there were none. */
    static Map<KeptResult, Long> of(TestGateway old, TestGateway next, long elapsedMs) {
        return of(old, next, elapsedMs, SAME);
    }

    /** As {@link #of(TestGateway, TestGateway, long)}; tenants have other indexes, or 0: none. */
    static Map<KeptResult, Long> of(TestGateway old, TestGateway next, long elapsedMs, int... domains) {
        Path file = file();
        save(old, file);
        old.close();
        return of(file, next, elapsedMs, domains);
    }

    /** Goes on in {@code next} with what a file has. */
    static Map<KeptResult, Long> of(Path file, TestGateway next, long elapsedMs) {
        return of(file, next, elapsedMs, SAME);
    }

    private static Map<KeptResult, Long> of(Path file, TestGateway next, long elapsedMs, int... domains) {
        return goOn(file, next, elapsedMs, domains).results;
    }

    /** What is in the way of what a file has. */
    static List<String> conflicts(Path file, TestGateway next) {
        return goOn(file, next, 0, SAME).conflicts;
    }

    private static Restart goOn(Path file, TestGateway next, long elapsedMs, int... domains) {
        Restart source = new Restart(domains);
        try (KeptFile kept = KeptFile.take(file, NODE, FABRIC, WRITTEN_AT + elapsedMs)) {
            next.workers.forEach(worker -> worker.restore(source, kept, next.nowMs() * 1_000_000));
            assertThat(source.conflicts)
                    .hasSize(
                            source.results.getOrDefault(KeptResult.CONFLICT, 0L).intValue());
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
        return source;
    }

    static Path file() {
        try {
            return Files.createTempDirectory("kept").resolve("sessions.kept");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void save(TestGateway gateway, Path file) {
        save(List.of(gateway), file);
    }

    /** What no gateway writes: the sessions of several. */
    static void save(List<TestGateway> gateways, Path file) {
        try (KeptWriter out = new KeptWriter(file)) {
            for (TestGateway gateway : gateways) {
                for (Worker worker : gateway.workers) {
                    worker.save(out);
                }
            }
            out.finish(NODE, FABRIC, REVISION, WRITTEN_AT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable KeptFile await(BooleanSupplier stopped) {
        return null;
    }

    @Override
    public int[] domains() {
        return domains.clone();
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // As the worker counts them.
    public void restored(long[] counted, BitSet living, boolean stopped) {
        for (KeptResult result : KeptResult.values()) {
            if (counted[result.ordinal()] != 0) {
                results.merge(result, counted[result.ordinal()], Long::sum);
            }
        }
    }

    @Override
    public void conflict(int domain, String what) {
        conflicts.add(domain + ": " + what);
    }

    @Override
    public void failed(Exception cause) {
        throw new AssertionError(cause);
    }
}
