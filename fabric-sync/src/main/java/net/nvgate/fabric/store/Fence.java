package net.nvgate.fabric.store;

import java.time.Instant;

/** What a fenced store tells managers. */
public final class Fence {

    static final String MOVED = "the store was moved to ";

    private Fence() {}

    /** Nobody: managers may commit. */
    public static final String NONE = "";

    public static String moving(String to) {
        return "the store is being moved to " + to
                + ": try again later (if the move was broken off, start the manager that "
                + "moved it, or the command move-store, again)";
    }

    public static String moved(String to, Instant at) {
        return MOVED + to + " at " + at + "; start the manager with a configuration that says so";
    }

    /** True of a store that goes on elsewhere. */
    public static boolean isMoved(String fenced) {
        return fenced.startsWith(MOVED);
    }
}
