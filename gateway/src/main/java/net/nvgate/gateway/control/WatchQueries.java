package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.capture.CaptureNames;
import net.nvgate.gateway.capture.CaptureWriter;
import net.nvgate.gateway.capture.WallClock;
import net.nvgate.gateway.trace.TraceNames;
import net.nvgate.gateway.trace.TraceReport;
import net.nvgate.gateway.watch.Watch;
import net.nvgate.gateway.watch.WatchReader;
import net.nvgate.gateway.watch.WatchedPacket;
import net.nvgate.gateway.worker.Worker;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Real packets as they pass, as reports or as a capture: {@code watch-start} answers with an id, {@code watch-read} with what has come since,
 * {@code watch-stop} ends it. A watch that nobody reads ends by itself. When there are too many, {@code watch-start} answers with
 * {@code busy}, a sentence, instead of an id.
 */
final class WatchQueries {

    static final Set<String> KINDS = Set.of("watch-start", "watch-read", "watch-stop");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> FIELDS =
            SessionFilters.conversationAnd("audience", "what", "packets", "bytes", "seconds", "snap");
    private static final long UNREAD_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
    private static final int RING_BYTES = 1 << 21;
    private static final int READ_BYTES_MAX = 96 << 10;
    private static final int REPORTS_MAX = 50;
    private static final int CAPTURED_MAX = 1_000_000;
    private static final int TRACED_MAX = 1_000;

    private final DataPath path;
    private final TraceNames names;
    private final String node;
    private final Map<String, Open> open = new HashMap<>();
    private final WatchSlots slots = new WatchSlots();
    private final WallClock clock = new WallClock();

    /** One that somebody reads. */
    private static final class Open {
        final List<Watch> watches = new ArrayList<>();
        final List<WatchReader> readers = new ArrayList<>();
        final @Nullable CaptureWriter capture;
        final TraceReport reports;
        final int packetsMax;
        int packets;
        long readAt = System.nanoTime();

        Open(@Nullable CaptureWriter capture, TraceReport reports, int packetsMax) {
            this.capture = capture;
            this.reports = reports;
            this.packetsMax = packetsMax;
        }
    }

    WatchQueries(DataPath path, String node) {
        this.path = path;
        this.names = new PolicyTraceNames(path.policy(), path.tables());
        this.node = node;
    }

    /** @throws IllegalArgumentException for what cannot be watched */
    synchronized QueryResult query(String kind, Map<String, String> fields) {
        forgetUnread();
        return switch (kind) {
            case "watch-start" -> start(new TraceAsk(path.policy(), fields, FIELDS));
            case "watch-read" -> read(String.valueOf(fields.get("id")));
            default -> stop(String.valueOf(fields.get("id")));
        };
    }

    private QueryResult start(TraceAsk ask) {
        boolean tenant = ask.text("audience", "").equals(TraceQueries.TENANT);
        boolean capture = ask.text("what", "trace").equals("capture");
        int packets = ask.number("packets", capture ? 10_000 : 1, 1, capture ? CAPTURED_MAX : TRACED_MAX);
        int snap = ask.number("snap", capture ? 262 : 1_600, 64, 9_216);
        int seconds = ask.number("seconds", 10, 1, 600);
        long bytes = ask.number("bytes", 64 << 20, 1, 1 << 30);
        int domain = ask.domain();
        if (tenant && domain == 0) {
            throw new IllegalArgumentException("say rdid or vmNetwork");
        }
        int audience = tenant ? domain : 0;
        Optional<String> refusal = slots.refusal(audience);
        if (refusal.isPresent()) {
            return result(Map.of("busy", refusal.get()));
        }
        Watch.Limits limits =
                new Watch.Limits(packets, bytes, snap, Worker.nowMs() + TimeUnit.SECONDS.toMillis(seconds));
        CaptureWriter writer =
                capture ? new CaptureWriter(node, audience, new CaptureNames(names, domain), snap, clock) : null;
        Open made = new Open(writer, new TraceReport(names, audience), packets);
        for (WorkerThread worker : path.workers()) {
            Watch watch = Watch.of(ask.filter(), limits, true, RING_BYTES);
            if (!worker.tap().post(watch)) {
                made.watches.forEach(Watch::stop);
                return result(Map.of("busy", "as many traces and captures run as can at once"));
            }
            made.watches.add(watch);
            made.readers.add(new WatchReader(watch));
        }
        String id = UUID.randomUUID().toString();
        open.put(id, made);
        slots.take(id, audience);
        return result(Map.of("id", id));
    }

    private QueryResult read(String id) {
        Open watch = find(id);
        watch.readAt = System.nanoTime();
        clock.follow();
        boolean last = watch.watches.stream().allMatch(Watch::isDone);
        List<Map<String, Object>> reports = new ArrayList<>();
        boolean all = take(watch, reports);
        boolean done = (last && all) || watch.packets >= watch.packetsMax;
        Map<String, Object> row = new LinkedHashMap<>();
        if (watch.capture != null) {
            long lost = watch.watches.stream().mapToLong(Watch::lost).sum();
            if (done) {
                watch.capture.statistics(System.nanoTime(), lost);
            } else {
                watch.capture.keepAlive(System.nanoTime(), lost);
            }
            row.put("pcapng", Base64.getEncoder().encodeToString(watch.capture.take()));
        } else {
            row.put("packets", reports);
        }
        row.put("done", done);
        if (done) {
            close(id);
        }
        return result(row);
    }

    /** Whether there is nothing more to read now. */
    private static boolean take(Open watch, List<Map<String, Object>> reports) {
        for (WatchReader reader : watch.readers) {
            while (watch.packets < watch.packetsMax) {
                boolean full =
                        watch.capture == null ? reports.size() >= REPORTS_MAX : watch.capture.size() >= READ_BYTES_MAX;
                WatchedPacket packet = full ? null : reader.next();
                if (packet == null) {
                    if (full) {
                        return false;
                    }
                    break;
                }
                watch.packets++;
                if (watch.capture == null) {
                    reports.add(watch.reports.of(packet));
                } else {
                    watch.capture.add(packet);
                }
            }
        }
        return true;
    }

    private QueryResult stop(String id) {
        find(id);
        close(id);
        return result(Map.of("id", id));
    }

    private Open find(String id) {
        Open watch = open.get(id);
        if (watch == null) {
            throw new IllegalArgumentException("no trace or capture runs with the id " + id);
        }
        return watch;
    }

    private void close(String id) {
        slots.free(id);
        Open watch = open.remove(id);
        if (watch != null) {
            watch.watches.forEach(Watch::stop);
        }
    }

    private void forgetUnread() {
        List<String> unread = open.entrySet().stream()
                .filter(entry -> System.nanoTime() - entry.getValue().readAt > UNREAD_NANOS_MAX)
                .map(Map.Entry::getKey)
                .toList();
        unread.forEach(this::close);
    }

    private static QueryResult result(Map<String, Object> row) {
        return new QueryResult(JSON.writeValueAsString(List.of(row)), false);
    }
}
