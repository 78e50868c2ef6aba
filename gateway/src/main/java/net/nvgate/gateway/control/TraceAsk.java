package net.nvgate.gateway.control;

import java.util.List;
import java.util.Map;
import java.util.Set;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.watch.FrameView;
import net.nvgate.gateway.watch.WatchFilter;
import org.jspecify.annotations.Nullable;

/** Reads what people ask of a trace or a capture, field by field as text. */
final class TraceAsk {

    private static final Map<String, Integer> PROTOCOLS = Map.of("ICMP", 1, "TCP", 6, "UDP", 17, "ICMPV6", 58);

    private final TablePolicy policy;
    private final Map<String, String> fields;

    /** @throws IllegalArgumentException for a field there is not */
    TraceAsk(TablePolicy policy, Map<String, String> fields, Set<String> known) {
        for (String field : fields.keySet()) {
            if (!known.contains(field)) {
                throw new IllegalArgumentException("no field '" + field + "'");
            }
        }
        this.policy = policy;
        this.fields = fields;
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    String text(String field, String otherwise) {
        return fields.getOrDefault(field, otherwise);
    }

    /** @throws IllegalArgumentException if it is missing */
    IpAddress address(String field) {
        String text = fields.get(field);
        if (text == null) {
            throw new IllegalArgumentException("say " + field);
        }
        return IpAddress.parse(text);
    }

    int number(String field, int otherwise, int min, int max) {
        String text = fields.get(field);
        if (text == null) {
            return otherwise;
        }
        int value;
        try {
            value = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            value = min - 1;
        }
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " must be " + min + " to " + max + ", not '" + text + "'");
        }
        return value;
    }

    /** 0 = any. */
    int protocol() {
        String text = fields.get("protocol");
        Integer named = text == null ? Integer.valueOf(0) : PROTOCOLS.get(text.toUpperCase(java.util.Locale.ROOT));
        return named != null ? named : number("protocol", 0, 1, 255);
    }

    boolean flag(String field) {
        return "true".equals(fields.get(field));
    }

    /** Index of the routing domain that is named, 0 if none is. */
    int domain() {
        String rdid = fields.get("rdid");
        String network = fields.get("vmNetwork");
        if (rdid == null && network == null) {
            return 0;
        }
        List<Integer> domains =
                policy.domains(name -> (rdid == null || name.rdid().toString().equals(rdid))
                        && (network == null || name.vmNetwork().equals(network)));
        if (domains.size() != 1) {
            throw new IllegalArgumentException(
                    domains.isEmpty()
                            ? "no such VM network here"
                            : "several VM networks have this name, give the rdid");
        }
        return domains.getFirst();
    }

    /** Which packets are wanted. */
    WatchFilter filter() {
        return new WatchFilter(
                domain(),
                number("vsid", 0, 1, 0xffffff),
                protocol(),
                endpoint("insideAddress", "insidePort"),
                endpoint("remoteAddress", "remotePort"));
    }

    private WatchFilter.Endpoint endpoint(String addressField, String portField) {
        int port = number(portField, 0, 1, 0xffff);
        String text = fields.get(addressField);
        return text == null ? new WatchFilter.Endpoint(false, 0, 0, port) : endpoint(IpAddress.parse(text), port);
    }

    private static WatchFilter.Endpoint endpoint(IpAddress address, int port) {
        return switch (address) {
            case Ipv4Address v4 -> new WatchFilter.Endpoint(true, 0, FrameView.mapped(v4.value()), port);
            case Ipv6Address v6 -> new WatchFilter.Endpoint(true, v6.high(), v6.low(), port);
        };
    }

    @Nullable
    String orNull(String field) {
        return fields.get(field);
    }
}
