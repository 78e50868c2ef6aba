package net.nvgate.gateway.worker;

import net.nvgate.fabric.model.IpAddress;

/**
 * What became of a VM's packets because of their size.
 *
 * @param domain index of the routing domain
 * @param refused packets from the VM with DF that did not fit, answered with ICMP fragmentation needed
 * @param fragmented packets from the VM that did not fit and were fragmented
 * @param tunnelFragmented packets from the VM that its host had to fragment
 * @param lastSize of the last one of these, bytes of the IP packet; 0 = none
 * @param mssClamped TCP SYN packets from and to the VM whose MSS was lowered
 * @param mssAnnounced that the VM announced last and was lowered; 0 = none
 * @param mssLowered what it became
 * @param receivedTooBig packets to the VM that did not fit, refused or fragmented
 * @param lastMs when something of this happened last, on the worker's scale
 */
public record MtuRow(
        int domain,
        IpAddress customerAddress,
        long refused,
        long fragmented,
        long tunnelFragmented,
        int lastSize,
        long mssClamped,
        int mssAnnounced,
        int mssLowered,
        long receivedTooBig,
        long lastMs) {

    /** What two workers have seen of one VM: one of them puts fragments together, the other has the VM. */
    public MtuRow plus(MtuRow other) {
        MtuRow last = lastMs >= other.lastMs ? this : other;
        MtuRow mss = mssAnnounced != 0 ? this : other;
        return new MtuRow(
                domain,
                customerAddress,
                refused + other.refused,
                fragmented + other.fragmented,
                tunnelFragmented + other.tunnelFragmented,
                last.lastSize,
                mssClamped + other.mssClamped,
                mss.mssAnnounced,
                mss.mssLowered,
                receivedTooBig + other.receivedTooBig,
                last.lastMs);
    }
}
