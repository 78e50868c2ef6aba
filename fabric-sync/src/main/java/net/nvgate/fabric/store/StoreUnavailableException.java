package net.nvgate.fabric.store;

import org.jspecify.annotations.Nullable;

/** The store does not answer at present, e.g. because a cluster has no quorum: the same request may succeed later. */
public final class StoreUnavailableException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
