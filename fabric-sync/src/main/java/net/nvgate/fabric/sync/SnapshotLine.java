package net.nvgate.fabric.sync;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Lets a bounded number of sessions hold a snapshot at once; others wait their turn. A session that stalls is closed by
 * its stall timeout and so leaves its place. Thread-safe.
 */
final class SnapshotLine {

    private final int max;
    private final Set<ServerSession> active = new HashSet<>();
    private final Set<ServerSession> waiting = new LinkedHashSet<>();

    SnapshotLine(int max) {
        this.max = max;
    }

    /** {@link ServerSession#snapshotTurn} is called, at once or later, unless the session leaves before. */
    void enter(ServerSession session) {
        synchronized (this) {
            if (active.size() >= max) {
                waiting.add(session);
                return;
            }
            active.add(session);
        }
        session.snapshotTurn();
    }

    /** Harmless for a session that is not in the line. */
    void leave(ServerSession session) {
        ServerSession next;
        synchronized (this) {
            waiting.remove(session);
            if (!active.remove(session)) {
                return;
            }
            Iterator<ServerSession> first = waiting.iterator();
            if (!first.hasNext()) {
                return;
            }
            next = first.next();
            first.remove();
            active.add(next);
        }
        next.snapshotTurn();
    }
}
