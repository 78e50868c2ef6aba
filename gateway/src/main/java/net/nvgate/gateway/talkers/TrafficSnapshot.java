package net.nvgate.gateway.talkers;

import java.util.List;
import java.util.Map;

/**
 * What VMs and NAT rules had carried at a moment.
 *
 * @param atNanos on the clock of {@link System#nanoTime}
 * @param vms of each worker, by {@link TrafficKeys#vm}
 * @param rules of all workers together, by {@link TrafficKeys#rule}
 */
public record TrafficSnapshot(long atNanos, List<Map<Long, Traffic>> vms, Map<Long, Traffic> rules) {

    public static final TrafficSnapshot NONE = new TrafficSnapshot(0, List.of(), Map.of());

    /** @param missed bytes that may be missing at most */
    public record Traffic(long packetsOut, long bytesOut, long packetsIn, long bytesIn, long missed) {

        public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0);

        public long bytes() {
            return bytesOut + bytesIn;
        }

        public long packets() {
            return packetsOut + packetsIn;
        }

        /** What somebody had carried before, he has carried still. */
        Traffic atLeast(Traffic before) {
            return new Traffic(
                    Math.max(packetsOut, before.packetsOut),
                    Math.max(bytesOut, before.bytesOut),
                    Math.max(packetsIn, before.packetsIn),
                    Math.max(bytesIn, before.bytesIn),
                    missed);
        }

        public Traffic plus(Traffic other) {
            return new Traffic(
                    packetsOut + other.packetsOut,
                    bytesOut + other.bytesOut,
                    packetsIn + other.packetsIn,
                    bytesIn + other.bytesIn,
                    missed + other.missed);
        }
    }
}
