package net.nvgate.fabric.store;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A store that is written beside the one in use, if there is one, and then takes its place. What was not activated is
 * not used by anybody.
 */
public interface RestoreTarget extends DumpSink, AutoCloseable {

    /** What has been written, to compare. */
    DumpSource written();

    /**
     * Makes what the source has committed since the dump. After {@link #end}, any number of times.
     *
     * @param revisions as {@link StoreSource#since} gives them, without a gap
     */
    void follow(List<LoggedRevision> revisions);

    /** By this, {@link StorePlace#settle} knows this store from others in the same place. */
    String token();

    /**
     * The store, for a process that will go on with it once it is in place: it sees what is followed meanwhile. Empty if it
     * can be opened only then, which takes no time.
     */
    Optional<FabricStore> openEarly(long historyRevisions, Clock clock);

    /** Makes it the store that managers open; one that was there before is fenced. */
    void activate();

    /** For messages, e.g. {@code SQLite in /var/lib/nvgate/manager}. */
    String describe();

    @Override
    void close();
}
