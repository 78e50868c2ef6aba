package net.nvgate.gateway.neighbor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A bounded queue of six-word records from one thread to one other, without locks or allocation (Lamport's ring: each
 * side writes its own position and reads the other's).
 */
final class RecordRing {

    private static final VarHandle POSITION = MethodHandles.arrayElementVarHandle(long[].class);
    static final int WORDS = 6;
    private static final int WRITTEN = 16;
    private static final int READ = 32;
    private static final int REFUSED = 17;

    /** Positions count records ever written and read; they lie two cache lines apart. */
    private final long[] positions = new long[48];

    private final long[] words;
    private final int mask;

    /** @param capacity records, a power of two */
    RecordRing(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two, not " + capacity);
        }
        this.words = new long[capacity * WORDS];
        this.mask = capacity - 1;
    }

    /** Producer: false, and counted, if the ring is full. */
    boolean offer(long word0, long word1, long word2, long word3, long word4, long word5) {
        long written = positions[WRITTEN];
        if (written - (long) POSITION.getAcquire(positions, READ) > mask) {
            POSITION.setOpaque(positions, REFUSED, positions[REFUSED] + 1);
            return false;
        }
        int at = (int) (written & mask) * WORDS;
        words[at] = word0;
        words[at + 1] = word1;
        words[at + 2] = word2;
        words[at + 3] = word3;
        words[at + 4] = word4;
        words[at + 5] = word5;
        POSITION.setRelease(positions, WRITTEN, written + 1);
        return true;
    }

    /** Consumer: copies the next record into the first six words of {@code into}; false if there is none. */
    boolean poll(long[] into) {
        long read = positions[READ];
        if (read == (long) POSITION.getAcquire(positions, WRITTEN)) {
            return false;
        }
        int at = (int) (read & mask) * WORDS;
        System.arraycopy(words, at, into, 0, WORDS);
        POSITION.setRelease(positions, READ, read + 1);
        return true;
    }

    /** Consumer: whether there is none to poll. */
    boolean isEmpty() {
        return positions[READ] == (long) POSITION.getAcquire(positions, WRITTEN);
    }

    /** Any thread: offers refused so far. */
    long refused() {
        return (long) POSITION.getOpaque(positions, REFUSED);
    }
}
