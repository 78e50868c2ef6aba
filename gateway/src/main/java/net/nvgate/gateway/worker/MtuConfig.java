package net.nvgate.gateway.worker;

/**
 * What a worker does about sizes.
 *
 * @param mssClamp lower the MSS option of TCP SYN packets to what fits the path (RFC 2923 §2.1)
 * @param fragmentsHeldMax fragments that wait for the first one of their datagram, in all; each an mbuf
 * @param outerReassembly NVGRE packets that come in fragments are put together
 * @param outerFragmentsHeldMax fragments of NVGRE that wait for the others, in all; each an mbuf
 * @param pathMtuDiscovery ICMP fragmentation needed about NVGRE packets of ours is believed, if it is plausible
 */
public record MtuConfig(
        boolean mssClamp,
        int fragmentsHeldMax,
        boolean outerReassembly,
        int outerFragmentsHeldMax,
        boolean pathMtuDiscovery) {

    public static final MtuConfig DEFAULT = new MtuConfig(true, 1024, true, 512, true);

    public MtuConfig withOuterReassembly(boolean reassembly) {
        return new MtuConfig(mssClamp, fragmentsHeldMax, reassembly, outerFragmentsHeldMax, pathMtuDiscovery);
    }

    public MtuConfig withPathMtuDiscovery(boolean discovery) {
        return new MtuConfig(mssClamp, fragmentsHeldMax, outerReassembly, outerFragmentsHeldMax, discovery);
    }

    public MtuConfig withMssClamp(boolean clamp) {
        return new MtuConfig(clamp, fragmentsHeldMax, outerReassembly, outerFragmentsHeldMax, pathMtuDiscovery);
    }
}
