package net.nvgate.fabric.model;

/** Which IP addresses are wanted. */
public enum AddressFamily {
    ANY(0),
    IPV4(32),
    IPV6(128);

    private final int bits;

    AddressFamily(int bits) {
        this.bits = bits;
    }

    public boolean admits(IpAddress address) {
        return bits == 0 || bits == address.bits();
    }
}
