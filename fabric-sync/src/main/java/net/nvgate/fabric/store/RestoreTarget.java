package net.nvgate.fabric.store;

/**
 * A store that is written beside the one in use, if there is one, and then takes its place. What was not activated is
 * not used by anybody.
 */
public interface RestoreTarget extends DumpSink, AutoCloseable {

    /** What has been written, to compare. */
    DumpSource written();

    /** Makes it the store that managers open; one that was there before is fenced. */
    void activate();

    /** For messages, e.g. {@code SQLite in /var/lib/nvgate/manager}. */
    String describe();

    @Override
    void close();
}
