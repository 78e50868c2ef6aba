package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.neighbor.LearningChannel;
import net.nvgate.gateway.pcp.PcpServer;

/** What the gateway does for a tenant's VMs beside forwarding their packets, and who needs which part of it. */
final class TenantServices {

    /** For ARP, of which CAs are learned. */
    final L2Learner learner;
    /** For packets to our addresses. */
    final LocalInput local;
    /** For broadcasts in NVGRE. */
    final BroadcastInput broadcasts;

    final PcpServer pcpServer;
    /** For the housekeeping. */
    final UnknownHostRequester requester;

    /** @param memory 8 bytes for an mbuf's address */
    TenantServices(
            WorkerParts parts,
            UnknownHosts unknown,
            EchoResponder echo,
            LearningChannel learning,
            Mempool pool,
            long memory) {
        learner = new L2Learner(parts.tables, learning, parts.clock, parts.counters);
        DhcpServer dhcp = new DhcpServer(
                parts.tables, parts.adjacencies, parts.egress, learner, parts.clock, parts.counters, parts.disposal);
        pcpServer = new PcpServer(parts.pcp, parts.clock.ms(), WorkerConfig.TENANTS);
        PcpResponder pcp = new PcpResponder(
                pcpServer, parts.pcp, parts.routes, parts.egress, parts.clock, parts.counters, parts.disposal);
        local = new LocalInput(echo, dhcp, pcp, parts.tap, parts.disposal);
        broadcasts = new BroadcastInput(dhcp, parts.disposal);
        requester = new UnknownHostRequester(
                unknown, parts.tables, parts.adjacencies, parts.egress, pool, memory, parts.clock, parts.counters);
    }
}
