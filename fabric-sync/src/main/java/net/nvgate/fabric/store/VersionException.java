package net.nvgate.fabric.store;

import net.nvgate.fabric.model.FabricObject;

/** Somebody has changed an object since the version that a request insists on. */
public final class VersionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    VersionException(String what) {
        super("there is no " + what + ", so it has no version", null, false, false);
    }

    VersionException(FabricObject object) {
        super(
                object.kind().label() + " '" + object.name() + "' is of revision " + object.changedRevision()
                        + " now, by " + object.meta().changedBy(),
                null,
                false,
                false);
    }
}
