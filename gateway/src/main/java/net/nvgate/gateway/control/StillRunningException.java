package net.nvgate.gateway.control;

/** A thread has been told to end and goes on: the memory it uses must stay until the process ends. */
public final class StillRunningException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /** @param thread what it is called in the log */
    public StillRunningException(String thread) {
        super(thread + " does not stop");
    }
}
