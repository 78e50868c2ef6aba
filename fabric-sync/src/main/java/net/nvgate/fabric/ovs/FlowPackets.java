package net.nvgate.fabric.ovs;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.nvgate.fabric.ovs.PortCounters.PortReason;

/** Packets that flow entries have counted, summed by counter, and for drops by VM port. Not thread-safe. */
final class FlowPackets {

    private static final Pattern COOKIE = Pattern.compile("cookie=0x([0-9a-f]+)");
    private static final Pattern PACKETS = Pattern.compile("n_packets=(\\d+)");

    private final Map<FlowCounter, Long> byCounter = new EnumMap<>(FlowCounter.class);
    private final Map<PortReason, Long> ofPorts = new HashMap<>();

    /** @param line of {@code ovs-ofctl dump-flows}; others are passed over */
    void add(String line) {
        Matcher cookie = COOKIE.matcher(line);
        Matcher count = PACKETS.matcher(line);
        if (!cookie.find() || !count.find()) {
            return;
        }
        long value = Long.parseUnsignedLong(cookie.group(1), 16);
        long packets = Long.parseLong(count.group(1));
        Optional<FlowCounter> counter = FlowCounter.ofCookie(value);
        if (counter.isPresent()) {
            byCounter.merge(counter.get(), packets, Long::sum);
            if (Flow.ofportOf(value) > 0) {
                ofPorts.merge(new PortReason(Flow.ofportOf(value), counter.get()), packets, Long::sum);
            }
        }
    }

    Map<FlowCounter, Long> byCounter() {
        return byCounter;
    }

    Map<PortReason, Long> ofPorts() {
        return ofPorts;
    }
}
