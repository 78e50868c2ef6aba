package net.nvgate.fabric.sync;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.policy.NodeId;

/**
 * Whom a follower follows and where it keeps the policy it got.
 *
 * @param managers of one fabric; any of them will do, and another one when it is away
 * @param node who this follower is
 * @param stateDirectory made if absent; holds the policy cache
 * @param software version shown to people
 */
public record SyncClientConfig(
        List<Address> managers, NodeId node, Path stateDirectory, String software, Limits limits) {

    public SyncClientConfig {
        managers = List.copyOf(managers);
        if (managers.isEmpty()) {
            throw new IllegalArgumentException("there must be a manager to follow");
        }
        for (Address manager : managers) {
            if (manager.host().isBlank()) {
                throw new IllegalArgumentException("manager host must not be empty");
            }
            if (manager.port() < 1 || manager.port() > 65535) {
                throw new IllegalArgumentException("manager port must be 1..65535, not " + manager.port());
            }
        }
    }

    public static SyncClientConfig of(
            String managerHost, int managerPort, NodeId node, Path stateDirectory, String software) {
        return of(List.of(new Address(managerHost, managerPort)), node, stateDirectory, software);
    }

    public static SyncClientConfig of(List<Address> managers, NodeId node, Path stateDirectory, String software) {
        return new SyncClientConfig(managers, node, stateDirectory, software, Limits.defaults());
    }

    public SyncClientConfig withLimits(Limits newLimits) {
        return new SyncClientConfig(managers, node, stateDirectory, software, newLimits);
    }

    /**
     * Bounds of the client.
     *
     * @param frameBytes largest frame in either direction
     * @param applyQueueFrames policy frames that wait for the apply thread; then the client stops reading
     * @param objects objects in one policy
     * @param queryRows rows in one answer, whatever the asker wants
     * @param connectTimeout for the TCP connection
     * @param idleTimeout a manager that has sent nothing for so long is taken for dead
     * @param statusInterval between Status frames when nothing changes
     * @param backoffMin first wait before a reconnect, jittered
     * @param backoffMax longest wait before a reconnect, jittered
     * @param closeTimeout the client waits for a revision that is being applied when it is closed; then it says what is left undone
     */
    public record Limits(
            int frameBytes,
            int applyQueueFrames,
            int objects,
            int queryRows,
            Duration connectTimeout,
            Duration idleTimeout,
            Duration statusInterval,
            Duration backoffMin,
            Duration backoffMax,
            Duration closeTimeout,
            CacheLimits cache) {

        public Limits {
            SyncServerLimits.inRange("frame-bytes", frameBytes, 1 << 12, 1 << 28);
            SyncServerLimits.inRange("apply-queue-frames", applyQueueFrames, 2, 100_000);
            SyncServerLimits.inRange("objects", objects, 1, 100_000_000);
            SyncServerLimits.inRange("query-rows", queryRows, 1, 1_000_000);
            SyncServerLimits.positive("connect-timeout", connectTimeout);
            SyncServerLimits.positive("idle-timeout", idleTimeout);
            SyncServerLimits.positive("status-interval", statusInterval);
            SyncServerLimits.positive("backoff-min", backoffMin);
            if (backoffMax.compareTo(backoffMin) < 0) {
                throw new IllegalArgumentException("sync backoff-max must be at least backoff-min " + backoffMin);
            }
            SyncServerLimits.positive("close-timeout", closeTimeout);
        }

        public static Limits defaults() {
            return new Limits(
                    4 << 20,
                    16,
                    4_000_000,
                    10_000,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    CacheLimits.defaults());
        }
    }
}
