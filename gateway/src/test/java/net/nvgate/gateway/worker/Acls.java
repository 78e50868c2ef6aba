package net.nvgate.gateway.worker;

import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.policy.PolicyObject.PortAcl;
import net.nvgate.gateway.acl.AclCompiler;
import net.nvgate.gateway.acl.AclSlots;

/** Port ACLs of tenants of a {@link TestGateway}. */
final class Acls {

    private Acls() {}

    /** One list for all of a VM network: what comes in needs a rule, what goes out does not. */
    static PortAcl inboundDenied(String... rules) {
        return list(AclAction.DENY, AclAction.ALLOW, rules);
    }

    /** @param rules as in the API, without priority */
    static PortAcl list(AclAction inbound, AclAction outbound, String... rules) {
        PortAclRule[] parsed = new PortAclRule[rules.length];
        for (int i = 0; i < rules.length; i++) {
            String json = "{'priority':" + (i + 1) + "," + rules[i] + "}";
            parsed[i] = FabricJson.read(json.replace('\'', '"'), PortAclRule.class);
        }
        return new PortAcl(
                new UUID(7, 7),
                new UUID(0, 1),
                "test",
                false,
                List.of(),
                List.of(),
                inbound,
                outbound,
                List.of(parsed));
    }

    /** The same list, but the provider's, by this name. */
    static PortAcl ofProvider(String name, PortAcl list) {
        return new PortAcl(
                new UUID(7, 8),
                list.rdid(),
                name,
                true,
                list.prefixes(),
                list.labels(),
                list.defaultInboundAction(),
                list.defaultOutboundAction(),
                list.rules());
    }

    static void set(TestGateway gateway, int rdid, PortAcl... lists) {
        gateway.tables.acls.put(
                rdid, new AclCompiler(_ -> List.of(), _ -> List.of(), AclSlots.NONE).compile(List.of(lists)));
        gateway.tables.epochs.bump(rdid);
    }

    static void clear(TestGateway gateway, int rdid) {
        gateway.tables.acls.put(rdid, null);
        gateway.tables.epochs.bump(rdid);
    }
}
