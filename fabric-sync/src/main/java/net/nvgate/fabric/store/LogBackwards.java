package net.nvgate.fabric.store;

import java.util.List;

/**
 * Reads the log from its end towards its beginning, a piece at a time. Answers of a store are bounded by changes, and
 * begin with the oldest revision: a piece that does not come whole is asked for again, half as long.
 */
public final class LogBackwards {

    private static final int PIECE_REVISIONS_MAX = 256;

    private final FabricStore store;
    private final long from;
    private long to;
    private int piece = PIECE_REVISIONS_MAX;

    /**
     * @param from where it ends: the revision before the first that is read
     * @param to the first piece ends with this revision
     */
    public LogBackwards(FabricStore store, long from, long to) {
        this.store = store;
        this.from = from;
        this.to = to;
    }

    /**
     * The revisions before those of the last piece, in order; empty at the end.
     *
     * @throws CompactedException if the log no longer has them
     */
    public List<RevisionChanges> next() {
        while (to > from) {
            int length = (int) Math.min(piece, to - from);
            List<RevisionChanges> revisions = store.changes(to - length, length);
            if (revisions.size() == length) {
                to -= length;
                piece = Math.min(PIECE_REVISIONS_MAX, 2 * length);
                return revisions;
            }
            if (length == 1) {
                throw new StoreException("revision " + to + " is not in the log", null);
            }
            piece = length / 2;
        }
        return List.of();
    }
}
