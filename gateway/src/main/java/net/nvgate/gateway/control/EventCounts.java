package net.nvgate.gateway.control;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import net.nvgate.gateway.worker.EventKind;

/** How often the control thread found something rare itself; what workers find they count. Any thread. */
public final class EventCounts {

    private final Map<EventKind, LongAdder> counts = new EnumMap<>(EventKind.class);

    public EventCounts() {
        for (EventKind kind : EventKind.values()) {
            counts.put(kind, new LongAdder());
        }
    }

    void add(EventKind kind, long count) {
        counts.computeIfAbsent(kind, _ -> new LongAdder()).add(count);
    }

    long count(EventKind kind) {
        LongAdder counted = counts.get(kind);
        return counted == null ? 0 : counted.sum();
    }
}
