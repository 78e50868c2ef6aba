package net.nvgate.mgmt.access;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.AuditEvent;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.store.ObjectBook;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log of changes does not say: logins, refusals, and what is done besides changes. Events are collected and stored
 * together about once a second; the same thing again meanwhile only raises a number, so that nobody can fill the log, or
 * keep the store busy, by being refused. The oldest go when there are too many.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int WAITING_MAX = 500;
    private static final int TEXT_MAX = 256;

    private final AccessBook book;
    private final Clock clock;
    private final int eventsMax;
    private final Map<Same, AuditEvent> waiting = new LinkedHashMap<>();
    private int dropped;

    /** @param eventsMax that are kept */
    public AuditLog(AccessBook book, Clock clock, int eventsMax) {
        this.book = book;
        this.clock = clock;
        this.eventsMax = eventsMax;
    }

    private record Same(String operation, String actor, String address, int status, String detail) {}

    /** @param operation of the contract */
    public record Happened(
            String operation,
            String actor,
            String address,
            String requestId,
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
        Same same = new Same(event.operation(), actor, event.address(), event.status(), event.detail());
        synchronized (waiting) {
            AuditEvent known = waiting.get(same);
            if (known == null && waiting.size() >= WAITING_MAX) {
                dropped++;
                return;
            }
            waiting.put(same, known == null ? made(event, actor) : again(known));
        }
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

    private static AuditEvent again(AuditEvent event) {
        return new AuditEvent(
                event.meta(),
                event.at(),
                event.actor(),
                event.address(),
                event.requestId(),
                event.status(),
                event.target(),
                event.detail(),
                event.times() + 1);
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

    /** Stores what has been collected. Blocks; what cannot be stored waits. */
    public void save() {
        List<AuditEvent> events;
        int lost;
        synchronized (waiting) {
            events = List.copyOf(waiting.values());
            waiting.clear();
            lost = dropped;
            dropped = 0;
        }
        if (lost > 0) {
            LOG.warn("{} events are in no audit log: there were too many at once", lost);
        }
        if (events.isEmpty()) {
            return;
        }
        try {
            book.change(Origin.SYSTEM.withComment("audit log"), view -> plan(view, events));
        } catch (StoreException e) {
            LOG.warn("{} events of the audit log cannot be stored yet: {}", events.size(), e.getMessage());
            synchronized (waiting) {
                events.stream()
                        .limit(Math.max(0, WAITING_MAX - waiting.size()))
                        .forEach(event -> waiting.putIfAbsent(
                                new Same(event.name(), event.actor(), event.address(), event.status(), event.detail()),
                                event));
            }
        }
    }

    private ObjectBook.Plan<Boolean> plan(AccessBook.View view, List<AuditEvent> events) {
        List<Transaction.Change> changes = new ArrayList<>();
        events.forEach(event -> changes.add(AccessBook.put(event)));
        List<AuditEvent> kept = view.audit();
        int over = kept.size() + events.size() - eventsMax;
        if (over > 0) {
            kept.subList(Math.max(0, kept.size() - over), kept.size())
                    .forEach(event -> changes.add(AccessBook.delete(event)));
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
