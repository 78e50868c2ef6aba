package net.nvgate.fabric.model;

/**
 * What a plan allows each VM network of a subscription. 0 = no limit.
 *
 * @param ports external ports and ICMP identifiers
 * @param sessions NAT sessions
 * @param sessionsPerSecond new NAT sessions
 * @param inboundKbps from outside, kbit/s
 * @param outboundKbps to outside, kbit/s
 */
public record NetworkLimits(int ports, int sessions, int sessionsPerSecond, int inboundKbps, int outboundKbps) {

    public static final NetworkLimits NONE = new NetworkLimits(0, 0, 0, 0, 0);

    private static final String OBJECT = "planLimits";

    public NetworkLimits {
        Rules.range(OBJECT, "ports", ports, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "sessions", sessions, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "sessionsPerSecond", sessionsPerSecond, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "inboundKbps", inboundKbps, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "outboundKbps", outboundKbps, 0, Integer.MAX_VALUE);
    }

    public static NetworkLimits of(PlanLimits plan) {
        return new NetworkLimits(
                plan.ports().orElse(0),
                plan.sessions().orElse(0),
                plan.sessionsPerSecond().orElse(0),
                plan.inboundKbps().orElse(0),
                plan.outboundKbps().orElse(0));
    }

    public Bandwidth bandwidth() {
        return new Bandwidth(inboundKbps, outboundKbps);
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
