package net.nvgate.fabric.sync;

import java.util.Map;

/**
 * What a follower can tell of itself. {@link #forwarding} and {@link #statusJson} are called from the stream's thread: they must answer
 * from memory, within milliseconds. {@link #query} has a thread of its own and may take seconds, in which other queries wait.
 */
public interface FollowerState {

    /** True when packets are forwarded by some policy. */
    boolean forwarding();

    /** Small JSON object: ports, counters, sessions in use... Goes up with every Status frame. */
    String statusJson();

    /**
     * Answers a query for live state; one is asked at a time.
     *
     * @param kind e.g. {@code lookup-records}, {@code sessions}
     * @param filter field name to text that the field must equal
     * @param limit rows at most
     * @throws IllegalArgumentException for a kind or filter the follower does not know; its message goes to the asker
     */
    QueryResult query(String kind, Map<String, String> filter, int limit);
}
