package net.nvgate.gateway.dpdk;

/** A DPDK call failed, or DPDK cannot be used on this machine. The message names the call, its subject and the error. */
public final class DpdkException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int errno;

    public DpdkException(String message) {
        super(message);
        this.errno = 0;
    }

    public DpdkException(String message, Throwable cause) {
        super(message, cause);
        this.errno = 0;
    }

    /**
     * @param call what was tried, e.g. {@code rte_eth_dev_start(pa)}
     * @param errno positive error number
     */
    DpdkException(String call, int errno) {
        super(call + ": " + RteErrno.describe(errno));
        this.errno = errno;
    }

    /** Positive error number of the failed call, 0 if it gave none. */
    public int errno() {
        return errno;
    }
}
