package net.nvgate.fabric.sync;

import java.time.Duration;

/**
 * Every bound of the server: nothing a follower does, or does not do, makes the manager grow beyond them.
 *
 * @param connections how many connections at once, and whose
 * @param frameBytes largest frame in either direction; a delta that does not fit is sent as a snapshot
 * @param chunkBytes a snapshot chunk is closed when it reaches this size
 * @param statusBytes largest status JSON of a follower, which the server keeps
 * @param writeLowBytes a follower that was too slow is written to again when this much is left unsent
 * @param writeHighBytes a follower with this much unsent gets nothing more
 * @param snapshots snapshots being sent at once; others wait in line
 * @param queries unanswered queries per follower
 * @param queryRows rows in one answer
 * @param sharedDeltaBytes encoded deltas kept for other followers that need the same one
 * @param queryTimeout then the asker gets an error
 * @param helloTimeout a connection that has not said Hello by then is closed
 * @param idleTimeout a follower that has sent nothing for so long is taken for dead
 * @param pingInterval a Ping is sent when nothing else was for so long
 * @param stallTimeout a follower that has not read for so long is disconnected
 * @param progressInterval how often followers without changes learn the head revision
 * @param behindTimeout a follower that holds more than this manager has reached waits so long, then it is sent to another
 */
public record SyncServerLimits(
        Doorkeeper.Limits connections,
        int frameBytes,
        int chunkBytes,
        int statusBytes,
        int writeLowBytes,
        int writeHighBytes,
        int snapshots,
        int queries,
        int queryRows,
        int sharedDeltaBytes,
        Duration queryTimeout,
        Duration helloTimeout,
        Duration idleTimeout,
        Duration pingInterval,
        Duration stallTimeout,
        Duration progressInterval,
        Duration behindTimeout) {

    public SyncServerLimits {
        inRange("frame-bytes", frameBytes, 1 << 12, 1 << 28);
        inRange("chunk-bytes", chunkBytes, 1 << 10, frameBytes / 2);
        inRange("status-bytes", statusBytes, 1 << 10, frameBytes / 2);
        inRange("write-high-bytes", writeHighBytes, 1 << 12, 1 << 28);
        inRange("write-low-bytes", writeLowBytes, 1, writeHighBytes);
        inRange("snapshots", snapshots, 1, 10_000);
        inRange("queries", queries, 1, 10_000);
        inRange("query-rows", queryRows, 1, 1_000_000);
        inRange("shared-delta-bytes", sharedDeltaBytes, 0, 1 << 30);
        positive("query-timeout", queryTimeout);
        positive("hello-timeout", helloTimeout);
        positive("idle-timeout", idleTimeout);
        positive("ping-interval", pingInterval);
        positive("stall-timeout", stallTimeout);
        positive("progress-interval", progressInterval);
        positive("behind-timeout", behindTimeout);
    }

    public static SyncServerLimits defaults() {
        return new SyncServerLimits(
                Doorkeeper.Limits.DEFAULT,
                4 << 20,
                256 << 10,
                256 << 10,
                256 << 10,
                1 << 20,
                16,
                32,
                10_000,
                16 << 20,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10));
    }

    static void inRange(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("sync " + key + " must be " + min + ".." + max + ", not " + value);
        }
    }

    static void positive(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("sync " + key + " must be positive, not " + value);
        }
    }
}
