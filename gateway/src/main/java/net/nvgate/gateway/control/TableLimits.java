package net.nvgate.gateway.control;

import net.nvgate.gateway.worker.WorkerConfig;

/**
 * Most rows a gateway accepts; a policy above is rejected. The first two also bound the dense indexes handed to workers.
 *
 * @param routingDomains RDID indexes are 1..routingDomains
 * @param virtualSubnets counters indexes are 0..virtualSubnets-1
 * @param natConnections NAT indexes are 0..natConnections-1
 */
public record TableLimits(
        int routingDomains, int virtualSubnets, int records, int routes, int natConnections, int natRules) {

    /** Virtual NICs with a maximum bandwidth: their indexes are 0..NICS-1. */
    public static final int NICS = WorkerConfig.LIMITED_NICS;

    /** VMM's own ceiling is 4,000 VM networks and 8,000 VMs; this leaves an order of magnitude and more. */
    public static final TableLimits DEFAULT = new TableLimits(16_384, 65_536, 2_000_000, 1_000_000, 16_384, 262_144);
}
