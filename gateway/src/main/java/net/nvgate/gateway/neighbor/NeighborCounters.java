package net.nvgate.gateway.neighbor;

import java.util.concurrent.atomic.LongAdder;

/** What happened in neighbour resolution, for metrics. Read from any thread. */
public final class NeighborCounters {

    /** Answers to our requests. */
    public final LongAdder resolved = new LongAdder();
    /** Addresses that did not answer. */
    public final LongAdder failed = new LongAdder();
    /** ARP requests and neighbour solicitations handed to a worker. */
    public final LongAdder requests = new LongAdder();
    /** Gratuitous ARP requests and unsolicited neighbour advertisements handed to a worker. */
    public final LongAdder announced = new LongAdder();
    /** Announcements put off because the worker was behind. */
    public final LongAdder announcementsDeferred = new LongAdder();
    /** Neighbours refused because the table is full. */
    public final LongAdder refusedFull = new LongAdder();
    /** Senders and next hops ignored because they are not in a subnet of the port. */
    public final LongAdder refusedOffLink = new LongAdder();
    /** ARP packets with an impossible sender: a multicast or zero MAC. */
    public final LongAdder malformed = new LongAdder();
    /** Packets of somebody else who claims one of our addresses (RFC 5227 §2.4, RFC 4862 §5.4.4). */
    public final LongAdder conflicts = new LongAdder();
    /** Own IPv6 addresses that somebody else was found to have (RFC 4862 §5.4.5). */
    public final LongAdder duplicates = new LongAdder();
    /** Neighbours that changed their MAC. */
    public final LongAdder moved = new LongAdder();
}
