package net.nvgate.fabric.ovs;

/**
 * An interface of the tenant bridge, as the switch's database has it.
 *
 * @param ofport OpenFlow port number, always positive: the switch has opened it
 * @param ifaceId {@code external_ids:iface-id}, empty if none
 */
record OvsInterface(String name, int ofport, String ifaceId) {}
