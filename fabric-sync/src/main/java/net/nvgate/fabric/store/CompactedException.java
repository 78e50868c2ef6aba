package net.nvgate.fabric.store;

/** The log no longer holds the changes that were asked for: start from a snapshot. */
public final class CompactedException extends StoreException {

    private static final long serialVersionUID = 1L;

    private final long compacted;

    public CompactedException(long after, long compacted) {
        super("changes after revision " + after + " are gone: the log is compacted up to " + compacted, null);
        this.compacted = compacted;
    }

    /** The oldest revision after which changes are known. */
    public long compacted() {
        return compacted;
    }
}
