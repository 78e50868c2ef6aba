package net.nvgate.fabric.model;

import org.jspecify.annotations.Nullable;

/**
 * Rates that are not to be exceeded; 0 = no limit. A kbit is 1000 bits of IP packets, headers included.
 *
 * @param inboundKbps from outside to the tenant, kbit/s
 * @param outboundKbps from the tenant to outside, kbit/s
 * @param inboundPacketsPerSecond from outside to the tenant
 * @param outboundPacketsPerSecond from the tenant to outside
 * @param mode of what comes faster; policing if it is left out
 */
public record Bandwidth(
        int inboundKbps, int outboundKbps, int inboundPacketsPerSecond, int outboundPacketsPerSecond, LimitMode mode) {

    public static final Bandwidth UNLIMITED = new Bandwidth(0, 0);

    private static final String OBJECT = "bandwidth";

    public Bandwidth(
            int inboundKbps,
            int outboundKbps,
            int inboundPacketsPerSecond,
            int outboundPacketsPerSecond,
            @Nullable LimitMode mode) {
        this.inboundKbps = Rules.range(OBJECT, "inboundKbps", inboundKbps, 0, Integer.MAX_VALUE);
        this.outboundKbps = Rules.range(OBJECT, "outboundKbps", outboundKbps, 0, Integer.MAX_VALUE);
        this.inboundPacketsPerSecond =
                Rules.range(OBJECT, "inboundPacketsPerSecond", inboundPacketsPerSecond, 0, Integer.MAX_VALUE);
        this.outboundPacketsPerSecond =
                Rules.range(OBJECT, "outboundPacketsPerSecond", outboundPacketsPerSecond, 0, Integer.MAX_VALUE);
        this.mode = Rules.given(mode, LimitMode.POLICE);
    }

    /** Of bandwidth alone, policed. */
    public Bandwidth(int inboundKbps, int outboundKbps) {
        this(inboundKbps, outboundKbps, 0, 0, LimitMode.POLICE);
    }
}
