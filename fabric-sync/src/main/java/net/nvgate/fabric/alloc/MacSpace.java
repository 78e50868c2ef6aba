package net.nvgate.fabric.alloc;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.nvgate.fabric.model.MacAddress;

/**
 * The used MACs of the fabric as maximal runs, whichever pool they are from. Tenants may bring the same MAC in different
 * routing domains, so uses beyond the first are counted; allocated ones are unique in the fabric.
 */
public final class MacSpace {

    private final TreeMap<MacAddress, MacAddress> runs = new TreeMap<>();
    private final Map<MacAddress, Integer> furtherUses = new HashMap<>();

    /** The lowest free one in {@code from}..{@code to}; empty if there is none. */
    public Optional<MacAddress> nextFree(MacAddress from, MacAddress to) {
        Map.Entry<MacAddress, MacAddress> run = runs.floorEntry(from);
        long free = run != null && run.getValue().compareTo(from) >= 0
                ? run.getValue().value() + 1
                : from.value();
        return free <= to.value() ? Optional.of(new MacAddress(free)) : Optional.empty();
    }

    public boolean isUsed(MacAddress mac) {
        Map.Entry<MacAddress, MacAddress> run = runs.floorEntry(mac);
        return run != null && run.getValue().compareTo(mac) >= 0;
    }

    /** How many of {@code from}..{@code to} are used; costs one step per run. */
    public long used(MacAddress from, MacAddress to) {
        MacAddress first = Optional.ofNullable(runs.floorKey(from)).orElse(from);
        return runs.subMap(first, true, to, true).entrySet().stream()
                .mapToLong(run -> Math.min(run.getValue().value(), to.value())
                        - Math.max(run.getKey().value(), from.value())
                        + 1)
                .filter(length -> length > 0)
                .sum();
    }

    public void use(MacAddress mac) {
        if (isUsed(mac)) {
            furtherUses.merge(mac, 1, Integer::sum);
            return;
        }
        Map.Entry<MacAddress, MacAddress> below = runs.lowerEntry(mac);
        boolean joins = below != null && below.getValue().value() + 1 == mac.value();
        MacAddress start = joins ? below.getKey() : mac;
        MacAddress above = mac.value() == MacAddress.MAX.value() ? null : runs.remove(mac.plus(1));
        runs.put(start, above == null ? mac : above);
    }

    public void free(MacAddress mac) {
        if (furtherUses.containsKey(mac)) {
            furtherUses.computeIfPresent(mac, (_, uses) -> uses == 1 ? null : uses - 1);
        } else if (isUsed(mac)) {
            Map.Entry<MacAddress, MacAddress> run = runs.floorEntry(mac);
            MacAddress start = run.getKey();
            MacAddress end = run.getValue();
            runs.remove(start);
            if (!start.equals(mac)) {
                runs.put(start, mac.plus(-1));
            }
            if (!end.equals(mac)) {
                runs.put(mac.plus(1), end);
            }
        }
    }
}
