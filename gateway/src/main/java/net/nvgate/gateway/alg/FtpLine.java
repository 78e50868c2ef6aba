package net.nvgate.gateway.alg;

import net.nvgate.gateway.dpdk.Mem;

/**
 * One line of an FTP control connection in which a host says where it expects a data connection (RFC 959 §4.1.2, RFC 2428 §2, §3).
 * Of one worker, used again for every line.
 *
 * <pre>
 *  PORT 10,0,0,5,200,100                     from a client
 *  EPRT |1|10.0.0.5|51300|                   from a client
 *  EPRT |2|2001:db8::5|51300|                from a client, over IPv6
 *  227 Entering Passive Mode (10,0,0,5,200,100)              from a server
 *  229 Entering Extended Passive Mode (|||51300|)            from a server
 * </pre>
 */
public final class FtpLine {

    /** Kinds of {@link #parse}. */
    public static final int NOTHING = 0;

    public static final int PORT = 1;
    public static final int EPRT_IPV4 = 2;
    public static final int EPRT_IPV6 = 3;
    public static final int PASSIVE = 4;
    public static final int EXTENDED_PASSIVE = 5;

    private static final int COMMAND_PORT = 0x504f5254;
    private static final int COMMAND_EPRT = 0x45505254;
    private static final int UPPER_CASE = 0xdfdfdfdf;
    private static final int REPLY_227 = 0x323237;
    private static final int REPLY_229 = 0x323239;

    private final AddressText addresses = new AddressText();
    private long text;
    private int end;
    private int at;
    private int number;
    private int spanStart;
    private int spanEnd;
    private int address;
    private int port;

    /**
     * Looks at a line.
     *
     * @param line address of its first byte
     * @param length bytes of it without CR and LF
     * @return NOTHING unless it is well-formed
     */
    public int parse(long line, int length) {
        text = line;
        end = length;
        if (length < 8) {
            return NOTHING;
        }
        int word = Mem.i32Be(line);
        if ((word & UPPER_CASE) == COMMAND_PORT && skipSpaces(4)) {
            spanStart = at;
            return hostAndPort() && isTheEnd() ? PORT : NOTHING;
        }
        if ((word & UPPER_CASE) == COMMAND_EPRT && skipSpaces(4)) {
            return extendedPort();
        }
        if (word >>> 8 == REPLY_227 && isReplyEnd(word & 0xff)) {
            return passive();
        }
        return word >>> 8 == REPLY_229 && isReplyEnd(word & 0xff) ? extendedPassive() : NOTHING;
    }

    /** First byte of what is to be replaced, from the line's first byte. */
    public int spanStart() {
        return spanStart;
    }

    /** One behind its last byte. */
    public int spanEnd() {
        return spanEnd;
    }

    /** What was said, for all kinds with an IPv4 address. */
    public int address() {
        return address;
    }

    /** First half of what was said, for {@link #EPRT_IPV6}. */
    public long high() {
        return addresses.high();
    }

    public long low() {
        return addresses.low();
    }

    /** 0..65535. */
    public int port() {
        return port;
    }

    /** A space, or a hyphen as of the first of several lines. */
    private static boolean isReplyEnd(int c) {
        return c == ' ' || c == '-';
    }

    private boolean skipSpaces(int from) {
        at = from;
        while (at < end && byteAt(at) == ' ') {
            at++;
        }
        return at > from && at < end;
    }

    private boolean isTheEnd() {
        int i = at;
        while (i < end && byteAt(i) == ' ') {
            i++;
        }
        return i == end;
    }

    /** h1,h2,h3,h4,p1,p2 from {@link #at} on. */
    private boolean hostAndPort() {
        long value = 0;
        for (int i = 0; i < 6; i++) {
            if ((i > 0 && !take(',')) || !takeNumber(255)) {
                return false;
            }
            value = value << 8 | number;
        }
        address = (int) (value >>> 16);
        port = (int) value & 0xffff;
        spanEnd = at;
        return true;
    }

    /** RFC 1123 §4.1.2.6: the reply's text is anybody's choice, the first digit begins the numbers. */
    private int passive() {
        for (at = 4; at < end; at++) {
            if (isDigit(byteAt(at))) {
                spanStart = at;
                return hostAndPort() ? PASSIVE : NOTHING;
            }
        }
        return NOTHING;
    }

    private int extendedPassive() {
        at = 4;
        while (at < end && byteAt(at) != '(') {
            at++;
        }
        int delimiter = at + 1 < end ? byteAt(at + 1) : 0;
        at++;
        if (!isDelimiter(delimiter) || !take(delimiter) || !take(delimiter) || !take(delimiter)) {
            return NOTHING;
        }
        spanStart = at;
        if (!takeNumber(0xffff)) {
            return NOTHING;
        }
        port = number;
        spanEnd = at;
        return take(delimiter) && take(')') ? EXTENDED_PASSIVE : NOTHING;
    }

    private int extendedPort() {
        int delimiter = byteAt(at);
        if (!isDelimiter(delimiter) || !take(delimiter) || !takeNumber(2) || !take(delimiter)) {
            return NOTHING;
        }
        int family = number;
        int start = at;
        while (at < end && byteAt(at) != delimiter) {
            at++;
        }
        int afterAddress = at;
        boolean understood = family == 1
                ? addresses.parseIpv4(text + start, afterAddress - start)
                : family == 2 && addresses.parseIpv6(text + start, afterAddress - start);
        if (!understood || !take(delimiter) || !takeNumber(0xffff)) {
            return NOTHING;
        }
        port = number;
        int afterPort = at;
        if (!take(delimiter) || !isTheEnd()) {
            return NOTHING;
        }
        if (family == 2) {
            // The whole command: IPv4 servers are told by PORT (RFC 6384 §6).
            spanStart = 0;
            spanEnd = at;
            return EPRT_IPV6;
        }
        address = addresses.ipv4();
        spanStart = start;
        spanEnd = afterPort;
        return EPRT_IPV4;
    }

    /** RFC 2428 §2: any printable character; a digit could not be told from the fields. */
    private static boolean isDelimiter(int c) {
        return c > 32 && c < 127 && !isDigit(c);
    }

    /** Character between address and port of {@link #EPRT_IPV4}. */
    public int delimiter() {
        return Mem.u8(text + spanStart - 1);
    }

    private boolean take(int c) {
        if (at < end && byteAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private boolean takeNumber(int max) {
        int start = at;
        int value = 0;
        while (at < end && isDigit(byteAt(at)) && at - start < 5) {
            value = value * 10 + byteAt(at) - '0';
            at++;
        }
        number = value;
        return at > start && value <= max;
    }

    private int byteAt(int index) {
        return Mem.u8(text + index);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
