package net.nvgate.gateway.control;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.nat64.HostReader;
import org.jspecify.annotations.Nullable;

/** From what people ask for, field by field as text, to what the table of sessions looks for. */
final class SessionFilters {

    private static final Map<String, Integer> PROTOCOLS = Map.of("ICMP", 1, "TCP", 6, "UDP", 17);
    private static final int ANY_ADDRESS = 0;
    private static final int PORT_MAX = 0xffff;
    private static final int PROTOCOL_MAX = 255;

    /** Who speaks to whom, and whose it is: what sessions and watched packets are asked for by. */
    private static final Set<String> CONVERSATION = Set.of(
            "rdid", "vmNetwork", "vsid", "protocol", "insideAddress", "insidePort", "remoteAddress", "remotePort");

    private SessionFilters() {}

    /** Fields of a conversation, and others. */
    static Set<String> conversationAnd(String... others) {
        Set<String> fields = new HashSet<>(CONVERSATION);
        fields.addAll(List.of(others));
        return Set.copyOf(fields);
    }

    /**
     * The fields of a filter that the table of a worker knows; others are passed over.
     *
     * @param domain index of a routing domain, 0 = any
     * @param hosts of the worker
     * @return one filter; for an IPv6 inside address one for each of its handles, and so none if the worker does not know it
     * @throws IllegalArgumentException for a value that the field cannot have
     */
    static List<SessionFilter> of(Map<String, String> filter, int domain, HostReader hosts) {
        List<Integer> inside = filter.containsKey("insideAddress")
                ? inside(IpAddress.parse(filter.get("insideAddress")), hosts)
                : List.of(ANY_ADDRESS);
        // Looked at here, too, so that what is wrong is said even if no host has the address.
        SessionFilter any = of(filter, domain, ANY_ADDRESS);
        return inside.stream()
                .map(address -> address == ANY_ADDRESS ? any : of(filter, domain, address))
                .toList();
    }

    private static List<Integer> inside(IpAddress address, HostReader hosts) {
        return switch (address) {
            case Ipv4Address v4 -> List.of(v4.value());
            case Ipv6Address v6 -> hosts.handles(v6);
        };
    }

    private static SessionFilter of(Map<String, String> filter, int domain, int insideAddress) {
        return new SessionFilter(
                domain,
                insideAddress,
                address(filter.get("externalAddress")),
                protocol(filter.get("protocol")),
                port(filter, "insidePort"),
                port(filter, "externalPort"),
                address(filter.get("remoteAddress")),
                port(filter, "remotePort"));
    }

    /**
     * The same filter with every value as rows have it.
     *
     * @throws IllegalArgumentException for a value that the field cannot have
     */
    static Map<String, String> named(Map<String, String> filter) {
        of(filter, 0, ANY_ADDRESS);
        Map<String, String> named = new LinkedHashMap<>(filter);
        named.computeIfPresent("protocol", (_, text) -> protocolName(protocol(text)));
        named.computeIfPresent(
                "insideAddress", (_, text) -> IpAddress.parse(text).toString());
        return named;
    }

    /** TCP, UDP, ICMP, or the number. */
    static String protocolName(int protocol) {
        return PROTOCOLS.entrySet().stream()
                .filter(entry -> entry.getValue() == protocol)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Integer.toString(protocol));
    }

    /** An address, or a prefix. */
    static IpPrefix prefix(String text) {
        if (text.indexOf('/') >= 0) {
            return IpPrefix.parse(text);
        }
        IpAddress address = IpAddress.parse(text);
        return IpPrefix.of(address, address instanceof Ipv4Address ? Integer.SIZE : 2 * Long.SIZE);
    }

    private static int address(@Nullable String text) {
        return text == null ? 0 : Ipv4Address.parse(text).value();
    }

    private static int port(Map<String, String> filter, String field) {
        String text = filter.get(field);
        return text == null ? SessionFilter.ANY_PORT : number(field, text, 0, PORT_MAX);
    }

    static int protocol(@Nullable String text) {
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
