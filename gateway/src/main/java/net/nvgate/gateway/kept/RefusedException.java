package net.nvgate.gateway.kept;

import java.util.Locale;

/** A file of kept sessions is not for this gateway, now: it starts without. */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    /** Why; in metrics in lower case, with hyphens. */
    public enum Reason {
        /** No such file as this, or of another gateway or fabric. */
        FOREIGN,
        /** Cut short, or not what was written. */
        CORRUPT,
        OTHER_LAYOUT,
        /** Older than may be, or of the future. */
        AGE,
        /** The policy at hand is older than the one that the sessions were made by. */
        OLDER_POLICY,
        UNREADABLE;

        /** As metrics have it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;

    RefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
