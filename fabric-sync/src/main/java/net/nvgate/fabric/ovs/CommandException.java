package net.nvgate.fabric.ovs;

/** A command could not be run, ran too long, said too much, or failed. The message holds what it printed. */
final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
