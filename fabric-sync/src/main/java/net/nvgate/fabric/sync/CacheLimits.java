package net.nvgate.fabric.sync;

import java.time.Duration;

/**
 * Bounds of the policy cache.
 *
 * @param queueBytes encoded policy that waits for the disk
 * @param stallTimeout the apply thread waits so long for room in the queue; then the cache falls behind until the next
 *     snapshot, and policy goes on
 * @param logBytesMin deltas are folded into the snapshot when they take more than this and more than a quarter of it
 * @param logBytesMax deltas are folded into the snapshot when they take more than this
 * @param syncInterval shortest time between two fsyncs; a power cut loses at most this much, a killed process nothing
 */
public record CacheLimits(
        int queueBytes, Duration stallTimeout, int logBytesMin, int logBytesMax, Duration syncInterval) {

    public CacheLimits {
        SyncServerLimits.inRange("cache queue-bytes", queueBytes, 1 << 12, 1 << 30);
        SyncServerLimits.positive("cache stall-timeout", stallTimeout);
        SyncServerLimits.inRange("cache log-bytes-min", logBytesMin, 1, 1 << 30);
        SyncServerLimits.inRange("cache log-bytes-max", logBytesMax, logBytesMin, 1 << 30);
        SyncServerLimits.positive("cache sync-interval", syncInterval);
    }

    public static CacheLimits defaults() {
        return new CacheLimits(32 << 20, Duration.ofSeconds(5), 1 << 20, 16 << 20, Duration.ofSeconds(1));
    }
}
