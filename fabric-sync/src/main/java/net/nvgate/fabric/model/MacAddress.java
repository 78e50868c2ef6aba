package net.nvgate.fabric.model;

/**
 * A 48-bit MAC address.
 *
 * @param value the 48 bits, first octet most significant
 */
public record MacAddress(long value) implements Comparable<MacAddress> {

    public static final MacAddress MAX = new MacAddress(0xffff_ffff_ffffL);

    public MacAddress {
        if (value >>> 48 != 0) {
            throw new ModelException("mac", "value", Long.toHexString(value), "must fit in 48 bits");
        }
    }

    /**
     * Parses 00:1d:d8:b7:1c:00, 00-1D-D8-B7-1C-00 or the cmdlets' 001DD8B71C00.
     *
     * @throws ModelException if the text is none of these
     */
    public static MacAddress parse(String text) {
        char separator = text.length() == 17 ? text.charAt(2) : 0;
        if (text.length() != 12 && separator != ':' && separator != '-') {
            throw notAMac(text);
        }
        int step = separator == 0 ? 2 : 3;
        long value = 0;
        for (int i = 0; i < 6; i++) {
            int at = i * step;
            int high = Character.digit(text.charAt(at), 16);
            int low = Character.digit(text.charAt(at + 1), 16);
            if (high < 0 || low < 0 || (separator != 0 && i < 5 && text.charAt(at + 2) != separator)) {
                throw notAMac(text);
            }
            value = value << 8 | high << 4 | low;
        }
        return new MacAddress(value);
    }

    private static ModelException notAMac(String text) {
        return new ModelException("mac", "text", text, "must be six hex octets such as 00:1d:d8:b7:1c:00");
    }

    public boolean isMulticast() {
        return (value >>> 40 & 1) != 0;
    }

    public MacAddress plus(long offset) {
        return new MacAddress(value + offset);
    }

    @Override
    public int compareTo(MacAddress other) {
        return Long.compare(value, other.value);
    }

    /** Lower case with colons. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            int octet = (int) (value >>> shift) & 0xff;
            text.append(Character.forDigit(octet >>> 4, 16)).append(Character.forDigit(octet & 0xf, 16));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }
}
