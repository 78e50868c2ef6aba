package net.nvgate.gateway.worker;

/**
 * What a worker does about sizes.
 *
 * @param mssClamp lower the MSS option of TCP SYN packets to what fits the path (RFC 4459 §3.1, RFC 2923 §2.1)
 */
public record MtuConfig(boolean mssClamp) {

    public static final MtuConfig DEFAULT = new MtuConfig(true);

    public MtuConfig withMssClamp(boolean clamp) {
        return new MtuConfig(clamp);
    }
}
