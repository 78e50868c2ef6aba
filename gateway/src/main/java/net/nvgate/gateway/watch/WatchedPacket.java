package net.nvgate.gateway.watch;

import java.util.List;

/** All that a worker has reported of one packet, in the order in which it happened. */
public record WatchedPacket(List<Record> records) {

    public WatchedPacket {
        records = List.copyOf(records);
    }

    /** One thing that happened. */
    @SuppressWarnings("AvoidCommonTypeNames") // One of a watched packet, named through it.
    public sealed interface Record {
        /** On the scale of {@link System#nanoTime}. */
        long nanos();
    }

    /**
     * A frame, as the wire has it.
     *
     * @param out it was sent
     * @param length of the frame, of which {@code bytes} may be the beginning
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares frames.
    public record Frame(long nanos, Side side, boolean out, int length, byte[] bytes) implements Record {}

    /** A decision with the numbers that {@link Step} tells of. */
    public record Decision(long nanos, Step step, long a, long b, long c, long d) implements Record {}

    /** @param reason ordinal of the worker's drop reason */
    public record Drop(long nanos, int reason) implements Record {}
}
