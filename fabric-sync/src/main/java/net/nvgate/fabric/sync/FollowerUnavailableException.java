package net.nvgate.fabric.sync;

/** The follower is not connected, went away, or did not answer in time. */
public final class FollowerUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    public FollowerUnavailableException(String message) {
        super(message);
    }
}
