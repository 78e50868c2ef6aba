package net.nvgate.fabric.ovs;

/** A command could not be run, ran too long, said too much, or failed. The message holds what it printed. */
final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String message;

    CommandException(String message) {
        super(message);
        this.message = message;
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
