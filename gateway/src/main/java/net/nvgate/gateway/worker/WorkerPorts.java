package net.nvgate.gateway.worker;

/**
 * A worker's two ports.
 *
 * @param pa toward the hosts
 * @param paId DPDK's id of the PA port
 * @param ext toward the physical network
 * @param extId DPDK's id of the external port
 */
public record WorkerPorts(PacketPort pa, int paId, PacketPort ext, int extId) {}
