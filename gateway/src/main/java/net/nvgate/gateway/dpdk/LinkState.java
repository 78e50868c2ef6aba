package net.nvgate.gateway.dpdk;

/**
 * Link of a port.
 *
 * @param speedMbps 0 = not known
 */
public record LinkState(boolean up, long speedMbps) {

    /** RTE_ETH_SPEED_NUM_UNKNOWN. */
    private static final long UNKNOWN = 0xffffffffL;

    static LinkState read(long link) {
        DpdkAbi abi = DpdkAbi.current();
        long speed = Integer.toUnsignedLong(Mem.i32(link + abi.value(DpdkField.LINK_SPEED)));
        return new LinkState(
                (Mem.u8(link + 4) & abi.value(DpdkField.LINK_STATUS_BIT)) != 0, speed == UNKNOWN ? 0 : speed);
    }
}
