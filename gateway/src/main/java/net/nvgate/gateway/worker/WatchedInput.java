package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.watch.Side;
import net.nvgate.gateway.watch.Watch;

/**
 * Takes watched packets out of a burst and lets each go its way alone, in its turn and by the complete path, which reports what it
 * decides to the {@link Tap}. The others go as ever. Also runs trials: packets that are none.
 */
final class WatchedInput {

    private final WorkerParts parts;
    private final Tap tap;
    private final TapSieve sieve;
    private final TapMatch match;
    private final Trial trial;
    private final Mempool pool;
    private final long array;
    /** Of the packets that have passed of this burst. */
    private long bytes;
    /** Of those who watch the packet that was looked at last. */
    private int slots;

    /** @param array 8 bytes of memory for an mbuf's address */
    WatchedInput(WorkerParts parts, TapMatch match, Trial trial, Mempool pool, long array) {
        this.parts = parts;
        this.tap = parts.tap;
        this.sieve = new TapSieve(parts.tap, parts.tables);
        this.match = match;
        this.trial = trial;
        this.pool = pool;
        this.array = array;
    }

    /**
     * A burst, in its order.
     *
     * @param packets address of {@code count} mbuf addresses
     * @return bytes of the packets
     */
    long pass(Worker worker, Side side, long packets, int count) {
        sieve.newBurst();
        bytes = 0;
        int i = worker.passUnwatched(side, packets, count);
        while (i < count) {
            long mbuf = Mem.i64(packets + 8L * i);
            tap.follow(slots);
            tap.frame(side, false, mbuf);
            bytes += worker.alone(side, mbuf);
            tap.end();
            i++;
            i += worker.passUnwatched(side, packets + 8L * i, count - i);
        }
        return bytes;
    }

    /** First pass: what {@link TapSieve#concerns} wants of packets from inside; the same for a burst. */
    long wantedFromPa() {
        return sieve.wantedFromPa();
    }

    /** As {@link #wantedFromPa}, from outside. */
    long wantedFromExt() {
        return sieve.wantedFromExt();
    }

    /** As {@link #watches(Side, long)}, of a packet with addresses that {@link TapSieve#concerns} somebody. */
    boolean watches(Side side, long mbuf, long addresses) {
        return sieve.mayBe(side, addresses) && watches(side, mbuf);
    }

    /** First pass: whether somebody watches a packet; then that pass ends before it. */
    boolean watches(Side side, long mbuf) {
        long frame = Mbuf.dataAddress(mbuf);
        int length = Mbuf.dataLength(mbuf);
        if (side == Side.PA) {
            slots = sieve.mayBeFromPa(frame, length) ? match.fromPa(mbuf) : 0;
        } else {
            slots = sieve.mayBeFromExt(frame, length) ? match.fromExt(mbuf) : 0;
        }
        return slots != 0;
    }

    /** First pass: bytes of packets that nobody watches. */
    void passed(long passed) {
        bytes += passed;
    }

    /** First pass over a packet alone; its bytes. */
    long receive(Side side, long mbuf, Burst burst) {
        long bytes = Mbuf.packetLength(mbuf);
        if (side == Side.PA) {
            parts.paInput.newBurst();
            parts.paInput.receive(mbuf, burst);
        } else {
            parts.extInput.receive(mbuf, burst);
        }
        return bytes;
    }

    /** Third pass, as {@link FastTenantPath#forward(Burst)} and {@link FastExternalPath#forward(Burst)}. */
    void forward(Burst burst, Side from) {
        for (int i = 0; i < burst.count(); i++) {
            if (from == Side.PA) {
                parts.counters.received(VsidEntry.countersIndex(burst.vsid(i)), burst.length(i));
                parts.tenantPath.forward(burst, i, line(burst, i));
            } else {
                parts.externalPath.forward(burst, i, line(burst, i));
            }
        }
    }

    private long line(Burst burst, int i) {
        long line = parts.sessions.find(burst.hash(i), burst.key0(i), burst.key1(i));
        if (line != 0 && tap.isTrial()) {
            trial.meets(line);
        }
        return line;
    }

    /** Takes orders; runs one trial at most. */
    int poll(Worker worker) {
        Watch watch = tap.poll();
        sieve.renew();
        if (watch == null) {
            return 0;
        }
        if (!pool.allocate(array, 1)) {
            watch.stop();
            return 0;
        }
        long mbuf = Mem.i64(array);
        if (watch.trialLength() > Mbuf.tailroom(mbuf)) {
            parts.disposal.free(mbuf);
            watch.stop();
            return 0;
        }
        Mem.copy(watch.trialFrame(), Mbuf.dataAddress(mbuf), watch.trialLength());
        Mbuf.length(mbuf, watch.trialLength());
        run(worker, watch, mbuf);
        return 1;
    }

    private void run(Worker worker, Watch watch, long mbuf) {
        Side side = watch.isTrialFromPa() ? Side.PA : Side.EXT;
        // What is collected by now are real packets: they must leave, and none of them is the trial's.
        worker.settle();
        trial.begin(parts.sessions);
        tap.followTrial(watch);
        tap.frame(side, false, mbuf);
        worker.alone(side, mbuf);
        tap.end();
        trial.end(parts.sessions);
    }
}
