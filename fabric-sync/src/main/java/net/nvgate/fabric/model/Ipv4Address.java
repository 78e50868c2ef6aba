package net.nvgate.fabric.model;

/**
 * An IPv4 address.
 *
 * @param value the 32 bits, most significant first (192.0.2.1 is 0xC0000201)
 */
public record Ipv4Address(int value) implements IpAddress {

    public static final Ipv4Address UNSPECIFIED = new Ipv4Address(0);

    /** @throws ModelException if the text is not four decimal octets without leading zeros */
    public static Ipv4Address parse(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            throw notAnAddress(text);
        }
        int value = 0;
        for (String octet : octets) {
            value = value << 8 | octet(octet, text);
        }
        return new Ipv4Address(value);
    }

    private static int octet(String octet, String text) {
        int length = octet.length();
        if (length < 1 || length > 3 || (length > 1 && octet.charAt(0) == '0')) {
            throw notAnAddress(text);
        }
        int value = 0;
        for (int i = 0; i < length; i++) {
            char c = octet.charAt(i);
            if (c < '0' || c > '9') {
                throw notAnAddress(text);
            }
            value = value * 10 + (c - '0');
        }
        if (value > 255) {
            throw notAnAddress(text);
        }
        return value;
    }

    private static ModelException notAnAddress(String text) {
        return new ModelException("address", "ipv4", text, "must be four decimal octets such as 192.0.2.1");
    }

    static Ipv4Address ofBytes(byte[] b) {
        return new Ipv4Address((b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | (b[3] & 0xff));
    }

    @Override
    public int bits() {
        return 32;
    }

    @Override
    public byte[] toBytes() {
        return new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
    }

    @Override
    public boolean isUnspecified() {
        return value == 0;
    }

    @Override
    public boolean isMulticast() {
        return value >>> 28 == 0xe;
    }

    @Override
    public Ipv4Address plus(long offset) {
        long sum = Integer.toUnsignedLong(value) + offset;
        if (sum < 0 || sum > 0xffff_ffffL) {
            throw new ModelException("address", "ipv4", this + " + " + offset, "must stay below 255.255.255.255");
        }
        return new Ipv4Address((int) sum);
    }

    @Override
    public int compareTo(IpAddress other) {
        return switch (other) {
            case Ipv4Address v4 -> Integer.compareUnsigned(value, v4.value);
            case Ipv6Address _ -> -1;
        };
    }

    @Override
    public String toString() {
        return (value >>> 24) + "." + (value >>> 16 & 0xff) + "." + (value >>> 8 & 0xff) + "." + (value & 0xff);
    }
}
