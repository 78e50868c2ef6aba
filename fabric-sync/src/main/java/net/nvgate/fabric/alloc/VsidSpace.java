package net.nvgate.fabric.alloc;

import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.nvgate.fabric.model.Vsid;

/** The used VSIDs of the fabric: one bit each, in pages of 8 KiB that exist while one of theirs is used; 2 MiB at most. */
public final class VsidSpace {

    private static final int PAGE_BITS = 16;
    private static final int PAGE = 1 << PAGE_BITS;

    private final Map<Integer, BitSet> pages = new TreeMap<>();
    private int count;

    /** The next free one at or above {@code from}, going around once; empty if all are used. */
    public Optional<Vsid> nextFree(Vsid from) {
        int free = nextFree(from.value());
        if (free > Vsid.MAX) {
            free = nextFree(Vsid.MIN);
        }
        return free <= Vsid.MAX ? Optional.of(new Vsid(free)) : Optional.empty();
    }

    private int nextFree(int from) {
        int value = from;
        while (value <= Vsid.MAX) {
            BitSet page = pages.get(value >>> PAGE_BITS);
            int in = value & (PAGE - 1);
            int clear = page == null ? in : page.nextClearBit(in);
            if (clear < PAGE) {
                return value - in + clear;
            }
            value += PAGE - in;
        }
        return value;
    }

    public void use(Vsid vsid) {
        BitSet page = pages.computeIfAbsent(vsid.value() >>> PAGE_BITS, _ -> new BitSet(PAGE));
        int in = vsid.value() & (PAGE - 1);
        if (!page.get(in)) {
            page.set(in);
            count++;
        }
    }

    public void free(Vsid vsid) {
        BitSet page = pages.get(vsid.value() >>> PAGE_BITS);
        int in = vsid.value() & (PAGE - 1);
        if (page != null && page.get(in)) {
            page.clear(in);
            count--;
            if (page.isEmpty()) {
                pages.remove(vsid.value() >>> PAGE_BITS);
            }
        }
    }

    /** How many are used. */
    public int used() {
        return count;
    }
}
