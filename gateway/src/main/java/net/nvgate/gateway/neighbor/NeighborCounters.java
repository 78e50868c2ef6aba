package net.nvgate.gateway.neighbor;

import java.util.concurrent.atomic.LongAdder;

/** What happened in neighbour resolution, for metrics. Read from any thread. */
public final class NeighborCounters {

    /** Answers to our requests. */
    public final LongAdder resolved = new LongAdder();
    /** Addresses that did not answer. */
    public final LongAdder failed = new LongAdder();
    /** ARP requests handed to a worker. */
    public final LongAdder requests = new LongAdder();
    /** Gratuitous ARP requests handed to a worker. */
    public final LongAdder announced = new LongAdder();
    /** Gratuitous ARP requests put off because the worker was behind. */
    public final LongAdder announcementsDeferred = new LongAdder();
    /** Neighbours refused because the table is full. */
    public final LongAdder refusedFull = new LongAdder();
    /** Senders and next hops ignored because they are not in a subnet of the port. */
    public final LongAdder refusedOffLink = new LongAdder();
    /** ARP packets with an impossible sender: a multicast or zero MAC. */
    public final LongAdder malformed = new LongAdder();
    /** ARP packets of somebody else who claims one of our addresses (RFC 5227 §2.4). */
    public final LongAdder conflicts = new LongAdder();
    /** Neighbours that changed their MAC. */
    public final LongAdder moved = new LongAdder();
}
