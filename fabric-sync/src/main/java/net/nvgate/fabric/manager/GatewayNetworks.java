package net.nvgate.fabric.manager;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;

/**
 * The VM networks that a gateway serves, by name of the VM network gateway, and whether they could be served by another.
 *
 * @param revision of the fabric that this is of
 * @param count of all the networks that it serves
 * @param networks the first of them
 */
public record GatewayNetworks(long revision, Gateway gateway, int count, List<Served> networks) {

    /** @param stays why no other gateway can take it now; empty if one can */
    public record Served(VmNetwork network, VmNetworkGateway attachment, Optional<String> stays) {}

    public GatewayNetworks {
        networks = List.copyOf(networks);
    }
}
