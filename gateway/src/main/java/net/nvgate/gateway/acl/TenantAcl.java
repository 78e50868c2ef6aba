package net.nvgate.gateway.acl;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.model.IpPrefix;

/**
 * All port ACLs of a VM network, compiled: the provider's first. A flow passes a side if every list that is for the side's address lets
 * it; the first that does not decides. Immutable; a change makes another one.
 */
public final class TenantAcl {

    /** Nobody has lists. */
    public static final TenantAcl NONE = new TenantAcl(List.of(), List.of(), List.of());

    private final AclList[] inbound;
    private final AclList[] outbound;
    /** Which lists are for an address. */
    private final Ranges scopes;

    private final int words;

    /** @param scopes for each list the prefixes that it is for, empty: none */
    TenantAcl(List<AclList> inbound, List<AclList> outbound, List<Scope> scopes) {
        this.inbound = inbound.toArray(AclList[]::new);
        this.outbound = outbound.toArray(AclList[]::new);
        RangesBuilder builder = new RangesBuilder(scopes.size());
        for (int i = 0; i < scopes.size(); i++) {
            if (scopes.get(i).all) {
                builder.addAll(i);
            } else {
                builder.add(i, scopes.get(i).prefixes);
            }
        }
        this.scopes = builder.build();
        this.words = RangesBuilder.words(scopes.size());
    }

    /** @param all the list is for every address */
    record Scope(boolean all, List<IpPrefix> prefixes) {}

    /**
     * Whether a flow may be opened, as far as the lists of its local side say. The packet then knows which rule decided.
     *
     * @param inbound the remote side opens it
     * @param hits where to count
     */
    public AclAction decide(boolean inbound, AclPacket packet, AclHits hits) {
        AclList[] lists = inbound ? this.inbound : outbound;
        packet.decided(RuleTable.NONE, RuleTable.NONE);
        packet.logged(false);
        if (lists.length == 0) {
            return AclAction.ALLOW;
        }
        int row = scopes.row(packet.localHigh, packet.localLow);
        for (int word = 0; word < words; word++) {
            for (long left = scopes.word(row, word); left != 0; left &= left - 1) {
                int number = word << 6 | Long.numberOfTrailingZeros(left);
                AclList list = lists[number];
                int rule = list.match(packet);
                hits.count(list.slot(rule));
                packet.decided(number, rule);
                packet.logged(list.logs(rule));
                AclAction action = list.action(rule);
                if (action != AclAction.ALLOW) {
                    return action;
                }
            }
        }
        return AclAction.ALLOW;
    }

    /** Every rule that has a say in a flow, in order; the last one is that which decides. Empty: no list is for the local side. */
    public List<AclRuleName> explain(boolean inbound, AclPacket packet) {
        AclList[] lists = inbound ? this.inbound : outbound;
        List<AclRuleName> names = new ArrayList<>();
        int row = scopes.row(packet.localHigh, packet.localLow);
        for (int i = 0; i < lists.length; i++) {
            if ((scopes.word(row, i >>> 6) & 1L << (i & 63)) != 0) {
                names.add(lists[i].name(lists[i].match(packet)));
                if (names.getLast().action() != AclAction.ALLOW) {
                    return names;
                }
            }
        }
        return names;
    }

    /** What a packet of {@link #decide} was decided by; by the same object that decided. */
    public AclRuleName name(AclDirection direction, int list, int rule) {
        return (direction == AclDirection.INBOUND ? inbound : outbound)[list].name(rule);
    }

    public int lists() {
        return inbound.length;
    }

    /** Rules of all lists. */
    public int rules() {
        int rules = 0;
        for (int i = 0; i < inbound.length; i++) {
            rules += inbound[i].rules() + outbound[i].rules();
        }
        return rules;
    }

    /** Bytes on the heap, about. */
    public long bytes() {
        long bytes = scopes.bytes();
        for (int i = 0; i < inbound.length; i++) {
            bytes += inbound[i].bytes() + outbound[i].bytes();
        }
        return bytes;
    }
}
