package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.UUID;
import net.nvgate.fabric.manager.AclSpec.AddressSetSpec;
import net.nvgate.fabric.manager.AclSpec.PortAclSpec;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;

/** Rules of port ACLs: all that a list names is of its own VM network, and the provider's lists do not hang on tenants' sets. */
final class AclPlans {

    private AclPlans() {}

    static AddressSet addressSet(Draft draft, AddressSetSpec spec) {
        VmNetwork network = VmNetworkPlans.virtualized(draft, spec.vmNetworkId(), Kind.ADDRESS_SET);
        return draft.put(
                new AddressSet(draft.meta(spec), network.id(), spec.provider().orElse(false), spec.prefixes()));
    }

    static PortAcl portAcl(Draft draft, PortAclSpec spec) {
        VmNetwork network = VmNetworkPlans.virtualized(draft, spec.vmNetworkId(), Kind.PORT_ACL);
        PortAcl made = new PortAcl(
                draft.meta(spec),
                network.id(),
                spec.provider().orElse(false),
                spec.vmSubnetIds(),
                spec.vmLabels(),
                spec.defaultInboundAction().orElse(AclAction.ALLOW),
                spec.defaultOutboundAction().orElse(AclAction.ALLOW),
                spec.rules());
        check(draft, made);
        return draft.put(made);
    }

    static void check(Draft draft, PortAcl acl) {
        for (UUID id : acl.vmSubnetIds()) {
            VmSubnet subnet = draft.named(VmSubnet.class, id, Kind.PORT_ACL, "vmSubnetIds");
            if (!subnet.vmNetworkId().equals(acl.vmNetworkId())) {
                throw Draft.refusal(
                        INVALID,
                        Kind.PORT_ACL,
                        "vmSubnetIds",
                        id,
                        "must be the id of a vm-subnet of " + draft.describe(acl.vmNetworkId()));
            }
        }
        for (UUID id : acl.addressSetIds()) {
            AddressSet set = draft.named(AddressSet.class, id, Kind.PORT_ACL, "rules.addressSetIds");
            if (!set.vmNetworkId().equals(acl.vmNetworkId()) || set.provider() != acl.provider()) {
                throw Draft.refusal(
                        INVALID,
                        Kind.PORT_ACL,
                        "rules.addressSetIds",
                        id,
                        "must be the id of an address-set of " + draft.describe(acl.vmNetworkId()) + " that is "
                                + (acl.provider() ? "the provider's" : "not the provider's"));
            }
        }
    }
}
