package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.watch.Step;

/**
 * TCP SYNs from outside that nobody asked for yet (RFC 5382 REQ-4). Each waits for six seconds: if meanwhile a SYN of the same
 * connection goes out, e.g. of two peers that open simultaneously (RFC 5128 §3.4), it is forgotten without an answer; if not, its sender
 * gets ICMP port unreachable.
 *
 * <p>They wait in a ring in the order in which they came, which is that of their deadlines, so that nothing is searched: whether the
 * connection has come is asked when the deadline has. When the ring is full, or has size 0, a SYN is dropped without an answer.
 */
final class HeldSyns {

    /** RFC 5382 REQ-4: at least 6 s; the clock's milliseconds are whole ones. */
    private static final long HOLD_MS = 6_001;

    private static final int PER_TURN_MAX = 32;
    private static final int MARKS_PER_SYN = 4;

    private final long[] mbuf;
    private final long[] ip;
    private final int[] length;
    private final long[] key0;
    private final long[] key1;
    private final long[] dueMs;
    /** By hash of the key the ring position + 1 of a SYN: a repeated one is not held twice. A collision forgets the older mark. */
    private final int[] marks;

    private final Sessions sessions;
    private final IcmpSender icmp;
    private final Events events;
    private final Tap tap;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final Disposal disposal;
    private int head;
    private int count;

    /** @param max SYNs that wait at most, a power of two or 0 */
    HeldSyns(
            int max,
            Sessions sessions,
            IcmpSender icmp,
            Events events,
            Tap tap,
            WorkerClock clock,
            WorkerCounters counters,
            Disposal disposal) {
        this.mbuf = new long[max];
        this.ip = new long[max];
        this.length = new int[max];
        this.key0 = new long[max];
        this.key1 = new long[max];
        this.dueMs = new long[max];
        this.marks = new int[Math.max(1, max * MARKS_PER_SYN)];
        this.sessions = sessions;
        this.icmp = icmp;
        this.events = events;
        this.tap = tap;
        this.clock = clock;
        this.counters = counters;
        this.disposal = disposal;
    }

    /** Takes an unsolicited SYN, packet {@code i} of a burst from outside. */
    void hold(Burst burst, int i) {
        int mark = (int) burst.hash(i) & (marks.length - 1);
        if (tap.isTrial() || mbuf.length == 0 || isHeld(marks[mark] - 1, burst.key0(i), burst.key1(i))) {
            disposal.drop(burst.mbuf(i), DropReason.UNSOLICITED);
            return;
        }
        if (count == mbuf.length) {
            events.report(EventKind.SYN_FLOOD, 0, 0, FlowKey.destination(burst.key0(i)), Ipv4.TCP);
            disposal.drop(burst.mbuf(i), DropReason.UNSOLICITED);
            return;
        }
        int at = (head + count) & (mbuf.length - 1);
        mbuf[at] = burst.mbuf(i);
        ip[at] = burst.ip(i);
        length[at] = burst.length(i);
        key0[at] = burst.key0(i);
        key1[at] = burst.key1(i);
        dueMs[at] = clock.ms() + HOLD_MS;
        marks[mark] = at + 1;
        count++;
        tap.step(Step.SYN_HELD, 0, 0);
        counters.add(WorkerCounter.SYNS_HELD, 1);
    }

    private boolean isHeld(int at, long wanted0, long wanted1) {
        return at >= 0 && ((at - head) & (mbuf.length - 1)) < count && key0[at] == wanted0 && key1[at] == wanted1;
    }

    /** Deals with SYNs whose time has come; how many. */
    int poll() {
        int done = 0;
        while (count > 0 && dueMs[head] <= clock.ms() && done < PER_TURN_MAX) {
            int at = takeFirst();
            if (sessions.find(key0[at], key1[at]) != 0) {
                disposal.drop(mbuf[at], DropReason.UNSOLICITED);
            } else {
                counters.add(WorkerCounter.SYNS_REFUSED, 1);
                icmp.portUnreachableOutside(mbuf[at], ip[at], length[at]);
            }
            done++;
        }
        return done;
    }

    private int takeFirst() {
        int at = head;
        head = (head + 1) & (mbuf.length - 1);
        count--;
        return at;
    }

    /** Gives the waiting packets back. */
    void clear() {
        while (count > 0) {
            disposal.free(mbuf[takeFirst()]);
        }
    }
}
