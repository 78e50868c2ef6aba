package net.nvgate.gateway.worker;

/**
 * What a worker does about sizes.
 *
 * @param mssClamp lower the MSS option of TCP SYN packets to what fits the path (RFC 2923 §2.1)
 * @param fragmentsHeldMax fragments that wait for the first one of their datagram, in all; each an mbuf
 */
public record MtuConfig(boolean mssClamp, int fragmentsHeldMax) {

    public static final MtuConfig DEFAULT = new MtuConfig(true, 1024);

    public MtuConfig withMssClamp(boolean clamp) {
        return new MtuConfig(clamp, fragmentsHeldMax);
    }
}
