package net.nvgate.fabric.store;

/** What became of a transaction. */
public sealed interface Outcome {

    /** It is durable as this revision. */
    record Committed(long revision) implements Outcome {}

    /**
     * It changed nothing.
     *
     * @param head revision at which the conflict was seen; after reading up to it the author can see it too
     */
    record Rejected(Conflict conflict, long head) implements Outcome {}
}
