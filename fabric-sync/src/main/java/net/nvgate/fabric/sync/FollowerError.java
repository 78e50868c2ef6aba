package net.nvgate.fabric.sync;

import java.time.Instant;

/**
 * The last time that a follower refused one object.
 *
 * @param key of the object of policy
 * @param reason at most 512 characters
 * @param revision that it was refused in
 * @param standing false once the follower has applied policy again
 */
public record FollowerError(String key, String reason, long revision, Instant at, boolean standing) {

    private static final int REASON_CHARACTERS_MAX = 512;

    public FollowerError {
        if (reason.length() > REASON_CHARACTERS_MAX) {
            reason = reason.substring(0, REASON_CHARACTERS_MAX - 3) + "...";
        }
    }

    FollowerError over() {
        return new FollowerError(key, reason, revision, at, false);
    }
}
