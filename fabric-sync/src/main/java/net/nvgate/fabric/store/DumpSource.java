package net.nvgate.fabric.store;

/** Hands out all that a store, or a backup of one, holds. */
public interface DumpSource extends AutoCloseable {

    /** @throws StoreException if it cannot be read, or is damaged */
    void copyTo(DumpSink sink);

    @Override
    void close();
}
