package net.nvgate.fabric.store;

import java.time.Clock;

/** Where a store can be: a directory, a prefix in a cluster. Methods throw {@link StoreException} if they cannot do it. */
public interface StorePlace {

    /** For messages, e.g. {@code SQLite in /var/lib/nvgate/manager}. */
    String describe();

    /** Opens the store, makes it if there is none. */
    FabricStore open(long historyRevisions, Clock clock);

    /** To read, while managers go on. */
    StoreSource shared();

    /** To move away from; no manager may have an embedded store open. */
    StoreSource exclusive();

    /** To move away from, by the process that has the store open; at the fence no change of its own is on its way. */
    StoreSource running();

    /** @param replace whether a store that has something in it, and was not moved away, may be replaced */
    RestoreTarget target(boolean replace);

    /**
     * Whether the store of a {@link RestoreTarget} was put in place. If it was not, it never will be: a request that is still
     * on its way comes too late.
     *
     * @param token of the target
     */
    boolean settle(String token);
}
