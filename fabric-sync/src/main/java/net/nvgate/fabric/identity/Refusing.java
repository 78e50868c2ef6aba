package net.nvgate.fabric.identity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts refused handshakes by reason, and logs them: not more lines than a disk can bear. */
final class Refusing {

    private static final Logger LOG = LoggerFactory.getLogger(Refusing.class);
    private static final int LINES_PER_SECOND = 20;

    private final Map<Peer.Reason, Counter> counters = new EnumMap<>(Peer.Reason.class);
    private long second;
    private int lines;

    Refusing(MeterRegistry registry) {
        for (Peer.Reason reason : Peer.Reason.values()) {
            counters.put(
                    reason,
                    Counter.builder("nvgate.identity.refused.handshakes")
                            .description("Handshakes and connections refused because of who the peer is, by reason")
                            .tag("reason", reason.label())
                            .register(registry));
        }
    }

    /** @param peer its address */
    void refused(String peer, Peer.Reason reason, String text) {
        Counter counter = counters.get(reason);
        if (counter != null) {
            counter.increment();
        }
        int line = nextLine();
        if (line < LINES_PER_SECOND) {
            LOG.warn("{} is refused: {}: {}", peer, reason.label(), text);
        } else if (line == LINES_PER_SECOND) {
            LOG.warn("more peers are refused in this second; they are counted only");
        }
    }

    private synchronized int nextLine() {
        long now = System.nanoTime() / 1_000_000_000;
        if (now != second) {
            second = now;
            lines = 0;
        }
        return lines++;
    }
}
