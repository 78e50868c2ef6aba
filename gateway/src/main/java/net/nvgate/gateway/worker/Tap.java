package net.nvgate.gateway.worker;

import java.util.concurrent.atomic.AtomicReferenceArray;
import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.watch.Side;
import net.nvgate.gateway.watch.Step;
import net.nvgate.gateway.watch.Watch;
import org.jspecify.annotations.Nullable;

/**
 * Where the classes on a packet's path report what they decide, for whoever watches it. While a packet is followed it is alone on its
 * way, so that all that is reported is about it; the rest of the time, and always when nobody watches, a report is one comparison.
 */
public final class Tap {

    static final int SLOTS = 8;

    private final AtomicReferenceArray<@Nullable Watch> posted = new AtomicReferenceArray<>(SLOTS);
    /** Behind the slots there is room for a trial. */
    private final @Nullable Watch[] open = new Watch[SLOTS + 1];

    private final WorkerClock clock;
    private boolean on;
    private boolean trial;
    private int following;

    Tap(WorkerClock clock) {
        this.clock = clock;
    }

    /** Any thread: an order to the worker; false when it has as many as it can. It takes it back itself when it is done. */
    public boolean post(Watch watch) {
        for (int i = 0; i < SLOTS; i++) {
            if (posted.compareAndSet(i, null, watch)) {
                return true;
            }
        }
        return false;
    }

    /** Whether packets must be looked at as they come. */
    boolean isOn() {
        return on;
    }

    /** Whether the packet that is under way is watched. */
    boolean isFollowing() {
        return following != 0;
    }

    /** Whether the packet that is under way is none: nothing may come of it. */
    boolean isTrial() {
        return trial;
    }

    /** Every millisecond or so: takes orders and lets go of those that are done; a trial to be run now, null if there is none. */
    @Nullable
    Watch poll() {
        on = false;
        Watch next = null;
        for (int i = 0; i < SLOTS; i++) {
            Watch watch = posted.getAcquire(i);
            open[i] = null;
            if (watch == null) {
                continue;
            }
            if (!watch.isOpen(clock.ms())) {
                posted.setRelease(i, null);
                watch.finish();
            } else if (watch.isTrial()) {
                next = watch;
            } else {
                open[i] = watch;
                on = true;
            }
        }
        return next;
    }

    /** An order that still wants packets, null if there is none in a slot. */
    @Nullable
    Watch open(int slot) {
        Watch watch = open[slot];
        return watch != null && watch.isOpen(clock.ms()) ? watch : null;
    }

    /** A packet begins its way that some watch. */
    void follow(int slots) {
        following = slots;
        for (int i = 0; i <= SLOTS; i++) {
            Watch watch = (slots & (1 << i)) == 0 ? null : open[i];
            if (watch != null) {
                watch.begin();
            }
        }
    }

    /** A trial begins, see {@link Trial}. */
    void followTrial(Watch watch) {
        open[SLOTS] = watch;
        trial = true;
        follow(1 << SLOTS);
    }

    /** All is known of the packet that is followed. */
    void end() {
        for (int i = 0; i <= SLOTS; i++) {
            Watch watch = (following & (1 << i)) == 0 ? null : open[i];
            if (watch != null) {
                watch.end(clock.nanos());
            }
        }
        following = 0;
        trial = false;
        open[SLOTS] = null;
    }

    /** A frame as it came, or as it goes. */
    void frame(Side side, boolean out, long mbuf) {
        for (int i = 0; i <= SLOTS; i++) {
            Watch watch = (following & (1 << i)) == 0 ? null : open[i];
            if (watch != null) {
                long frame = Mbuf.dataAddress(mbuf);
                watch.frame(clock.nanos(), side, out, frame, Mbuf.dataLength(mbuf), Mbuf.packetLength(mbuf));
            }
        }
    }

    /** Frames that a port is given. */
    void sent(Side side, MbufBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            frame(side, true, batch.get(i));
        }
    }

    /** A decision; what the numbers are, {@link Step} says. */
    void step(Step step, long a, long b, long c, long d) {
        if (following != 0) {
            record(step, a, b, c, d);
        }
    }

    void step(Step step, long a, long b, long c) {
        step(step, a, b, c, 0);
    }

    void step(Step step, long a, long b) {
        step(step, a, b, 0, 0);
    }

    private void record(Step step, long a, long b, long c, long d) {
        for (int i = 0; i <= SLOTS; i++) {
            Watch watch = (following & (1 << i)) == 0 ? null : open[i];
            if (watch != null) {
                watch.step(clock.nanos(), step, a, b, c, d);
            }
        }
    }

    /** The packet is dropped. */
    @SuppressWarnings("EnumOrdinal") // Read back with DropReason.of.
    void drop(DropReason reason) {
        for (int i = 0; i <= SLOTS; i++) {
            Watch watch = (following & (1 << i)) == 0 ? null : open[i];
            if (watch != null) {
                watch.drop(clock.nanos(), reason.ordinal());
            }
        }
    }
}
