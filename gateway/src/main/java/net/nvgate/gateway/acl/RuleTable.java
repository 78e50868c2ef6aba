package net.nvgate.gateway.acl;

import java.util.List;
import java.util.function.BiConsumer;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.model.PortRange;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one list for one direction. Each field of a packet gives a row of bits, one for each rule that it matches; the lowest bit
 * that all rows have is the rule that decides.
 *
 * <pre>
 *  protocol, local address, local port, remote address, remote port or ICMP type and code
 *      | table    | binary search ...                                          cost: log2(boundaries) each,
 *      v          v                                                            and n / 64 words of five rows
 *   0110 1..   0111 0..   1111 1..  -- and -->  0100 0..  --> rule 1
 * </pre>
 *
 * Immutable.
 */
final class RuleTable {

    static final int NONE = -1;
    private static final int PROTOCOLS = 256;
    private static final int PORT_MAX = 0xffff;

    /** A rule with its addresses resolved; null = every address. */
    record Rule(
            PortAclRule rule,
            @Nullable List<IpPrefix> local,
            @Nullable List<IpPrefix> remote) {}

    private final int count;
    private final int words;
    private final int[] protocolRows;
    private final Ranges protocols;
    private final Ranges localAddresses;
    private final Ranges localPorts;
    private final Ranges remoteAddresses;
    private final Ranges remotePorts;

    RuleTable(List<Rule> rules) {
        this.count = rules.size();
        this.words = RangesBuilder.words(count);
        this.protocols = build(rules, RuleTable::protocol);
        this.localAddresses = build(rules, (rule, to) -> addresses(rule.local, to));
        this.remoteAddresses = build(rules, (rule, to) -> addresses(rule.remote, to));
        this.localPorts = build(rules, (rule, to) -> ports(rule.rule.localPortRanges(), to));
        this.remotePorts = build(rules, RuleTable::remotePorts);
        this.protocolRows = new int[PROTOCOLS];
        for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
            protocolRows[protocol] = protocols.row(0, protocol);
        }
    }

    /** Adds ranges of one item. */
    private record Item(int number, RangesBuilder ranges) {
        void all() {
            ranges.addAll(number);
        }

        void range(int first, int last) {
            ranges.add(number, first, last);
        }
    }

    private static Ranges build(List<Rule> rules, BiConsumer<Rule, Item> field) {
        RangesBuilder builder = new RangesBuilder(rules.size());
        for (int i = 0; i < rules.size(); i++) {
            field.accept(rules.get(i), new Item(i, builder));
        }
        return builder.build();
    }

    private static void protocol(Rule rule, Item item) {
        int number = rule.rule.protocol().number();
        if (number < 0) {
            item.all();
        } else {
            item.range(number, number);
        }
    }

    private static void addresses(@Nullable List<IpPrefix> prefixes, Item item) {
        if (prefixes == null) {
            item.all();
        } else {
            item.ranges.add(item.number, prefixes);
        }
    }

    private static void ports(List<PortRange> ports, Item item) {
        if (ports.isEmpty()) {
            item.all();
        }
        ports.forEach(range -> item.range(range.first(), range.last()));
    }

    private static void remotePorts(Rule rule, Item item) {
        if (rule.rule.icmpType().isEmpty()) {
            ports(rule.rule.remotePortRanges(), item);
            return;
        }
        int type = rule.rule.icmpType().get();
        item.range(
                AclPacket.typeAndCode(type, rule.rule.icmpCode().orElse(0)),
                AclPacket.typeAndCode(type, rule.rule.icmpCode().orElse(0xff)));
    }

    /** The first rule that a packet matches, {@link #NONE} if there is none. */
    int match(AclPacket packet) {
        if (count == 0) {
            return NONE;
        }
        int protocol = protocolRows[packet.protocol];
        int local = localAddresses.row(packet.localHigh, packet.localLow);
        int remote = remoteAddresses.row(packet.remoteHigh, packet.remoteLow);
        int localPort = localPorts.row(0, packet.localPort & PORT_MAX);
        int remotePort = remotePorts.row(0, packet.remotePort & PORT_MAX);
        for (int word = 0; word < words; word++) {
            long rules = protocols.word(protocol, word)
                    & localAddresses.word(local, word)
                    & remoteAddresses.word(remote, word)
                    & localPorts.word(localPort, word)
                    & remotePorts.word(remotePort, word);
            if (rules != 0) {
                return word << 6 | Long.numberOfTrailingZeros(rules);
            }
        }
        return NONE;
    }

    long bytes() {
        return protocols.bytes()
                + localAddresses.bytes()
                + remoteAddresses.bytes()
                + localPorts.bytes()
                + remotePorts.bytes()
                + 4L * PROTOCOLS;
    }
}
