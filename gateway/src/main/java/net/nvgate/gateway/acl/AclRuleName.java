package net.nvgate.gateway.acl;

import java.util.UUID;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AclDirection;

/**
 * What decided on a packet, for people.
 *
 * @param priority of the rule, 0 = the list's default action
 * @param rule its name, may be empty
 */
public record AclRuleName(
        UUID listId,
        String list,
        boolean provider,
        AclDirection direction,
        int priority,
        String rule,
        AclAction action) {

    /** As {@link #toString}; of the provider's lists a tenant learns neither names nor rules. */
    public String forTenant() {
        return provider ? "the provider's port ACL" : toString();
    }

    /** E.g. {@code rule 30 'no telnet' of port ACL 'web'}, or {@code the default of port ACL 'web'}. */
    @Override
    public String toString() {
        String what = priority == 0
                ? "the default " + direction.name().toLowerCase(java.util.Locale.ROOT) + " action"
                : "rule " + priority + (rule.isEmpty() ? "" : " '" + rule + "'");
        return what + " of " + (provider ? "the provider's " : "") + "port ACL '" + list + "'";
    }
}
