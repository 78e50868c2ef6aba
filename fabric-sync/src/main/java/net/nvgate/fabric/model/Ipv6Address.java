package net.nvgate.fabric.model;

import java.nio.ByteBuffer;

/**
 * An IPv6 address. Text form as RFC 5952.
 *
 * @param high first 64 bits, most significant first
 * @param low last 64 bits
 */
public record Ipv6Address(long high, long low) implements IpAddress {

    public static final Ipv6Address UNSPECIFIED = new Ipv6Address(0, 0);

    private static final int GROUPS = 8;

    /** @throws ModelException if the text is not an RFC 4291 §2.2 address (zone identifiers are refused) */
    public static Ipv6Address parse(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            int[] groups = groups(text, text);
            if (groups.length != GROUPS) {
                throw notAnAddress(text);
            }
            return ofGroups(groups, new int[0]);
        }
        int[] head = groups(text.substring(0, gap), text);
        int[] tail = groups(text.substring(gap + 2), text);
        if (head.length + tail.length >= GROUPS) {
            throw notAnAddress(text);
        }
        return ofGroups(head, tail);
    }

    private static int[] groups(String part, String text) {
        if (part.isEmpty()) {
            return new int[0];
        }
        String[] words = part.split(":", -1);
        boolean embedded = words[words.length - 1].indexOf('.') >= 0;
        int[] groups = new int[words.length + (embedded ? 1 : 0)];
        for (int i = 0; i < words.length - (embedded ? 1 : 0); i++) {
            groups[i] = group(words[i], text);
        }
        if (embedded) {
            int v4 = Ipv4Address.parse(words[words.length - 1]).value();
            groups[groups.length - 2] = v4 >>> 16;
            groups[groups.length - 1] = v4 & 0xffff;
        }
        return groups;
    }

    private static int group(String word, String text) {
        if (word.isEmpty() || word.length() > 4) {
            throw notAnAddress(text);
        }
        int value = 0;
        for (int i = 0; i < word.length(); i++) {
            int digit = Character.digit(word.charAt(i), 16);
            if (digit < 0 || word.charAt(i) > 'f') {
                throw notAnAddress(text);
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static Ipv6Address ofGroups(int[] head, int[] tail) {
        int[] all = new int[GROUPS];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(tail, 0, all, GROUPS - tail.length, tail.length);
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | all[i];
            low = low << 16 | all[i + 4];
        }
        return new Ipv6Address(high, low);
    }

    private static ModelException notAnAddress(String text) {
        return new ModelException("address", "ipv6", text, "must be an IPv6 address such as 2001:db8::1");
    }

    static Ipv6Address ofBytes(byte[] b) {
        ByteBuffer buffer = ByteBuffer.wrap(b);
        return new Ipv6Address(buffer.getLong(), buffer.getLong());
    }

    @Override
    public int bits() {
        return 128;
    }

    @Override
    public byte[] toBytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    @Override
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    @Override
    public boolean isMulticast() {
        return high >>> 56 == 0xff;
    }

    @Override
    public Ipv6Address plus(long offset) {
        long sum = low + offset;
        long carry = Long.compareUnsigned(sum, low);
        long newHigh = high + (offset >= 0 && carry < 0 ? 1 : 0) - (offset < 0 && carry > 0 ? 1 : 0);
        return new Ipv6Address(newHigh, sum);
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }

    @Override
    public int compareTo(IpAddress other) {
        return switch (other) {
            case Ipv4Address _ -> 1;
            case Ipv6Address v6 -> {
                int byHigh = Long.compareUnsigned(high, v6.high);
                yield byHigh != 0 ? byHigh : Long.compareUnsigned(low, v6.low);
            }
        };
    }

    /** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups becomes "::". */
    @Override
    public String toString() {
        int bestStart = -1;
        int bestLength = 1;
        int start = 0;
        while (start < GROUPS) {
            int end = start;
            while (end < GROUPS && group(end) == 0) {
                end++;
            }
            if (end - start > bestLength) {
                bestStart = start;
                bestLength = end - start;
            }
            start = end + 1;
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(i)));
        }
        return text.toString();
    }
}
