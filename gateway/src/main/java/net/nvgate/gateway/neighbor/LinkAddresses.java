package net.nvgate.gateway.neighbor;

/** What the agent must know of the networks behind the ports, which are as in {@link NeighborEntry#portOf}. IPv4, host order. */
public interface LinkAddresses {

    /** The address is one of the gateway's: on whatever port, or on the one VLAN of a tenant. */
    boolean isOwn(int port, int address);

    /** The address is in a subnet of the port, and somebody else's to have. */
    boolean isOnLink(int port, int address);

    /** Our own address in the subnet of an on-link address: sender of requests for it. */
    int sourceFor(int port, int address);

    /** 802.1Q VLAN id of that subnet, 0 = untagged. */
    int vlanFor(int port, int address);
}
