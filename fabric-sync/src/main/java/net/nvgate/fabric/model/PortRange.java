package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ports of TCP or UDP. In JSON {@code "443"} or {@code "8000-8999"}, like {@code New-SCPortACLRule -RemotePortRange}.
 *
 * @param first 0..65535
 * @param last inclusive, not below the first
 */
public record PortRange(int first, int last) {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");
    private static final int PORT_MAX = 65_535;

    public PortRange {
        Rules.range("port range", "first", first, 0, PORT_MAX);
        Rules.range("port range", "last", last, first, PORT_MAX);
    }

    /** @throws ModelException unless the text is a port, or two in order with a hyphen between */
    @JsonCreator
    public static PortRange parse(String text) {
        Matcher ports = TEXT.matcher(text);
        if (!ports.matches()) {
            throw new ModelException("port range", "text", text, "must be a port like 443, or a range like 8000-8999");
        }
        int first = Integer.parseInt(ports.group(1));
        return new PortRange(first, ports.group(2) == null ? first : Integer.parseInt(ports.group(2)));
    }

    @JsonValue
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
