package net.nvgate.gateway.police;

/**
 * A packet that a limit has stopped, and all that it takes to send it later. There is one of these in a worker, filled in anew for
 * each such packet; packets that no limit stops never get here.
 */
public final class LimitedPacket {

    public long mbuf;

    /** Of the IP header from the data of the mbuf. */
    public int ipOffset;

    /** Bytes of the IP packet. */
    public int length;

    /** Number of its next hop. */
    public int adjacency;

    /** Hash of its flow. */
    public int entropy;

    /** Of its VSID, -1 = none. */
    public int countersIndex;

    /** Dense index of its tenant. */
    public int domain;

    /** Any number that its VM's packets have in common, whichever of its addresses they have. */
    public int vm;

    /** Index of its NAT connection, -1 = none. */
    public int connection;

    /** Index of its virtual NIC, -1 = none that has a limit. */
    public int nic;

    /** Share of its VM beside others, 1..100. */
    public int weight = FairQueues.WEIGHT_DEFAULT;

    /** What its VM has before others have shares, kbit/s; 0 = nothing. */
    public int minimumKbps;
}
