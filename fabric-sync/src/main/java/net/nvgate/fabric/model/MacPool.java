package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * MACs to allocate from (VMM MAC pool). While a fabric has no MAC pool, {@link #DEFAULT_FIRST}..{@link #DEFAULT_LAST} serves
 * every host.
 *
 * @param rangeStart first address that is handed out
 * @param rangeEnd last one, inclusive; same first three octets
 * @param hostGroupIds groups whose hosts it serves; empty = every host
 */
public record MacPool(@JsonUnwrapped Meta meta, MacAddress rangeStart, MacAddress rangeEnd, List<UUID> hostGroupIds)
        implements FabricObject {

    /** Name of VMM's pool for Hyper-V, which a new fabric has. */
    public static final String DEFAULT_NAME = "Default MAC address pool";

    public static final MacAddress DEFAULT_FIRST = MacAddress.parse("00:1D:D8:B7:1C:00");
    public static final MacAddress DEFAULT_LAST = MacAddress.parse("00:1D:D8:F4:1F:FF");

    private static final int OUI_SHIFT = 24;

    private record Range(MacAddress first, MacAddress last) {

        static Range of(String first, String last) {
            return new Range(MacAddress.parse(first), MacAddress.parse(last));
        }

        boolean contains(MacAddress from, MacAddress to) {
            return from.compareTo(first) >= 0 && to.compareTo(last) <= 0;
        }
    }

    /** Prefixes of Microsoft, VMware and Citrix, which their products hand out (VMM "Configure MAC address pools"). */
    private static final Set<Long> RESERVED = Stream.of(
                    "00:03:FF",
                    "00:0D:3A",
                    "00:12:5A",
                    "00:15:5D",
                    "00:17:FA",
                    "00:1D:D8",
                    "00:50:F2",
                    "00:05:69",
                    "00:0C:29",
                    "00:1C:14",
                    "00:50:56",
                    "00:16:3E")
            .map(oui -> MacAddress.parse(oui + ":00:00:00").value() >>> OUI_SHIFT)
            .collect(Collectors.toUnmodifiableSet());

    /** What is for pools: VMM's defaults for Hyper-V and for VMware hosts. */
    private static final List<Range> OPEN =
            List.of(new Range(DEFAULT_FIRST, DEFAULT_LAST), Range.of("00:50:56:00:00:00", "00:50:56:3F:FF:FF"));

    public MacPool {
        String kind = Kind.MAC_POOL.label();
        Rules.meta(Kind.MAC_POOL, meta);
        Rules.unicast(kind, "rangeStart", rangeStart);
        Rules.unicast(kind, "rangeEnd", rangeEnd);
        if (rangeStart.compareTo(rangeEnd) > 0) {
            throw new ModelException(kind, "rangeEnd", rangeEnd, "must not be below rangeStart " + rangeStart);
        }
        long oui = rangeStart.value() >>> OUI_SHIFT;
        if (oui != rangeEnd.value() >>> OUI_SHIFT) {
            throw new ModelException(kind, "rangeEnd", rangeEnd, "must have the first three octets of " + rangeStart);
        }
        MacAddress first = rangeStart;
        MacAddress last = rangeEnd;
        if (RESERVED.contains(oui) && OPEN.stream().noneMatch(open -> open.contains(first, last))) {
            throw new ModelException(
                    kind,
                    "rangeStart",
                    rangeStart + "-" + rangeEnd,
                    "must not be in the prefixes of Microsoft, VMware and Citrix, except " + DEFAULT_FIRST + "-"
                            + DEFAULT_LAST + " and 00:50:56:00:00:00-00:50:56:3f:ff:ff");
        }
        hostGroupIds = Rules.distinct(kind, "hostGroupIds", hostGroupIds);
    }

    public boolean contains(MacAddress mac) {
        return mac.compareTo(rangeStart) >= 0 && mac.compareTo(rangeEnd) <= 0;
    }

    public boolean overlaps(MacPool other) {
        return rangeStart.compareTo(other.rangeEnd) <= 0 && other.rangeStart.compareTo(rangeEnd) <= 0;
    }

    /** The pool that a new fabric has, as it was made. */
    public boolean comesWithFabric() {
        return name().equals(DEFAULT_NAME)
                && description().isEmpty()
                && meta().labels().isEmpty()
                && rangeStart.equals(DEFAULT_FIRST)
                && rangeEnd.equals(DEFAULT_LAST)
                && hostGroupIds.isEmpty();
    }

    @Override
    public Kind kind() {
        return Kind.MAC_POOL;
    }

    @Override
    public Set<UUID> references() {
        return Set.copyOf(hostGroupIds);
    }

    @Override
    public MacPool withMeta(Meta meta) {
        return new MacPool(meta, rangeStart, rangeEnd, hostGroupIds);
    }
}
