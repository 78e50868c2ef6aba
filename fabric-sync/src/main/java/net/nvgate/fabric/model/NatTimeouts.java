package net.nvgate.fabric.model;

/**
 * How long idle NAT sessions live, in seconds, each 1..86400. The defaults are what the RFCs recommend or more.
 *
 * @param udpSeconds RFC 4787 REQ-5: at least 120, 300 recommended
 * @param tcpEstablishedSeconds RFC 5382 REQ-5: at least 7440
 * @param tcpTransitorySeconds connections that are half open or closing; RFC 5382 REQ-5: at least 240
 * @param icmpSeconds ICMP queries; RFC 5508 REQ-2: at least 60
 * @param otherSeconds protocols without ports
 */
public record NatTimeouts(
        int udpSeconds, int tcpEstablishedSeconds, int tcpTransitorySeconds, int icmpSeconds, int otherSeconds) {

    public static final NatTimeouts DEFAULT = new NatTimeouts(300, 7440, 240, 60, 300);

    public static final int SECONDS_MAX = 86_400;
    private static final String OBJECT = "timeouts";

    public NatTimeouts {
        Rules.range(OBJECT, "udpSeconds", udpSeconds, 1, SECONDS_MAX);
        Rules.range(OBJECT, "tcpEstablishedSeconds", tcpEstablishedSeconds, 1, SECONDS_MAX);
        Rules.range(OBJECT, "tcpTransitorySeconds", tcpTransitorySeconds, 1, SECONDS_MAX);
        Rules.range(OBJECT, "icmpSeconds", icmpSeconds, 1, SECONDS_MAX);
        Rules.range(OBJECT, "otherSeconds", otherSeconds, 1, SECONDS_MAX);
    }
}
