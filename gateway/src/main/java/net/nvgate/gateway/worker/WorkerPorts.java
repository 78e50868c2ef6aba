package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Port;

/**
 * A worker's two ports.
 *
 * @param pa toward the hosts
 * @param paId DPDK's id of the PA port
 * @param ext toward the physical network
 * @param extId DPDK's id of the external port
 */
public record WorkerPorts(PacketPort pa, int paId, PacketPort ext, int extId) {

    /**
     * The ports as one of several workers sees them. Of a port that has fewer queues than there are workers the first queues belong to
     * the first workers, of the external port beginning with the second one, so that two ports of one queue are two workers' work.
     * Who has none receives by what others hand over, and sends by their queues.
     *
     * @param self number of the worker
     * @param paQueues queues each way that the started port has, at most as many as workers
     * @param extQueues as {@code paQueues}
     */
    public static WorkerPorts of(WorkerGroup group, int self, Port pa, int paQueues, Port ext, int extQueues) {
        return new WorkerPorts(
                port(group, self, pa, paQueues, 0, HandOffRing.TO_PA),
                pa.id(),
                port(group, self, ext, extQueues, 1, HandOffRing.TO_EXT),
                ext.id());
    }

    /** @param first worker that has the first queue */
    private static PacketPort port(WorkerGroup group, int self, Port port, int queues, int first, int kind) {
        int queue = Math.floorMod(self - first, group.workers());
        if (queue < queues) {
            return PacketPort.of(port, queue);
        }
        int owner = (queue % queues + first) % group.workers();
        return PacketPort.relayed(PacketPort.of(port, queue % queues), group.ring(self, owner), kind);
    }
}
