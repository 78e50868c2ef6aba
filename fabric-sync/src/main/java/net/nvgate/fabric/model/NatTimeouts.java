package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

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

    private static final NatTimeouts RFC_MIN = new NatTimeouts(120, 7440, 240, 60, 1);
    private static final String OBJECT = "timeouts";

    public NatTimeouts {
        Rules.range(OBJECT, "udpSeconds", udpSeconds, 1, SECONDS_MAX);
        Rules.range(OBJECT, "tcpEstablishedSeconds", tcpEstablishedSeconds, 1, SECONDS_MAX);
        Rules.range(OBJECT, "tcpTransitorySeconds", tcpTransitorySeconds, 1, SECONDS_MAX);
        Rules.range(OBJECT, "icmpSeconds", icmpSeconds, 1, SECONDS_MAX);
        Rules.range(OBJECT, "otherSeconds", otherSeconds, 1, SECONDS_MAX);
    }

    /** From JSON: what is left out has its default. */
    @JsonCreator
    public static NatTimeouts of(
            @JsonProperty("udpSeconds") @Nullable Integer udpSeconds,
            @JsonProperty("tcpEstablishedSeconds") @Nullable Integer tcpEstablishedSeconds,
            @JsonProperty("tcpTransitorySeconds") @Nullable Integer tcpTransitorySeconds,
            @JsonProperty("icmpSeconds") @Nullable Integer icmpSeconds,
            @JsonProperty("otherSeconds") @Nullable Integer otherSeconds) {
        return new NatTimeouts(
                given(udpSeconds, DEFAULT.udpSeconds),
                given(tcpEstablishedSeconds, DEFAULT.tcpEstablishedSeconds),
                given(tcpTransitorySeconds, DEFAULT.tcpTransitorySeconds),
                given(icmpSeconds, DEFAULT.icmpSeconds),
                given(otherSeconds, DEFAULT.otherSeconds));
    }

    private static int given(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    /** @throws ModelException unless each is at least what its RFC asks for */
    NatTimeouts rfc(String object) {
        Rules.range(object, "timeouts.udpSeconds", udpSeconds, RFC_MIN.udpSeconds, SECONDS_MAX);
        Rules.range(
                object,
                "timeouts.tcpEstablishedSeconds",
                tcpEstablishedSeconds,
                RFC_MIN.tcpEstablishedSeconds,
                SECONDS_MAX);
        Rules.range(
                object,
                "timeouts.tcpTransitorySeconds",
                tcpTransitorySeconds,
                RFC_MIN.tcpTransitorySeconds,
                SECONDS_MAX);
        Rules.range(object, "timeouts.icmpSeconds", icmpSeconds, RFC_MIN.icmpSeconds, SECONDS_MAX);
        return this;
    }
}
