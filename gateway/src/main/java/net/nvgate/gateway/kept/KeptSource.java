package net.nvgate.gateway.kept;

import java.util.BitSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Where workers get, each on its own thread, what the process before them has left. */
public interface KeptSource {

    /**
     * Waits until there is the policy under which sessions are made.
     *
     * @param stopped whether the worker shall end: then this does, soon
     * @return null: there is nothing
     */
    @Nullable
    KeptFile await(BooleanSupplier stopped);

    /** Domains of tenants by those that they have in the file, 0 = gone; once {@link #await} has returned. */
    int[] domains();

    /**
     * A worker has taken what is its own, or what it could, and forwards next unless it was stopped.
     *
     * @param results sessions by the ordinal of {@link KeptResult}
     * @param living sessions and mappings that are there again, by the number of their row in the file
     * @param stopped it was, maybe before it had seen all rows
     */
    void restored(long[] results, BitSet living, boolean stopped);

    /**
     * A session was not made again, as something else has what is its own.
     *
     * @param domain its tenant's, now
     * @param what it is and what stands in its way, for people
     */
    void conflict(int domain, String what);

    /** A worker cannot read on: the rest of the file is lost. {@link #restored} follows. */
    void failed(Exception cause);
}
