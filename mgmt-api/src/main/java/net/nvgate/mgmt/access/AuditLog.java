package net.nvgate.mgmt.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.AuditEvent;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.store.ObjectBook;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log of changes does not say: logins, refusals, and what is done besides changes. Events are collected and stored
 * together about once a second; the same thing again meanwhile only raises a number. Refusals of people who are not known
 * are counted by operation, address and status, and stored with the next other event or after some minutes, so that nobody
 * can fill the log, or keep the store busy, by being refused. When there are too many events, the oldest go, first those of
 * refusals if these are more than half of the log.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int WAITING_MAX = 500;
    private static final int STRANGERS_MAX = 250;
    private static final int DELETES_MAX = 1000;
    private static final Duration STRANGERS_WAIT = Duration.ofMinutes(10);
    /** In place of the names that strangers used, if they were several. */
    private static final String SEVERAL = "several";

    private static final int TEXT_MAX = 256;

    private final AccessBook book;
    private final Clock clock;
    private final int eventsMax;
    private final Map<Same, AuditEvent> waiting = new LinkedHashMap<>();
    /** What is refused to people who are not known; guarded by {@code waiting}. */
    private final SequencedMap<Refusal, AuditEvent> strangers = new LinkedHashMap<>();

    private int dropped;

    /** @param eventsMax that are kept */
    public AuditLog(AccessBook book, Clock clock, int eventsMax) {
        this.book = book;
        this.clock = clock;
        this.eventsMax = eventsMax;
    }

    private record Same(String operation, String actor, String address, int status, String detail) {

        static Same of(AuditEvent event) {
            return new Same(event.name(), event.actor(), event.address(), event.status(), event.detail());
        }
    }

    private record Refusal(String operation, String address, int status) {

        static Refusal of(AuditEvent event) {
            return new Refusal(event.name(), event.address(), event.status());
        }
    }

    /**
     * @param operation of the contract
     * @param stranger it is not known who asked; what he was called is what he said
     */
    public record Happened(
            String operation,
            String actor,
            String address,
            String requestId,
            boolean stranger,
            int status,
            String target,
            String detail) {}

    /** Does not block. */
    public void add(Happened event) {
        String actor = printable(event.actor());
        LOG.info(
                "{} by {} from {}: {} {}, request {}",
                event.operation(),
                actor,
                event.address(),
                event.status(),
                printable(event.detail()),
                event.requestId());
        AuditEvent made = made(event, actor);
        synchronized (waiting) {
            boolean held = event.stranger() && (event.status() == 401 || event.status() == 429);
            boolean taken = held
                    ? add(strangers, STRANGERS_MAX, Refusal.of(made), made)
                    : add(waiting, WAITING_MAX, Same.of(made), made);
            dropped += taken ? 0 : 1;
        }
    }

    private static <K> boolean add(Map<K, AuditEvent> events, int max, K key, AuditEvent event) {
        AuditEvent known = events.get(key);
        if (known == null && events.size() >= max) {
            return false;
        }
        events.put(key, known == null ? event : again(known, event));
        return true;
    }

    private AuditEvent made(Happened event, String actor) {
        return new AuditEvent(
                Meta.of(UUID.randomUUID(), event.operation(), ""),
                clock.instant(),
                actor,
                event.address(),
                event.requestId(),
                event.status(),
                printable(event.target()),
                printable(event.detail()),
                1);
    }

    private static AuditEvent again(AuditEvent event, AuditEvent next) {
        return new AuditEvent(
                event.meta(),
                event.at(),
                event.actor().equals(next.actor()) ? event.actor() : SEVERAL,
                event.address(),
                event.requestId(),
                event.status(),
                event.target(),
                event.detail(),
                event.times() + next.times());
    }

    /** What somebody typed, without what could make another line of it. */
    private static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(TEXT_MAX)
                .map(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> '?';
                    default -> c;
                })
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /**
     * Stores what has been collected. Blocks; what cannot be stored waits.
     *
     * @param last also what could wait for minutes
     */
    public void save(boolean last) {
        List<AuditEvent> known;
        List<AuditEvent> refused;
        int lost;
        synchronized (waiting) {
            if (!last && waiting.isEmpty() && !strangersAreDue()) {
                return;
            }
            known = List.copyOf(waiting.values());
            waiting.clear();
            refused = List.copyOf(strangers.values());
            strangers.clear();
            lost = dropped;
            dropped = 0;
        }
        if (lost > 0) {
            LOG.warn("{} events are in no audit log: there were too many at once", lost);
        }
        List<AuditEvent> events = new ArrayList<>(known);
        events.addAll(refused);
        if (events.isEmpty()) {
            return;
        }
        try {
            book.change(Origin.SYSTEM.withComment("audit log"), view -> plan(view, events));
        } catch (RuntimeException e) {
            LOG.warn("{} events of the audit log cannot be stored yet: {}", events.size(), e.toString());
            synchronized (waiting) {
                known.forEach(event -> dropped += add(waiting, WAITING_MAX, Same.of(event), event) ? 0 : 1);
                refused.forEach(event -> dropped += add(strangers, STRANGERS_MAX, Refusal.of(event), event) ? 0 : 1);
            }
        }
    }

    /** The first is the oldest. */
    private boolean strangersAreDue() {
        Instant since = clock.instant().minus(STRANGERS_WAIT);
        return !strangers.isEmpty()
                && !strangers.sequencedValues().getFirst().at().isAfter(since);
    }

    private static boolean isRefusal(AuditEvent event) {
        return event.status() == 401 || event.status() == 403 || event.status() == 429;
    }

    private ObjectBook.Plan<Boolean> plan(AccessBook.View view, List<AuditEvent> events) {
        List<Transaction.Change> changes = new ArrayList<>();
        events.forEach(event -> changes.add(AccessBook.put(event)));
        List<AuditEvent> oldest = view.audit().reversed();
        int over = Math.clamp(oldest.size() + (long) events.size() - eventsMax, 0, DELETES_MAX);
        if (over > 0) {
            long refusals = Stream.concat(oldest.stream(), events.stream())
                    .filter(AuditLog::isRefusal)
                    .count();
            Set<AuditEvent> gone = new LinkedHashSet<>();
            oldest.stream()
                    .filter(AuditLog::isRefusal)
                    .limit(Math.clamp(refusals - eventsMax / 2, 0, over))
                    .forEach(gone::add);
            for (AuditEvent event : oldest) {
                if (gone.size() >= over) {
                    break;
                }
                gone.add(event);
            }
            gone.forEach(event -> changes.add(AccessBook.delete(event)));
        }
        return new ObjectBook.Plan<>(changes, true);
    }

    /**
     * Events, the newest first; those that wait to be stored are not among them yet.
     *
     * @param before only those before the one with this id
     * @param actor only those of this one, or of his tokens
     */
    public List<AuditEvent> list(Optional<UUID> before, Optional<String> actor, int limit) {
        List<AuditEvent> all = book.view().audit();
        int from = 0;
        if (before.isPresent()) {
            from = all.size();
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).id().equals(before.get())) {
                    from = i + 1;
                    break;
                }
            }
        }
        return all.subList(from, all.size()).stream()
                .filter(event -> actor.map(name ->
                                event.actor().equals(name) || event.actor().startsWith(name + "/"))
                        .orElse(true))
                .limit(limit)
                .toList();
    }
}
