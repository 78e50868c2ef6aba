package net.nvgate.gateway.neighbor;

import net.nvgate.fabric.model.IpAddress;
import org.jspecify.annotations.Nullable;

/** What the agent must know of the networks behind the ports, which are as in {@link NeighborEntry#portOf}. */
public interface LinkAddresses {

    /** The address is one of the gateway's: on whatever port, or on the one VLAN of a tenant. */
    boolean isOwn(int port, IpAddress address);

    /** The address is in a subnet of the port, or link-local, and somebody else's to have. */
    boolean isOnLink(int port, IpAddress address);

    /** Our own address in the subnet of an on-link address: sender of requests for it; null = we have none there. */
    @Nullable
    IpAddress sourceFor(int port, IpAddress address);

    /** 802.1Q VLAN id of that subnet, 0 = untagged. */
    int vlanFor(int port, IpAddress address);
}
