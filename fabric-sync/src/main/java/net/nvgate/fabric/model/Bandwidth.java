package net.nvgate.fabric.model;

/**
 * Rates that are not to be exceeded; 0 = no limit.
 *
 * @param inboundKbps from outside to the tenant, kbit/s
 * @param outboundKbps from the tenant to outside, kbit/s
 */
public record Bandwidth(int inboundKbps, int outboundKbps) {

    public static final Bandwidth UNLIMITED = new Bandwidth(0, 0);

    private static final String OBJECT = "bandwidth";

    public Bandwidth {
        Rules.range(OBJECT, "inboundKbps", inboundKbps, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "outboundKbps", outboundKbps, 0, Integer.MAX_VALUE);
    }
}
