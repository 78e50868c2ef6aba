package net.nvgate.gateway.neighbor;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv6Address;
import org.jspecify.annotations.Nullable;

/**
 * Between one worker and the neighbour agent: what the worker saw and needs goes one way, the ARP requests and packets of neighbour
 * discovery it shall send come the other way. Bounded both ways; what does not fit is counted and lost, and is asked for again by the
 * next packet or the next retry.
 *
 * <pre>
 * event:    MAC | sender (2 words) | target (2 words) | port 32, kind 32
 * request:  MAC | source (2 words) | target (2 words) | port 32, VLAN 32
 * </pre>
 */
public final class NeighborChannel {

    /** Words of an event or request; see the static readers. */
    public static final int WORDS = RecordRing.WORDS;

    static final int EVENT_ARP_REQUEST = 1;
    static final int EVENT_ARP_REPLY = 2;
    static final int EVENT_NEEDED = 3;
    static final int EVENT_SOLICITATION = 4;
    /** With {@link #SOLICITED} and {@link #OVERRIDE} added as they are set. */
    static final int EVENT_ADVERTISEMENT = 8;

    static final int SOLICITED = 1;
    static final int OVERRIDE = 2;
    static final int EVENT_ROUTER = 16;
    static final int EVENT_GROUP_QUERY = 17;

    private final RecordRing events;
    private final RecordRing requests;
    private final LearningChannel learning;
    /** The agent's thread while it sleeps and is to be woken, else null. */
    private volatile @Nullable Thread sleeper;

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
            long sender = Addresses.mapped(senderIp);
            tell(senderMac, 0, sender, 0, Addresses.mapped(targetIp), meta(port, operation));
        }
    }

    /** Worker: a packet has this next hop, and the table has no MAC for it or a {@link NeighborEntry#stale} one. */
    public void needed(int port, int address) {
        needed(port, 0, Addresses.mapped(address));
    }

    /** As {@link #needed(int, int)}, for both families. */
    public void needed(int port, long high, long low) {
        tell(0, 0, 0, high, low, meta(port, EVENT_NEEDED));
    }

    /**
     * Worker: a valid neighbour solicitation for an address of ours came in.
     *
     * @param mac source link-layer address; 0 if there is none and the sender is unspecified
     */
    public void solicitationSeen(int port, long mac, long senderHigh, long senderLow, long targetHigh, long targetLow) {
        tell(mac, senderHigh, senderLow, targetHigh, targetLow, meta(port, EVENT_SOLICITATION));
    }

    /**
     * Worker: a valid neighbour advertisement came in.
     *
     * @param mac target link-layer address, 0 = none
     */
    public void advertisementSeen(
            int port, long mac, long targetHigh, long targetLow, boolean solicited, boolean override) {
        int kind = EVENT_ADVERTISEMENT + (solicited ? SOLICITED : 0) + (override ? OVERRIDE : 0);
        tell(mac, targetHigh, targetLow, 0, 0, meta(port, kind));
    }

    /**
     * Worker: a valid router advertisement came in.
     *
     * @param mac source link-layer address, 0 = none
     * @param lifetimeSeconds for how long the sender is a default router, 0 = it is none
     */
    public void routerSeen(int port, long mac, long senderHigh, long senderLow, int lifetimeSeconds) {
        tell(mac, senderHigh, senderLow, 0, lifetimeSeconds, meta(port, EVENT_ROUTER));
    }

    /** Worker: a valid query for multicast listeners came in; {@code vlan} is 0 if it was untagged. */
    public void groupQuerySeen(int port, int vlan) {
        tell(0, 0, 0, 0, vlan, meta(port, EVENT_GROUP_QUERY));
    }

    /**
     * Worker: takes the next request to send.
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

    private void tell(long word0, long word1, long word2, long word3, long word4, long word5) {
        events.offer(word0, word1, word2, word3, word4, word5);
        // Against wakeOnEvent: either this sees the sleeper, or that one sees the event.
        VarHandle.fullFence();
        Thread waiting = sleeper;
        if (waiting != null) {
            sleeper = null;
            LockSupport.unpark(waiting);
        }
    }

    /**
     * Agent's thread: is about to park, and is to be unparked once by the next event.
     *
     * @return false if an event has come already
     */
    public boolean wakeOnEvent() {
        sleeper = Thread.currentThread();
        VarHandle.fullFence();
        return events.isEmpty();
    }

    /** Agent's thread: does not sleep any more. */
    public void awake() {
        sleeper = null;
    }

    boolean pollEvent(long[] event) {
        return events.poll(event);
    }

    /**
     * Asks for a packet: ARP or a solicitation for the target; where source and target are the same, an announcement of it; where the
     * source is ::, a probe whether anybody has the target.
     *
     * @param mac whom to ask, 0 = everybody
     * @return false, and counted, if the worker is behind
     */
    boolean request(int port, int vlan, long mac, IpAddress source, IpAddress target) {
        return requests.offer(
                mac,
                Addresses.high(source),
                Addresses.low(source),
                Addresses.high(target),
                Addresses.low(target),
                meta(port, vlan));
    }

    /**
     * Asks for a report that we listen to a group, as a request whose target is the group.
     *
     * @param record of {@code Mld}
     * @return false, and counted, if the worker is behind
     */
    boolean report(int port, int vlan, int record, Ipv6Address group) {
        return requests.offer(0, 0, record, group.high(), group.low(), meta(port, vlan));
    }

    /** Of an event: VLAN of a query. */
    static int queryVlan(long[] event) {
        return (int) event[4];
    }

    /** Port to send by. */
    public static int port(long[] record) {
        return (int) (record[5] >>> 32);
    }

    /** 802.1Q VLAN id to send in, 0 = untagged. */
    public static int vlan(long[] request) {
        return (int) request[5];
    }

    /** Ethernet destination of a unicast probe (RFC 1122 §2.3.2.1, RFC 4861 §7.3.3); 0 = all. */
    public static long destinationMac(long[] request) {
        return request[0];
    }

    /** Whether a request is for ARP; else it is for neighbour discovery. */
    public static boolean isIpv4(long[] request) {
        return Addresses.isIpv4(request[3], request[4]);
    }

    /** Sender protocol address, of IPv4. */
    public static int senderIp(long[] record) {
        return (int) record[2];
    }

    /** Target protocol address, of IPv4. */
    public static int targetIp(long[] record) {
        return (int) record[4];
    }

    public static long sourceHigh(long[] request) {
        return request[1];
    }

    public static long sourceLow(long[] request) {
        return request[2];
    }

    public static long targetHigh(long[] request) {
        return request[3];
    }

    public static long targetLow(long[] request) {
        return request[4];
    }

    static int eventKind(long[] event) {
        return (int) event[5];
    }

    static long eventMac(long[] event) {
        return event[0];
    }

    /** Seconds. */
    static long routerLifetime(long[] event) {
        return event[4];
    }

    static IpAddress sender(long[] event) {
        return Addresses.of(event[1], event[2]);
    }

    static IpAddress target(long[] event) {
        return Addresses.of(event[3], event[4]);
    }

    private static long meta(int port, int what) {
        return (long) port << 32 | what;
    }
}
