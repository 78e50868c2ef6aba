package net.nvgate.fabric.model;

/**
 * An address of a gateway on a tenant interface.
 *
 * @param prefixLength length of the subnet on the interface
 */
public record InterfaceAddress(IpAddress address, int prefixLength) {

    private static final String OBJECT = "addresses";

    public InterfaceAddress {
        Rules.required(OBJECT, "address", address);
        Rules.range(OBJECT, "prefixLength", prefixLength, 1, address.bits());
        if (address.isMulticast() || address.isUnspecified()) {
            throw new ModelException(OBJECT, "address", address, "must be a unicast address");
        }
        Rules.usable(OBJECT, "address", address, IpPrefix.of(address, prefixLength));
    }

    /** The subnet on the interface. */
    public IpPrefix subnet() {
        return IpPrefix.of(address, prefixLength);
    }
}
