package net.nvgate.fabric.store;

/** The store was moved or replaced: nothing may be written to it any more. */
public final class StoreFencedException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreFencedException(String message) {
        super(message, null);
    }
}
