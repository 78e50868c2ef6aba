package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a port ACL ({@code New-SCPortACLRule}). "Local" is the VM's side, "remote" the other one, whichever way the flow is opened.
 * An address matches if it is in one of the prefixes or address sets, or is a CA of a VM with one of the labels; a side that names none
 * of these matches every address, of either family.
 *
 * @param priority 1..65535; of the rules that match, that of the lowest decides
 * @param name for people, may be empty
 * @param localLabels {@code key=value} of VMs of the list's VM network, likewise {@code remoteLabels}
 * @param localPortRanges of TCP or UDP; empty = all
 * @param icmpType of ICMP or ICMPv6, 0..255; absent = all
 * @param icmpCode with a type only; absent = all
 * @param log tells events of flows that the rule decides
 */
public record PortAclRule(
        int priority,
        String name,
        AclDirection direction,
        AclAction action,
        AclProtocol protocol,
        List<IpPrefix> localAddressPrefixes,
        List<UUID> localAddressSetIds,
        List<String> localLabels,
        List<PortRange> localPortRanges,
        List<IpPrefix> remoteAddressPrefixes,
        List<UUID> remoteAddressSetIds,
        List<String> remoteLabels,
        List<PortRange> remotePortRanges,
        Optional<Integer> icmpType,
        Optional<Integer> icmpCode,
        boolean log) {

    public static final int PRIORITY_MAX = 65_535;
    /** Of an IPv6 prefix in policy, with its own tag and length and those of its fields. */
    static final int PREFIX_BYTES = 24;

    private static final String KIND = "port-acl";
    private static final int SET_BYTES = 18;
    private static final int PORT_RANGE_BYTES = 10;
    /** All but name and lists, with what tells their lengths. */
    private static final int FIXED_BYTES = 64;

    public PortAclRule {
        Rules.range(KIND, "rules.priority", priority, 1, PRIORITY_MAX);
        if (!name.isEmpty()) {
            Rules.name(KIND + ".rules", name);
        }
        Rules.required(KIND, at(priority, "direction"), direction);
        Rules.required(KIND, at(priority, "action"), action);
        localAddressPrefixes = Rules.distinct(KIND, at(priority, "localAddressPrefixes"), localAddressPrefixes);
        localAddressSetIds = Rules.distinct(KIND, at(priority, "localAddressSetIds"), localAddressSetIds);
        localLabels = labels(at(priority, "localLabels"), localLabels);
        localPortRanges = Rules.distinct(KIND, at(priority, "localPortRanges"), localPortRanges);
        remoteAddressPrefixes = Rules.distinct(KIND, at(priority, "remoteAddressPrefixes"), remoteAddressPrefixes);
        remoteAddressSetIds = Rules.distinct(KIND, at(priority, "remoteAddressSetIds"), remoteAddressSetIds);
        remoteLabels = labels(at(priority, "remoteLabels"), remoteLabels);
        remotePortRanges = Rules.distinct(KIND, at(priority, "remotePortRanges"), remotePortRanges);
        if (!protocol.hasPorts() && (!localPortRanges.isEmpty() || !remotePortRanges.isEmpty())) {
            String field = localPortRanges.isEmpty() ? "remotePortRanges" : "localPortRanges";
            throw new ModelException(KIND, at(priority, field), protocol, "need protocol TCP or UDP");
        }
        if (icmpType.isPresent() && !protocol.isIcmp()) {
            throw new ModelException(KIND, at(priority, "icmpType"), protocol, "needs protocol ICMP or ICMPV6");
        }
        if (icmpCode.isPresent() && icmpType.isEmpty()) {
            throw new ModelException(KIND, at(priority, "icmpCode"), icmpCode.get(), "needs an icmpType");
        }
        int rule = priority;
        icmpType.ifPresent(type -> Rules.range(KIND, at(rule, "icmpType"), type, 0, 255));
        icmpCode.ifPresent(code -> Rules.range(KIND, at(rule, "icmpCode"), code, 0, 255));
    }

    /** From JSON; what is left out has its default: no name, every protocol, address and port, not logged. */
    @JsonCreator
    public static PortAclRule of(
            @JsonProperty("priority") @Nullable Integer priority,
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("direction") AclDirection direction,
            @JsonProperty("action") AclAction action,
            @JsonProperty("protocol") @Nullable AclProtocol protocol,
            @JsonProperty("localAddressPrefixes") List<IpPrefix> localAddressPrefixes,
            @JsonProperty("localAddressSetIds") List<UUID> localAddressSetIds,
            @JsonProperty("localLabels") List<String> localLabels,
            @JsonProperty("localPortRanges") List<PortRange> localPortRanges,
            @JsonProperty("remoteAddressPrefixes") List<IpPrefix> remoteAddressPrefixes,
            @JsonProperty("remoteAddressSetIds") List<UUID> remoteAddressSetIds,
            @JsonProperty("remoteLabels") List<String> remoteLabels,
            @JsonProperty("remotePortRanges") List<PortRange> remotePortRanges,
            @JsonProperty("icmpType") Optional<Integer> icmpType,
            @JsonProperty("icmpCode") Optional<Integer> icmpCode,
            @JsonProperty("log") @Nullable Boolean log) {
        return new PortAclRule(
                Rules.required(KIND, "rules.priority", priority),
                Rules.given(name, ""),
                direction,
                action,
                Rules.given(protocol, AclProtocol.ANY),
                localAddressPrefixes,
                localAddressSetIds,
                localLabels,
                localPortRanges,
                remoteAddressPrefixes,
                remoteAddressSetIds,
                remoteLabels,
                remotePortRanges,
                icmpType,
                icmpCode,
                Rules.given(log, false));
    }

    private static String at(int priority, String field) {
        return "rules[priority " + priority + "]." + field;
    }

    /** @throws ModelException unless each is {@code key=value} of a label that a VM can have */
    static List<String> labels(String field, @Nullable List<String> value) {
        List<String> labels = Rules.distinct(KIND, field, value);
        for (String label : labels) {
            int equals = label.indexOf('=');
            if (equals < 1) {
                throw new ModelException(KIND, field, label, "must be key=value of a VM's label");
            }
            Labels.checked(KIND, Map.of(label.substring(0, equals), label.substring(equals + 1)));
        }
        return labels;
    }

    /** Bytes that the rule takes in policy, at most. */
    long policyBytesMax() {
        return FIXED_BYTES
                + bytes(name)
                + (localAddressPrefixes.size() + remoteAddressPrefixes.size()) * (long) PREFIX_BYTES
                + (localAddressSetIds.size() + remoteAddressSetIds.size()) * (long) SET_BYTES
                + (localPortRanges.size() + remotePortRanges.size()) * (long) PORT_RANGE_BYTES
                + labelBytes(localLabels)
                + labelBytes(remoteLabels);
    }

    static long labelBytes(List<String> labels) {
        return labels.stream().mapToLong(label -> 4 + bytes(label)).sum();
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** True if the local side is every address. */
    public boolean matchesAnyLocal() {
        return localAddressPrefixes.isEmpty() && localAddressSetIds.isEmpty() && localLabels.isEmpty();
    }

    /** True if the remote side is every address. */
    public boolean matchesAnyRemote() {
        return remoteAddressPrefixes.isEmpty() && remoteAddressSetIds.isEmpty() && remoteLabels.isEmpty();
    }
}
