package net.nvgate.fabric.manager;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.model.Rules;

/** Requests for port ACLs and what their rules name. */
public sealed interface AclSpec<T extends FabricObject> extends FabricSpec<T> {

    /** The tenant's by default. */
    record AddressSetSpec(
            @JsonUnwrapped SpecMeta meta, UUID vmNetworkId, Optional<Boolean> provider, List<IpPrefix> prefixes)
            implements AclSpec<AddressSet> {

        public AddressSetSpec {
            meta = SpecMeta.checked(Kind.ADDRESS_SET, meta);
            Rules.required(Kind.ADDRESS_SET.label(), "vmNetworkId", vmNetworkId);
            prefixes = Rules.list(Kind.ADDRESS_SET.label(), "prefixes", prefixes);
        }

        @Override
        public Kind kind() {
            return Kind.ADDRESS_SET;
        }
    }

    /** The tenant's, for the whole VM network, and what no rule matches is allowed by default. */
    record PortAclSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID vmNetworkId,
            Optional<Boolean> provider,
            List<UUID> vmSubnetIds,
            List<String> vmLabels,
            Optional<AclAction> defaultInboundAction,
            Optional<AclAction> defaultOutboundAction,
            List<PortAclRule> rules)
            implements AclSpec<PortAcl> {

        public PortAclSpec {
            meta = SpecMeta.checked(Kind.PORT_ACL, meta);
            Rules.required(Kind.PORT_ACL.label(), "vmNetworkId", vmNetworkId);
            vmSubnetIds = Rules.list(Kind.PORT_ACL.label(), "vmSubnetIds", vmSubnetIds);
            vmLabels = Rules.list(Kind.PORT_ACL.label(), "vmLabels", vmLabels);
            rules = Rules.list(Kind.PORT_ACL.label(), "rules", rules);
        }

        @Override
        public Kind kind() {
            return Kind.PORT_ACL;
        }
    }
}
