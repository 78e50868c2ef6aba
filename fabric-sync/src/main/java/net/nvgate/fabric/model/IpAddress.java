package net.nvgate.fabric.model;

/** An IPv4 or IPv6 address. Ordered within a family as unsigned integers; IPv4 sorts before IPv6. */
public sealed interface IpAddress extends Comparable<IpAddress> permits Ipv4Address, Ipv6Address {

    /** Address length in bits: 32 or 128. */
    int bits();

    /** Network byte order, 4 or 16 bytes. */
    byte[] toBytes();

    /** True for 0.0.0.0 and ::, which stand for "any" in wildcard records and "on-link" in customer routes. */
    boolean isUnspecified();

    boolean isMulticast();

    /**
     * The address {@code offset} steps above this one.
     *
     * @throws ModelException if the result leaves the address family's range
     */
    IpAddress plus(long offset);

    /**
     * Parses dotted-quad IPv4 or RFC 4291 §2.2 IPv6 text. Names are never looked up.
     *
     * @throws ModelException if the text is not an address
     */
    static IpAddress parse(String text) {
        return text.indexOf(':') >= 0 ? Ipv6Address.parse(text) : Ipv4Address.parse(text);
    }

    /**
     * @param bytes network byte order, 4 or 16 bytes
     * @throws ModelException on any other length
     */
    static IpAddress ofBytes(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> Ipv4Address.ofBytes(bytes);
            case 16 -> Ipv6Address.ofBytes(bytes);
            default -> throw new ModelException("address", "bytes", bytes.length, "must be 4 or 16 bytes long");
        };
    }
}
