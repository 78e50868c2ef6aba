package net.nvgate.fabric.model;

/**
 * What a plan allows each VM network of a subscription. 0 = no limit.
 *
 * @param ports external ports and ICMP identifiers
 * @param sessions NAT sessions
 * @param sessionsPerSecond new NAT sessions
 * @param inboundKbps from outside, kbit/s
 * @param outboundKbps to outside, kbit/s
 * @param inboundPacketsPerSecond from outside
 * @param outboundPacketsPerSecond to outside
 */
public record NetworkLimits(
        int ports,
        int sessions,
        int sessionsPerSecond,
        int inboundKbps,
        int outboundKbps,
        int inboundPacketsPerSecond,
        int outboundPacketsPerSecond) {

    public static final NetworkLimits NONE = new NetworkLimits(0, 0, 0, 0, 0, 0, 0);

    private static final String OBJECT = "planLimits";

    public NetworkLimits {
        Rules.range(OBJECT, "ports", ports, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "sessions", sessions, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "sessionsPerSecond", sessionsPerSecond, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "inboundKbps", inboundKbps, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "outboundKbps", outboundKbps, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "inboundPacketsPerSecond", inboundPacketsPerSecond, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "outboundPacketsPerSecond", outboundPacketsPerSecond, 0, Integer.MAX_VALUE);
    }

    public static NetworkLimits of(PlanLimits plan) {
        return new NetworkLimits(
                plan.ports().orElse(0),
                plan.sessions().orElse(0),
                plan.sessionsPerSecond().orElse(0),
                plan.inboundKbps().orElse(0),
                plan.outboundKbps().orElse(0),
                plan.inboundPacketsPerSecond().orElse(0),
                plan.outboundPacketsPerSecond().orElse(0));
    }

    /** The VM network's own limits, and no more than the plan's. */
    public Bandwidth applied(Bandwidth own) {
        return new Bandwidth(
                lower(inboundKbps, own.inboundKbps()),
                lower(outboundKbps, own.outboundKbps()),
                lower(inboundPacketsPerSecond, own.inboundPacketsPerSecond()),
                lower(outboundPacketsPerSecond, own.outboundPacketsPerSecond()),
                own.mode());
    }

    /** The quota, and no more than the plan's. */
    public NatQuota applied(NatQuota quota) {
        return new NatQuota(
                lower(ports, quota.ports()),
                lower(sessions, quota.sessions()),
                lower(sessionsPerSecond, quota.sessionsPerSecond()),
                quota.hostPorts(),
                quota.hostSessions(),
                quota.hostSessionsPerSecond());
    }

    private static int lower(int limit, int wanted) {
        return limit == 0 || (wanted != 0 && wanted < limit) ? wanted : limit;
    }
}
