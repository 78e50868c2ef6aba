package net.nvgate.gateway.control;

import java.util.Map;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.flow.SessionFilter;
import org.jspecify.annotations.Nullable;

/** From what people ask for, field by field as text, to what the table of sessions looks for. */
final class SessionFilters {

    private static final Map<String, Integer> PROTOCOLS = Map.of("ICMP", 1, "TCP", 6, "UDP", 17);
    private static final int PORT_MAX = 0xffff;
    private static final int PROTOCOL_MAX = 255;

    private SessionFilters() {}

    /**
     * The fields of a filter that the table knows; others are passed over.
     *
     * @param domain index of a routing domain, 0 = any
     * @throws IllegalArgumentException for a value that the field cannot have
     */
    static SessionFilter of(Map<String, String> filter, int domain) {
        return new SessionFilter(
                domain,
                address(filter.get("insideAddress")),
                address(filter.get("externalAddress")),
                protocol(filter.get("protocol")),
                port(filter, "insidePort"),
                port(filter, "externalPort"),
                address(filter.get("remoteAddress")),
                port(filter, "remotePort"));
    }

    /** TCP, UDP, ICMP, or the number. */
    static String protocolName(int protocol) {
        return PROTOCOLS.entrySet().stream()
                .filter(entry -> entry.getValue() == protocol)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Integer.toString(protocol));
    }

    private static int address(@Nullable String text) {
        return text == null ? 0 : Ipv4Address.parse(text).value();
    }

    private static int port(Map<String, String> filter, String field) {
        String text = filter.get(field);
        return text == null ? SessionFilter.ANY_PORT : number(field, text, 0, PORT_MAX);
    }

    private static int protocol(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        Integer named = PROTOCOLS.get(text);
        return named != null ? named : number("protocol", text, 1, PROTOCOL_MAX);
    }

    private static int number(String field, String text, int min, int max) {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(text) : -1;
        if (number < min || number > max) {
            String names = field.equals("protocol") ? "TCP, UDP, ICMP or " : "";
            throw new IllegalArgumentException(
                    field + " must be " + names + min + " to " + max + ", not '" + text + "'");
        }
        return number;
    }
}
