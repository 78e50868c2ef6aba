package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;

/**
 * The IP protocol that a rule of a port ACL is about. In JSON {@code ANY}, {@code TCP}, {@code UDP}, {@code ICMP}, {@code ICMPV6}, or a
 * number of IANA's.
 *
 * @param number 0..255, {@link #ANY_NUMBER} = every one
 */
public record AclProtocol(int number) {

    public static final int ANY_NUMBER = -1;
    public static final AclProtocol ANY = new AclProtocol(ANY_NUMBER);
    public static final AclProtocol ICMP = new AclProtocol(1);
    public static final AclProtocol TCP = new AclProtocol(6);
    public static final AclProtocol UDP = new AclProtocol(17);
    public static final AclProtocol ICMPV6 = new AclProtocol(58);

    private static final Map<String, AclProtocol> NAMES =
            Map.of("ANY", ANY, "ICMP", ICMP, "TCP", TCP, "UDP", UDP, "ICMPV6", ICMPV6);

    public AclProtocol {
        Rules.range("port-acl", "rules.protocol", number, ANY_NUMBER, 255);
    }

    /** @throws ModelException unless the text is a name or 0..255 */
    @JsonCreator
    public static AclProtocol parse(String text) {
        AclProtocol named = NAMES.get(text);
        if (named != null) {
            return named;
        }
        if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) > 255) {
            throw new ModelException(
                    "port-acl", "rules.protocol", text, "must be ANY, TCP, UDP, ICMP, ICMPV6 or a number 0..255");
        }
        return new AclProtocol(Integer.parseInt(text));
    }

    public boolean hasPorts() {
        return equals(TCP) || equals(UDP);
    }

    public boolean isIcmp() {
        return equals(ICMP) || equals(ICMPV6);
    }

    @JsonValue
    @Override
    public String toString() {
        return NAMES.entrySet().stream()
                .filter(name -> name.getValue().equals(this))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> Integer.toString(number));
    }
}
