package net.nvgate.gateway.fragment;

/**
 * Who has how much of something limited: owners are hashed onto a fixed number of shares. One that wants more than its limit, or more
 * than there is, must take it from a share: its own, or the one that has most.
 */
final class Shares {

    static final int COUNT = 1024;

    private final int[] used = new int[COUNT];
    private final int limit;
    private final int capacity;
    private int total;

    /** @param capacity of all; a share may have an eighth of it */
    Shares(int capacity) {
        this.capacity = capacity;
        this.limit = Math.max(1, capacity >>> 3);
    }

    /** The share of an owner, e.g. a tenant's number or an address. */
    static int of(int owner, long seed) {
        return (int) (((owner ^ seed) * 0x9E3779B97F4A7C15L) >>> 54);
    }

    void take(int share) {
        used[share]++;
        total++;
    }

    void giveBack(int share) {
        used[share]--;
        total--;
    }

    int used(int share) {
        return used[share];
    }

    int total() {
        return total;
    }

    /** The share that must give something up before {@code share} may take one more; -1 when there is room. */
    int victim(int share) {
        if (used[share] >= limit) {
            return share;
        }
        return total < capacity ? -1 : fullest();
    }

    private int fullest() {
        int most = 0;
        for (int i = 1; i < COUNT; i++) {
            if (used[i] > used[most]) {
                most = i;
            }
        }
        return most;
    }
}
