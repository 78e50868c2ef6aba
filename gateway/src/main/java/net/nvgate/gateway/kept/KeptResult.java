package net.nvgate.gateway.kept;

import java.util.Locale;

/** What became of a kept session; in metrics in lower case, with hyphens. */
public enum KeptResult {
    RESTORED,
    /** Its timer ended while nobody forwarded. */
    EXPIRED,
    /** Its tenant is no more. */
    TENANT_GONE,
    /** Policy has no longer what it was made by, or port ACLs forbid it; now, or before the process ended. */
    POLICY,
    /** Something else has its port or its endpoints: a fault, as none had when it was written. */
    CONFLICT,
    /** A table is full. */
    NO_ROOM;

    /** As metrics have it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
