package net.nvgate.fabric.store;

import java.util.List;

/** A store that is to be moved. */
public interface StoreSource extends DumpSource {

    /**
     * From when this returns, no manager commits to the store.
     *
     * @param why what managers are told; empty = they may commit again, unless the store {@link Fence#isMoved was moved}
     */
    void fence(String why);

    /**
     * What was committed after a revision, up to the head, as a store needs it to make the same. An object that several of the
     * revisions changed has its keys and references with the last of them.
     *
     * @throws CompactedException if the log no longer reaches back so far
     */
    List<LoggedRevision> since(long revision);

    /** For messages, e.g. {@code SQLite in /var/lib/nvgate/manager}. */
    String describe();
}
