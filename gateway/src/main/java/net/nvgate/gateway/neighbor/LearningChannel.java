package net.nvgate.gateway.neighbor;

/**
 * From one worker to the control thread: which CA a VM with an L2Only record has. Bounded; what does not fit is counted and lost, and
 * comes again with the VM's next ARP.
 */
public final class LearningChannel {

    private final RecordRing ring;
    private final long[] record = new long[NeighborChannel.WORDS];

    /** @param capacity sightings that may wait, a power of two */
    public LearningChannel(int capacity) {
        this.ring = new RecordRing(capacity);
    }

    /** Worker: the VM with a MAC in a VSID, on the host with a PA, has a CA. */
    public void learned(int vsid, long mac, int ca, int pa) {
        ring.offer(mac, (long) ca << 32 | Integer.toUnsignedLong(pa), vsid, 0, 0, 0);
    }

    /** What takes sightings. */
    @FunctionalInterface
    public interface Consumer {
        void learned(int vsid, long mac, int ca, int pa);
    }

    /** Control thread: hands over up to {@code limit} sightings; how many. */
    public int poll(int limit, Consumer consumer) {
        int count = 0;
        while (count < limit && ring.poll(record)) {
            consumer.learned((int) record[2], record[0], (int) (record[1] >>> 32), (int) record[1]);
            count++;
        }
        return count;
    }

    /** Any thread: sightings lost. */
    public long dropped() {
        return ring.refused();
    }
}
