package net.nvgate.fabric.manager;

import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;

/** What an object needs: the objects it names, and those it depends on by address. */
final class References {

    private References() {}

    static Set<UUID> of(FabricObject object, FabricIndex index) {
        if (!(object instanceof NatRule rule)) {
            return object.references();
        }
        // The subnet of a rule's target must stay; it is found by the address.
        NatConnection connection = index.get(NatConnection.class, rule.natConnectionId());
        UUID vmNetworkId = index.get(VmNetworkGateway.class, connection.vmNetworkGatewayId())
                .vmNetworkId();
        return Stream.concat(
                        rule.references().stream(),
                        index.subnetHolding(vmNetworkId, rule.internalAddress()).map(VmSubnet::id).stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
