package net.nvgate.fabric.alloc;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.model.MacAddress;

/**
 * The used MACs of VMM's default pool. Tenants may bring the same MAC in different routing domains, so uses beyond the
 * first are counted; allocated ones are unique in the fabric.
 */
public final class MacSpace {

    public static final MacAddress FIRST = MacAddress.parse("00:1D:D8:B7:1C:00");
    public static final MacAddress LAST = MacAddress.parse("00:1D:D8:F4:1F:FF");

    private static final int SIZE = (int) (LAST.value() - FIRST.value() + 1);

    private final BitSet used = new BitSet(SIZE);
    private final Map<Integer, Integer> furtherUses = new HashMap<>();

    /** The lowest free one at or above {@code from}; empty if there is none. */
    public Optional<MacAddress> nextFree(MacAddress from) {
        int free = used.nextClearBit((int) Math.max(0, from.value() - FIRST.value()));
        return free < SIZE ? Optional.of(FIRST.plus(free)) : Optional.empty();
    }

    private static boolean inRange(MacAddress mac) {
        return mac.compareTo(FIRST) >= 0 && mac.compareTo(LAST) <= 0;
    }

    public void use(MacAddress mac) {
        if (!inRange(mac)) {
            return;
        }
        int offset = (int) (mac.value() - FIRST.value());
        if (used.get(offset)) {
            furtherUses.merge(offset, 1, Integer::sum);
        }
        used.set(offset);
    }

    public void free(MacAddress mac) {
        if (!inRange(mac)) {
            return;
        }
        int offset = (int) (mac.value() - FIRST.value());
        if (furtherUses.containsKey(offset)) {
            furtherUses.computeIfPresent(offset, (_, uses) -> uses == 1 ? null : uses - 1);
        } else {
            used.clear(offset);
        }
    }
}
