package net.nvgate.fabric.simulation;

/** The process of a manager ends here: no code of it may notice. */
final class CrashError extends Error {

    private static final long serialVersionUID = 1L;

    CrashError() {
        super("crash", null, false, false);
    }
}
