package net.nvgate.fabric.alloc;

import java.util.BitSet;
import java.util.Optional;
import net.nvgate.fabric.model.Vsid;

/** The used VSIDs of the fabric: one bit each, 2 MiB. */
public final class VsidSpace {

    private final BitSet used = new BitSet(Vsid.MAX + 1);
    private int count;

    /** The next free one at or above {@code from}, going around once; empty if all are used. */
    public Optional<Vsid> nextFree(Vsid from) {
        int free = used.nextClearBit(from.value());
        if (free > Vsid.MAX) {
            free = used.nextClearBit(Vsid.MIN);
        }
        return free <= Vsid.MAX ? Optional.of(new Vsid(free)) : Optional.empty();
    }

    public void use(Vsid vsid) {
        if (!used.get(vsid.value())) {
            used.set(vsid.value());
            count++;
        }
    }

    public void free(Vsid vsid) {
        if (used.get(vsid.value())) {
            used.clear(vsid.value());
            count--;
        }
    }

    /** How many are used. */
    public int used() {
        return count;
    }
}
