package net.nvgate.fabric.model;

/**
 * What a tenant, and each inside address of it, may use at most, so that one tenant's exhaustion never touches another
 * (RFC 6888 REQ-4, REQ-5). 0 = no limit.
 *
 * @param ports external ports and ICMP identifiers of the tenant
 * @param sessions of the tenant
 * @param sessionsPerSecond new sessions of the tenant
 * @param hostPorts external ports and ICMP identifiers of one inside address
 * @param hostSessions of one inside address
 * @param hostSessionsPerSecond new sessions of one inside address
 */
public record NatQuota(
        int ports, int sessions, int sessionsPerSecond, int hostPorts, int hostSessions, int hostSessionsPerSecond) {

    public static final NatQuota UNLIMITED = new NatQuota(0, 0, 0, 0, 0, 0);

    private static final String OBJECT = "quota";

    public NatQuota {
        Rules.range(OBJECT, "ports", ports, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "sessions", sessions, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "sessionsPerSecond", sessionsPerSecond, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "hostPorts", hostPorts, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "hostSessions", hostSessions, 0, Integer.MAX_VALUE);
        Rules.range(OBJECT, "hostSessionsPerSecond", hostSessionsPerSecond, 0, Integer.MAX_VALUE);
    }
}
