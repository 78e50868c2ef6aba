package net.nvgate.gateway.police;

import java.util.Arrays;

/**
 * What waits for meters: a queue for each meter that has made a packet wait and not run empty since. Inside, VMs take turns by
 * their weights (deficit round robin), and the flows of a VM as in FQ-CoDel (RFC 8290): a new flow first, then those that have
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

    /** Places for VMs in a queue. */
    static final int VMS = 8;
    /** Places for flows of a VM. */
    static final int FLOWS = 16;
    /** Bytes of a turn of a flow, and of a VM of the {@link #WEIGHT_DEFAULT}. */
    static final int QUANTUM = 1514;

    private static final int LOST_AT_ONCE = 64;

    /** Of a VM whose port profile says nothing. */
    public static final int WEIGHT_DEFAULT = 10;

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
    private final PlaceLists vms;
    // By VM's place.
    private final int[] weight;
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
     */
    public FairQueues(HeldPackets packets, int meters, int queuesMax, Loss loss, Marker marker) {
        this.packets = packets;
        this.loss = loss;
        this.marker = marker;
        this.packetsMax = Math.max(32, packets.capacity() / 8);
        this.codel = new Codel(queuesMax * VMS * FLOWS);
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
        int vmPlaces = queuesMax * VMS;
        int flowPlaces = vmPlaces * FLOWS;
        this.vms = new PlaceLists(queuesMax, vmPlaces);
        this.weight = new int[vmPlaces];
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
        return queueOf[meter] - 1;
    }

    /** Meter of a queue. */
    public int meter(int queue) {
        return meterOf[queue];
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
            int first = queue * VMS * FLOWS;
            for (int flow = first; flow < first + VMS * FLOWS; flow++) {
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
     * @param vmWeight share of the VM beside others, 1..100
     * @param control network control
     */
    public void add(int queue, int packet, int vm, int vmWeight, int entropy, boolean control) {
        if (control) {
            if (controlTail[queue] == NONE) {
                controlHead[queue] = packet;
            } else {
                packets.next[controlTail[queue]] = packet;
            }
            controlTail[queue] = packet;
        } else {
            int vmPlace = vmPlace(queue * VMS, vm);
            int flow = flowPlace(vmPlace * FLOWS, entropy);
            weight[vmPlace] = vmWeight;
            append(flow, packet);
            if (!active[flow]) {
                active[flow] = true;
                deficit[flow] = QUANTUM;
                newFlows.append(vmPlace, flow);
            }
            if (!vms.has(vmPlace)) {
                vmDeficit[vmPlace] = quantum(vmPlace);
                vms.append(queue, vmPlace);
            }
        }
        count[queue]++;
        if (count[queue] > packetsMax) {
            loseFromLongest(queue);
        }
    }

    /** The VM's place, else a free one, else one that it shares. */
    private int vmPlace(int first, int vm) {
        int free = first + (spread(vm) & (VMS - 1));
        for (int place = first; place < first + VMS; place++) {
            if (!vms.has(place)) {
                free = place;
            } else if (vmKey[place] == vm) {
                return place;
            }
        }
        vmKey[free] = vms.has(free) ? vmKey[free] : vm;
        return free;
    }

    /** As {@link #vmPlace}, of a flow among those of its VM. */
    private int flowPlace(int first, int key) {
        int free = first + (spread(key) & (FLOWS - 1));
        for (int place = first; place < first + FLOWS; place++) {
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

    private void loseFromLongest(int queue) {
        int longest = NONE;
        int first = queue * VMS * FLOWS;
        for (int flow = first; flow < first + VMS * FLOWS; flow++) {
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
