package net.nvgate.fabric.model;

/**
 * A CIDR prefix whose host bits are zero.
 *
 * @param address lowest address of the prefix
 * @param length prefix length in bits, 0..32 or 0..128
 */
public record IpPrefix(IpAddress address, int length) implements Comparable<IpPrefix> {

    public IpPrefix {
        if (length < 0 || length > address.bits()) {
            throw new ModelException("prefix", "length", length, "must be 0.." + address.bits());
        }
        if (!mask(address, length).equals(address)) {
            throw new ModelException(
                    "prefix", "address", address + "/" + length, "must have zero host bits: " + mask(address, length));
        }
    }

    /** @throws ModelException if the text is not ADDRESS/LENGTH with zero host bits */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new ModelException("prefix", "text", text, "must be ADDRESS/LENGTH such as 192.0.2.0/24");
        }
        int length;
        try {
            length = Integer.parseInt(text, slash + 1, text.length(), 10);
        } catch (NumberFormatException e) {
            throw new ModelException("prefix", "length", text, "must be a decimal number after the slash");
        }
        return new IpPrefix(IpAddress.parse(text.substring(0, slash)), length);
    }

    /** The prefix of {@code length} bits that holds {@code address}. */
    public static IpPrefix of(IpAddress address, int length) {
        if (length < 0 || length > address.bits()) {
            throw new ModelException("prefix", "length", length, "must be 0.." + address.bits());
        }
        return new IpPrefix(mask(address, length), length);
    }

    private static IpAddress mask(IpAddress address, int length) {
        return switch (address) {
            case Ipv4Address v4 -> new Ipv4Address(length == 0 ? 0 : v4.value() & -1 << (32 - length));
            case Ipv6Address v6 ->
                new Ipv6Address(
                        length == 0 ? 0 : v6.high() & (length >= 64 ? -1L : -1L << (64 - length)),
                        length <= 64 ? 0 : v6.low() & -1L << (128 - length));
        };
    }

    public boolean contains(IpAddress other) {
        return other.bits() == address.bits() && mask(other, length).equals(address);
    }

    public boolean contains(IpPrefix other) {
        return other.length >= length && contains(other.address);
    }

    public boolean overlaps(IpPrefix other) {
        return contains(other) || other.contains(this);
    }

    /** Highest address of the prefix (for IPv4 subnets, the directed broadcast address). */
    public IpAddress last() {
        return switch (address) {
            case Ipv4Address v4 -> new Ipv4Address(v4.value() | (length == 0 ? -1 : (int) (0xffff_ffffL >>> length)));
            case Ipv6Address v6 ->
                new Ipv6Address(
                        v6.high() | (length == 0 ? -1L : length >= 64 ? 0 : -1L >>> length),
                        v6.low() | (length <= 64 ? -1L : length == 128 ? 0 : -1L >>> (length - 64)));
        };
    }

    @Override
    public int compareTo(IpPrefix other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
