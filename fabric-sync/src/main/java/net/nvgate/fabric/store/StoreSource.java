package net.nvgate.fabric.store;

/** A store that is to be moved. */
public interface StoreSource extends DumpSource {

    /**
     * From when this returns, no manager commits to the store.
     *
     * @param why what managers are told; empty = they may commit again
     */
    void fence(String why);

    /** For messages, e.g. {@code SQLite in /var/lib/nvgate/manager}. */
    String describe();
}
