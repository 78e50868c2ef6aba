package net.nvgate.gateway.acl;

import java.util.List;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.policy.PolicyObject.PortAcl;

/** One direction of one port ACL, compiled. Immutable. */
final class AclList {

    private final PortAcl acl;
    private final AclDirection direction;
    private final List<RuleTable.Rule> rules;
    private final RuleTable table;
    private final AclAction[] actions;
    private final boolean[] logs;
    private final int[] slots;
    private final AclAction defaultAction;
    private final int defaultSlot;

    /** @param rules those of the direction, in order */
    AclList(PortAcl acl, AclDirection direction, List<RuleTable.Rule> rules, AclSlots slotOf) {
        this.acl = acl;
        this.direction = direction;
        this.rules = List.copyOf(rules);
        this.table = new RuleTable(rules);
        this.actions = rules.stream().map(rule -> rule.rule().action()).toArray(AclAction[]::new);
        this.logs = new boolean[rules.size()];
        this.slots = new int[rules.size()];
        for (int i = 0; i < rules.size(); i++) {
            logs[i] = rules.get(i).rule().log();
            slots[i] = slotOf.slot(acl.id(), direction, rules.get(i).rule().priority());
        }
        this.defaultAction =
                direction == AclDirection.INBOUND ? acl.defaultInboundAction() : acl.defaultOutboundAction();
        this.defaultSlot = slotOf.slot(acl.id(), direction, 0);
    }

    int match(AclPacket packet) {
        return table.match(packet);
    }

    AclAction action(int rule) {
        return rule < 0 ? defaultAction : actions[rule];
    }

    boolean logs(int rule) {
        return rule >= 0 && logs[rule];
    }

    int slot(int rule) {
        return rule < 0 ? defaultSlot : slots[rule];
    }

    int rules() {
        return actions.length;
    }

    AclRuleName name(int rule) {
        return new AclRuleName(
                acl.id(),
                acl.name(),
                acl.provider(),
                direction,
                rule < 0 ? 0 : rules.get(rule).rule().priority(),
                rule < 0 ? "" : rules.get(rule).rule().name(),
                action(rule));
    }

    long bytes() {
        return table.bytes();
    }
}
