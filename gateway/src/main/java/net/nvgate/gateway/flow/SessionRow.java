package net.nvgate.gateway.flow;

/**
 * A session as people see it. Addresses are host-order IPv4; ports are 0..65535, the identifier for ICMP.
 *
 * @param domain index of the routing domain
 * @param protocol 1, 6 or 17
 * @param idleMs since the last packet either way
 * @param ageMs since the first one
 */
public record SessionRow(
        int domain,
        int protocol,
        int insideAddress,
        int insidePort,
        int externalAddress,
        int externalPort,
        int remoteAddress,
        int remotePort,
        String state,
        long packetsOut,
        long bytesOut,
        long packetsIn,
        long bytesIn,
        int idleMs,
        long ageMs,
        SessionNat nat,
        boolean fromOutside) {}
