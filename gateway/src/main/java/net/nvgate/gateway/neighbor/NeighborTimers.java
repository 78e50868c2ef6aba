package net.nvgate.gateway.neighbor;

import java.time.Duration;

/**
 * Times and limits of neighbour resolution.
 *
 * @param retry between ARP requests for one address; RFC 1122 §2.3.2.1 asks for at most one a second
 * @param triesMax requests before giving up, and unicast probes before broadcasting again
 * @param reachable shortest time an answer is believed; each time lasts once to twice as long, so that probes spread
 * @param stale how long an unverified neighbour nobody needs is kept
 * @param failed how long a silent address is remembered as silent after the last request that a packet has caused
 * @param neighborsMax entries; above, what is needed is refused and counted
 */
public record NeighborTimers(
        Duration retry, int triesMax, Duration reachable, Duration stale, Duration failed, int neighborsMax) {

    public static final NeighborTimers DEFAULT = new NeighborTimers(
            Duration.ofSeconds(1), 3, Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(5), 8192);
}
