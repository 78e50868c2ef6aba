package net.nvgate.gateway.control;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.flow.SessionMatch;
import net.nvgate.gateway.flow.SessionMatch.Net;
import net.nvgate.gateway.flow.SessionMatch.Nets;
import net.nvgate.gateway.flow.SessionMatch.Range;
import net.nvgate.gateway.flow.SessionNat;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.nat64.HostReader;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions somebody asks for, field by field as text; all that is given must fit.
 *
 * <pre>
 *  rdid, vmNetwork, vsid               tenant
 *  insideAddress, externalAddress,     an address or a prefix
 *    remoteAddress
 *  insidePort, externalPort,           a port, or two with a dash
 *    remotePort
 *  protocol                            TCP, UDP, ICMP or a number
 *  state                               one or several with commas
 *  nat, natRule                        MAPPING, RULE, ONE_TO_ONE, EXEMPT, ADDRESS; id of a rule
 *  ageMin, ageMax, idleMin, idleMax    seconds
 *  bytesMin, packetsMin ... Max        both ways together
 * </pre>
 */
final class SessionAsk {

    static final Set<String> FIELDS = SessionFilters.conversationAnd(
            "externalAddress",
            "externalPort",
            "state",
            "nat",
            "natRule",
            "ageMin",
            "ageMax",
            "idleMin",
            "idleMax",
            "bytesMin",
            "bytesMax",
            "packetsMin",
            "packetsMax");

    private static final int PORT_MAX = 0xffff;
    private static final long MS = 1000;
    private static final long NUMBER_MAX = 1L << 53;

    private final Map<String, String> fields;
    private final Optional<BitSet> domains;
    private final List<SessionMatch.Rule> rules;

    /** 0 = any. */
    final int vsid;

    /**
     * @param fields those of {@link #FIELDS}; others are the caller's
     * @throws IllegalArgumentException for a value that the field cannot have
     */
    SessionAsk(Map<String, String> fields, TablePolicy policy) {
        this.fields = fields;
        this.vsid = (int) number("vsid", fields.getOrDefault("vsid", "0"), 0xffffff);
        this.domains = domains(policy);
        this.rules = rules(policy);
        if (fields.containsKey("insideAddress")) {
            SessionFilters.prefix(fields.get("insideAddress"));
        }
        match(Nets.ANY);
    }

    /** For the sessions of one worker, whose hosts they are. */
    SessionMatch match(HostReader hosts) {
        return match(inside(hosts));
    }

    private SessionMatch match(Nets inside) {
        return new SessionMatch(
                domains,
                inside,
                nets("externalAddress"),
                nets("remoteAddress"),
                SessionFilters.protocol(fields.get("protocol")),
                ports("insidePort"),
                ports("externalPort"),
                ports("remotePort"),
                states(),
                nat(),
                rules,
                range("age", MS),
                range("idle", MS),
                range("bytes", 1),
                range("packets", 1));
    }

    /** Whether the tenant that is asked for is not here. */
    boolean isOfNoTenant() {
        return domains.filter(BitSet::isEmpty).isPresent();
    }

    boolean isOfSeveralTenants() {
        return domains.filter(some -> some.cardinality() > 1).isPresent();
    }

    private Optional<BitSet> domains(TablePolicy policy) {
        String rdid = fields.get("rdid");
        String vmNetwork = fields.get("vmNetwork");
        if (rdid == null && vmNetwork == null && vsid == 0) {
            return Optional.empty();
        }
        Optional<UUID> ofVsid = policy.vsidNames().stream()
                .filter(name -> name.vsid() == vsid)
                .map(TablePolicy.VsidName::rdid)
                .findFirst();
        BitSet wanted = new BitSet();
        policy.domains(name -> (rdid == null || name.rdid().toString().equals(rdid))
                        && (vmNetwork == null || name.vmNetwork().equals(vmNetwork))
                        && (vsid == 0 || ofVsid.filter(name.rdid()::equals).isPresent()))
                .forEach(wanted::set);
        return Optional.of(wanted);
    }

    private List<SessionMatch.Rule> rules(TablePolicy policy) {
        String id = fields.get("natRule");
        if (id == null) {
            return List.of();
        }
        List<SessionMatch.Rule> found = policy.natRule(UUID.fromString(id));
        if (found.isEmpty()) {
            throw new IllegalArgumentException("natRule: there is no NAT rule " + id + " here");
        }
        return found;
    }

    private Nets inside(HostReader hosts) {
        String text = fields.get("insideAddress");
        if (text == null) {
            return Nets.ANY;
        }
        IpPrefix prefix = SessionFilters.prefix(text);
        return prefix.address() instanceof Ipv4Address v4
                ? new Nets(List.of(Net.of(v4.value(), prefix.length())), Set.of())
                : new Nets(List.of(), hosts.handles(prefix));
    }

    private Nets nets(String field) {
        String text = fields.get(field);
        if (text == null) {
            return Nets.ANY;
        }
        IpPrefix prefix = SessionFilters.prefix(text);
        if (prefix.address() instanceof Ipv4Address v4) {
            return new Nets(List.of(Net.of(v4.value(), prefix.length())), Set.of());
        }
        throw new IllegalArgumentException(field + " must be an IPv4 address or prefix, not '" + text + "'");
    }

    private Range ports(String field) {
        String text = fields.get(field);
        if (text == null) {
            return Range.ANY;
        }
        int dash = text.indexOf('-');
        long from = number(field, dash < 0 ? text : text.substring(0, dash), PORT_MAX);
        long to = number(field, text.substring(dash + 1), PORT_MAX);
        if (from > to) {
            throw new IllegalArgumentException(field + " '" + text + "' has no port in it");
        }
        return new Range(from, to);
    }

    private int states() {
        String text = fields.get("state");
        int states = 0;
        for (String label : text == null ? List.<String>of() : List.of(text.split(",", -1))) {
            int state = SessionState.of(label);
            if (state == SessionState.FREE) {
                throw new IllegalArgumentException("state: there is no state '" + label + "' of sessions");
            }
            states |= 1 << state;
        }
        return states;
    }

    private Optional<SessionNat> nat() {
        return Optional.ofNullable(fields.get("nat")).map(text -> constant(SessionNat.class, "nat", text));
    }

    /** A constant by its name, in any case. */
    static <E extends Enum<E>> E constant(Class<E> type, String field, String text) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text.toUpperCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                field + " must be one of " + List.of(type.getEnumConstants()) + ", not '" + text + "'");
    }

    private Range range(String field, long scale) {
        long min = bound(field + "Min", 0);
        // The age of somebody is in whole units for people: 5 includes 5.9.
        long max = bound(field + "Max", NUMBER_MAX / MS);
        if (!fields.containsKey(field + "Min") && !fields.containsKey(field + "Max")) {
            return Range.ANY;
        }
        return new Range(min * scale, max * scale + scale - 1);
    }

    private long bound(String field, long whenAbsent) {
        String text = fields.get(field);
        return text == null ? whenAbsent : number(field, text, NUMBER_MAX / MS);
    }

    /** @throws IllegalArgumentException if the text is no number of 0 .. max */
    static long number(String field, @Nullable String text, long max) {
        boolean digits = text != null
                && !text.isEmpty()
                && text.length() <= 18
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long number = digits ? Long.parseLong(text) : -1;
        if (number < 0 || number > max) {
            throw new IllegalArgumentException(field + " must be 0 to " + max + ", not '" + text + "'");
        }
        return number;
    }
}
