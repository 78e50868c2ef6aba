package net.nvgate.gateway.police;

import java.util.Arrays;

/**
 * What waits for meters: a queue for each meter that has made a packet wait and not run empty since. Inside, VMs take turns by
 * their weights (deficit round robin) once those have gone that are behind their minimum, and the flows of a VM as in FQ-CoDel (RFC 8290): a new flow first, then those that have
 * sent less, each kept short by {@link Codel}. Network control (class selectors 6 and 7) goes before
 * all, as every other packet at most.
 *
 * <pre>
 *  meter ─▶ queue ─▶ control ─────────────────────────────────┐
 *                ├─▶ VM (8 places) ─▶ flows (16 places) ─CoDel─┤─▶ gate: the packet that is next, until the meter lets it through
 *                └─▶ ...                                      ┘
 * </pre>
 *
 * Each VM and flow has a place of its own while there are places; beyond, some share one, and its turns.
 */
public final class FairQueues {

    /** Places for VMs in a queue of one tenant or connection. */
    public static final int VMS = 8;

    /** Places for flows of a VM there. */
    public static final int FLOWS = 16;

    /** Places that a VM or flow may have: beyond, it shares one. */
    private static final int PROBES = 16;
    /** Bytes of a turn of a flow, and of a VM of the {@link #WEIGHT_DEFAULT}. */
    static final int QUANTUM = 1514;

    private static final int LOST_AT_ONCE = 64;

    /** Of a VM whose port profile says nothing. */
    public static final int WEIGHT_DEFAULT = 10;

    /** So long a VM may be behind its minimum, and have that made up for. */
    private static final long BEHIND_NANOS = Meters.BURST_NANOS;

    private static final long ONE_BYTE = 8_000_000L;
    private static final int NONE = HeldPackets.NONE;

    /** Told of packets that a queue gives up. */
    public interface Loss {

        /** @param late it waited too long; otherwise there was no room */
        void lost(int packet, boolean late);
    }

    /** Told of packets that waited long and say that they can be marked instead of dropped (RFC 3168). */
    public interface Marker {

        /** Marks a packet; false if it cannot be. */
        boolean mark(int packet);
    }

    private final HeldPackets packets;
    private final Loss loss;
    private final Marker marker;
    private final int vmsEach;
    private final int flowsEach;
    private final int packetsMax;
    private final Codel codel;

    /** By meter: queue + 1. */
    private final int[] queueOf;

    private final int[] freeQueues;
    private int freeCount;

    // By queue.
    private final int[] meterOf;
    private final int[] count;
    private final long[] target;
    private final int[] gate;
    private final int[] controlHead;
    private final int[] controlTail;
    private final boolean[] controlLast;
    /** VMs in the list that have a minimum. */
    private final int[] guaranteed;

    private final PlaceLists vms;
    // By VM's place.
    private final int[] weight;
    private final int[] minimumKbps;
    /** When it has had its minimum; earlier than now: it is behind. */
    private final long[] servedUntil;

    private final int[] vmKey;
    private final int[] vmDeficit;
    private final PlaceLists newFlows;
    private final PlaceLists oldFlows;
    // By flow's place.
    private final int[] head;
    private final int[] tail;
    private final int[] bytes;
    private final int[] flowKey;
    private final int[] deficit;
    private final boolean[] active;

    /**
     * Takes all memory it will ever use.
     *
     * @param meters their numbers are below
     * @param queuesMax meters that make packets wait at one time
     * @param vmsEach places for VMs in a queue, a power of two
     * @param flowsEach places for flows of a VM, a power of two
     * @param packetsMax packets of a queue
     */
    public FairQueues(
            HeldPackets packets,
            int meters,
            int queuesMax,
            int vmsEach,
            int flowsEach,
            int packetsMax,
            Loss loss,
            Marker marker) {
        this.vmsEach = vmsEach;
        this.flowsEach = flowsEach;
        this.packetsMax = Math.max(32, packetsMax);
        this.packets = packets;
        this.loss = loss;
        this.marker = marker;
        this.codel = new Codel(queuesMax * vmsEach * flowsEach);
        this.queueOf = new int[meters];
        this.freeQueues = new int[queuesMax];
        for (int i = 0; i < queuesMax; i++) {
            freeQueues[freeCount++] = queuesMax - 1 - i;
        }
        this.meterOf = new int[queuesMax];
        this.count = new int[queuesMax];
        this.target = new long[queuesMax];
        this.gate = filled(queuesMax);
        this.controlHead = filled(queuesMax);
        this.controlTail = filled(queuesMax);
        this.controlLast = new boolean[queuesMax];
        this.guaranteed = new int[queuesMax];
        int vmPlaces = queuesMax * vmsEach;
        int flowPlaces = vmPlaces * flowsEach;
        this.vms = new PlaceLists(queuesMax, vmPlaces);
        this.weight = new int[vmPlaces];
        this.minimumKbps = new int[vmPlaces];
        this.servedUntil = new long[vmPlaces];
        this.vmKey = new int[vmPlaces];
        this.vmDeficit = new int[vmPlaces];
        this.newFlows = new PlaceLists(vmPlaces, flowPlaces);
        this.oldFlows = new PlaceLists(vmPlaces, flowPlaces);
        this.head = filled(flowPlaces);
        this.tail = filled(flowPlaces);
        this.bytes = new int[flowPlaces];
        this.flowKey = new int[flowPlaces];
        this.deficit = new int[flowPlaces];
        this.active = new boolean[flowPlaces];
    }

    private static int[] filled(int size) {
        int[] array = new int[size];
        Arrays.fill(array, NONE);
        return array;
    }

    /** Queue of a meter, -1 if nothing waits for it. */
    public int queue(int meter) {
        return freeCount == freeQueues.length ? NONE : queueOf[meter] - 1;
    }

    /** Meter of a queue. */
    public int meter(int queue) {
        return meterOf[queue];
    }

    /** Queues that there can be. */
    int queuesMax() {
        return freeQueues.length;
    }

    /** Queues that there can be besides those that are. */
    int free() {
        return freeCount;
    }

    /** Packets that wait in a queue. */
    public int count(int queue) {
        return count[queue];
    }

    /**
     * Makes an empty queue for a meter that has none.
     *
     * @param packetNanos how long the meter takes for a large packet
     * @return -1 if there are as many as there can be
     */
    public int open(int meter, long packetNanos) {
        if (freeCount == 0) {
            return NONE;
        }
        int queue = freeQueues[--freeCount];
        queueOf[meter] = queue + 1;
        if (meterOf[queue] != meter) {
            meterOf[queue] = meter;
            int first = queue * vmsEach * flowsEach;
            for (int flow = first; flow < first + vmsEach * flowsEach; flow++) {
                codel.reset(flow);
            }
        }
        target[queue] = Math.max(Codel.TARGET_NANOS, 2 * packetNanos);
        return queue;
    }

    /** A queue that has run empty is no more. */
    public void close(int queue) {
        queueOf[meterOf[queue]] = 0;
        freeQueues[freeCount++] = queue;
    }

    /**
     * Adds a packet. A queue that is too long loses the older half of the flow that has most (RFC 8290 §4.1.3), so that a flood does
     * not make it look for that flow with each packet.
     *
     * @param vm any number that its VM's packets have in common
     * @param control network control
     */
    public void add(int queue, int packet, int vm, boolean control) {
        if (control) {
            if (controlTail[queue] == NONE) {
                controlHead[queue] = packet;
            } else {
                packets.next[controlTail[queue]] = packet;
            }
            controlTail[queue] = packet;
        } else {
            int vmPlace = vmPlace(queue * vmsEach, vm, packets.since[packet]);
            int flow = flowPlace(vmPlace * flowsEach, packets.entropy[packet]);
            share(queue, vmPlace, packets.weight[packet], packets.minimumKbps[packet]);
            append(flow, packet);
            if (!active[flow]) {
                active[flow] = true;
                deficit[flow] = QUANTUM;
                newFlows.append(vmPlace, flow);
            }
            if (!vms.has(vmPlace)) {
                vmDeficit[vmPlace] = quantum(vmPlace);
                vms.append(queue, vmPlace);
                guaranteed[queue] += minimumKbps[vmPlace] == 0 ? 0 : 1;
            }
        }
        count[queue]++;
        if (count[queue] > packetsMax) {
            loseFromLongest(queue);
        }
    }

    private void share(int queue, int vmPlace, int vmWeight, int vmMinimumKbps) {
        if (vms.has(vmPlace)) {
            guaranteed[queue] += (vmMinimumKbps == 0 ? 0 : 1) - (minimumKbps[vmPlace] == 0 ? 0 : 1);
        }
        weight[vmPlace] = vmWeight;
        minimumKbps[vmPlace] = vmMinimumKbps;
    }

    /** The VM's place, else a free one, else one that it shares. */
    private int vmPlace(int first, int vm, long nowNanos) {
        int start = spread(vm);
        int free = first + (start & (vmsEach - 1));
        for (int i = 0; i < Math.min(vmsEach, PROBES); i++) {
            int place = first + (start + i & (vmsEach - 1));
            if (!vms.has(place)) {
                free = place;
            } else if (vmKey[place] == vm) {
                return place;
            }
        }
        if (!vms.has(free)) {
            servedUntil[free] = vmKey[free] == vm ? Math.max(servedUntil[free], nowNanos - BEHIND_NANOS) : nowNanos;
            vmKey[free] = vm;
        }
        return free;
    }

    /** As {@link #vmPlace}, of a flow among those of its VM. */
    private int flowPlace(int first, int key) {
        int start = spread(key);
        int free = first + (start & (flowsEach - 1));
        for (int i = 0; i < Math.min(flowsEach, PROBES); i++) {
            int place = first + (start + i & (flowsEach - 1));
            if (!active[place]) {
                free = place;
            } else if (flowKey[place] == key) {
                return place;
            }
        }
        flowKey[free] = active[free] ? flowKey[free] : key;
        return free;
    }

    private static int spread(int value) {
        int mixed = value * 0x9E3779B1;
        return mixed ^ mixed >>> 16;
    }

    private int quantum(int vmPlace) {
        return Math.max(1, QUANTUM * weight[vmPlace] / WEIGHT_DEFAULT);
    }

    private void append(int flow, int packet) {
        if (tail[flow] == NONE) {
            head[flow] = packet;
        } else {
            packets.next[tail[flow]] = packet;
        }
        tail[flow] = packet;
        bytes[flow] += packets.length[packet];
    }

    private int remove(int flow) {
        int packet = head[flow];
        head[flow] = packets.next[packet];
        if (head[flow] == NONE) {
            tail[flow] = NONE;
        }
        packets.next[packet] = NONE;
        bytes[flow] -= packets.length[packet];
        return packet;
    }

    /** Loses the older half of the flow that has most, of a queue of two packets or more. */
    public void loseFromLongest(int queue) {
        int longest = NONE;
        int first = queue * vmsEach * flowsEach;
        for (int flow = first; flow < first + vmsEach * flowsEach; flow++) {
            if (head[flow] != NONE && (longest == NONE || bytes[flow] > bytes[longest])) {
                longest = flow;
            }
        }
        if (longest == NONE) {
            count[queue]--;
            loss.lost(takeControl(queue), false);
            return;
        }
        int enough = bytes[longest] / 2;
        for (int i = 0; i < LOST_AT_ONCE && bytes[longest] > enough; i++) {
            count[queue]--;
            loss.lost(remove(longest), false);
        }
    }

    /**
     * The packet that is next, until {@link #passed}; what waited too long before it is lost.
     *
     * @return {@link HeldPackets#NONE} if the queue is empty
     */
    public int next(int queue, long nowNanos) {
        if (gate[queue] == NONE) {
            gate[queue] = choose(queue, nowNanos);
        }
        return gate[queue];
    }

    private int choose(int queue, long nowNanos) {
        boolean control = controlHead[queue] != NONE;
        if (!control || controlLast[queue]) {
            controlLast[queue] = false;
            int packet = ofVms(queue, nowNanos);
            if (packet != NONE || !control) {
                return packet;
            }
        }
        controlLast[queue] = true;
        return takeControl(queue);
    }

    /** The next packet goes. */
    public void passed(int queue) {
        gate[queue] = NONE;
        count[queue]--;
    }

    private int takeControl(int queue) {
        int packet = controlHead[queue];
        controlHead[queue] = packets.next[packet];
        if (controlHead[queue] == NONE) {
            controlTail[queue] = NONE;
        }
        packets.next[packet] = NONE;
        return packet;
    }

    private int ofVms(int queue, long nowNanos) {
        int behind = guaranteed[queue] == 0 ? NONE : ofBehind(queue, nowNanos);
        return behind == NONE ? ofShares(queue, nowNanos) : behind;
    }

    /** The next packet of who is behind its minimum for the longest time, so that all are in proportion if there is not enough for all. */
    private int ofBehind(int queue, long nowNanos) {
        int furthest = NONE;
        long most = 0;
        for (int vm = vms.first(queue); vm != NONE; vm = vms.next(vm)) {
            long behind = nowNanos - servedUntil[vm];
            if (minimumKbps[vm] != 0 && behind > most) {
                furthest = vm;
                most = behind;
            }
        }
        if (furthest == NONE) {
            return NONE;
        }
        if (most > BEHIND_NANOS) {
            forgive(queue, most - BEHIND_NANOS);
        }
        int packet = ofFlows(queue, furthest, nowNanos);
        if (packet == NONE) {
            // Who has nothing that waits is not behind.
            servedUntil[furthest] = nowNanos;
        } else {
            servedUntil[furthest] += packets.length[packet] * ONE_BYTE / minimumKbps[furthest];
        }
        return packet;
    }

    /** There is not enough for all minimums: nobody is owed what there never was, and who is further behind than others stays so. */
    private void forgive(int queue, long nanos) {
        for (int vm = vms.first(queue); vm != NONE; vm = vms.next(vm)) {
            servedUntil[vm] += nanos;
        }
    }

    private int ofShares(int queue, long nowNanos) {
        while (true) {
            int vm = vms.first(queue);
            if (vm == NONE) {
                return NONE;
            }
            if (vmDeficit[vm] <= 0) {
                vmDeficit[vm] += quantum(vm);
                vms.toEnd(queue);
                continue;
            }
            int packet = ofFlows(queue, vm, nowNanos);
            if (packet != NONE) {
                vmDeficit[vm] -= packets.length[packet];
                return packet;
            }
            vms.removeFirst(queue);
            guaranteed[queue] -= minimumKbps[vm] == 0 ? 0 : 1;
        }
    }

    /** RFC 8290 §4.2. */
    private int ofFlows(int queue, int vm, long nowNanos) {
        while (true) {
            boolean isNew = newFlows.first(vm) != NONE;
            int flow = isNew ? newFlows.first(vm) : oldFlows.first(vm);
            if (flow == NONE) {
                return NONE;
            }
            PlaceLists list = isNew ? newFlows : oldFlows;
            if (deficit[flow] <= 0) {
                deficit[flow] += QUANTUM;
                list.removeFirst(vm);
                oldFlows.append(vm, flow);
                continue;
            }
            int packet = ofFlow(queue, flow, nowNanos);
            if (packet != NONE) {
                deficit[flow] -= packets.length[packet];
                return packet;
            }
            list.removeFirst(vm);
            // A new flow that runs empty must wait behind the old ones once, or it would always be new.
            if (isNew && oldFlows.first(vm) != NONE) {
                oldFlows.append(vm, flow);
            } else {
                active[flow] = false;
            }
        }
    }

    private int ofFlow(int queue, int flow, long nowNanos) {
        while (head[flow] != NONE) {
            boolean shallow = bytes[flow] <= QUANTUM;
            int packet = remove(flow);
            boolean drops = codel.drops(flow, nowNanos - packets.since[packet], target[queue], shallow, nowNanos);
            if (!drops || marker.mark(packet)) {
                return packet;
            }
            count[queue]--;
            loss.lost(packet, true);
        }
        codel.empty(flow);
        return NONE;
    }
}
