package net.nvgate.gateway.route;

/** IPv4 prefixes as the NAT tables hold them. */
public final class Prefixes {

    private Prefixes() {}

    /** Whether a prefix of {@code length} 0..32 contains an address. */
    public static boolean contains(int prefix, int length, int address) {
        return length == 0 || (prefix ^ address) >>> (32 - length) == 0;
    }

    /** A prefix as the control thread handles it; the host bits are 0. */
    public record Row(int address, int length) {

        public static final Row ANY = new Row(0, 0);
    }
}
