package net.nvgate.gateway.neighbor;

/**
 * Between one worker and the neighbour agent: what the worker saw and needs goes one way, the ARP requests it shall send
 * come the other way. Bounded both ways; what does not fit is counted and lost, and is asked for again by the next packet
 * or the next retry.
 */
public final class NeighborChannel {

    /** Words of an event or request; see the static readers. */
    public static final int WORDS = 3;

    static final int EVENT_ARP_REQUEST = 1;
    static final int EVENT_ARP_REPLY = 2;
    static final int EVENT_NEEDED = 3;

    private final RecordRing events;
    private final RecordRing requests;
    private final LearningChannel learning;

    /** @param capacity events and requests that may wait, a power of two */
    public NeighborChannel(int capacity) {
        this.events = new RecordRing(capacity);
        this.requests = new RecordRing(capacity);
        this.learning = new LearningChannel(capacity);
    }

    /**
     * Worker: an ARP packet came in that is well-formed (Ethernet, IPv4).
     *
     * @param operation 1 request, 2 reply; others are ignored
     * @param senderMac sender hardware address
     * @param senderIp sender protocol address, host order
     * @param targetIp target protocol address, host order
     */
    public void arpSeen(int port, int operation, long senderMac, int senderIp, int targetIp) {
        if (operation == EVENT_ARP_REQUEST || operation == EVENT_ARP_REPLY) {
            events.offer(senderMac, pair(senderIp, targetIp), meta(port, operation));
        }
    }

    /** Worker: a packet has this next hop, and the table has no entry for it or a {@link NeighborEntry#stale} one. */
    public void needed(int port, int address) {
        events.offer(0, pair(0, address), meta(port, EVENT_NEEDED));
    }

    /**
     * Worker: takes the next ARP request to send.
     *
     * @param request at least {@link #WORDS} long, read with the static methods
     * @return false if there is none
     */
    public boolean pollRequest(long[] request) {
        return requests.poll(request);
    }

    /** What the worker learned of VMs with L2Only records. */
    public LearningChannel learning() {
        return learning;
    }

    /** Any thread: events the worker could not tell because the agent was behind. */
    public long eventsDropped() {
        return events.refused();
    }

    /** Any thread: requests the agent could not hand over because the worker was behind. */
    public long requestsDropped() {
        return requests.refused();
    }

    boolean pollEvent(long[] event) {
        return events.poll(event);
    }

    /** False, and counted, if the worker is behind. */
    boolean request(int port, int vlan, long mac, int sourceIp, int targetIp) {
        return requests.offer(mac, pair(sourceIp, targetIp), meta(port, vlan));
    }

    /** Port to send by. */
    public static int port(long[] record) {
        return (int) (record[2] >>> 32);
    }

    /** 802.1Q VLAN id to send in, 0 = untagged. */
    public static int vlan(long[] request) {
        return (int) request[2];
    }

    /** Ethernet destination of a unicast probe (RFC 1122 §2.3.2.1); 0 = broadcast. */
    public static long destinationMac(long[] request) {
        return request[0];
    }

    /** Sender protocol address. */
    public static int senderIp(long[] record) {
        return (int) (record[1] >>> 32);
    }

    /** Target protocol address. */
    public static int targetIp(long[] record) {
        return (int) record[1];
    }

    static int eventKind(long[] event) {
        return (int) event[2];
    }

    static long eventMac(long[] event) {
        return event[0];
    }

    private static long pair(int high, int low) {
        return (long) high << 32 | Integer.toUnsignedLong(low);
    }

    private static long meta(int port, int what) {
        return (long) port << 32 | what;
    }
}
