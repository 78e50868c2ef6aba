package net.nvgate.gateway.dpdk;

import java.util.Map;

/** Names of the error numbers that DPDK calls return (negated) or leave in rte_errno. */
final class RteErrno {

    static final int EFAULT = 14;
    static final int ENODEV = 19;
    static final int EEXIST = 17;
    static final int ENOTSUP = 95;

    /** Linux numbers (asm-generic/errno.h), and from 1000 DPDK's own (rte_errno.h). */
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "EPERM, operation not permitted"),
            Map.entry(2, "ENOENT, no such entry"),
            Map.entry(4, "EINTR, interrupted"),
            Map.entry(5, "EIO, input/output error"),
            Map.entry(6, "ENXIO, no such device or address"),
            Map.entry(7, "E2BIG, too large"),
            Map.entry(11, "EAGAIN, try again"),
            Map.entry(12, "ENOMEM, not enough memory (of DPDK's own, see memory-mib)"),
            Map.entry(13, "EACCES, permission denied"),
            Map.entry(EFAULT, "EFAULT, bad address"),
            Map.entry(16, "EBUSY, busy"),
            Map.entry(EEXIST, "EEXIST, exists already"),
            Map.entry(ENODEV, "ENODEV, no such device"),
            Map.entry(22, "EINVAL, invalid argument"),
            Map.entry(28, "ENOSPC, no space"),
            Map.entry(34, "ERANGE, out of range"),
            Map.entry(38, "ENOSYS, not implemented"),
            Map.entry(71, "EPROTO, protocol error"),
            Map.entry(ENOTSUP, "ENOTSUP, not supported by the driver"),
            Map.entry(114, "EALREADY, already done"),
            Map.entry(1001, "E_RTE_SECONDARY, not allowed in a secondary process"),
            Map.entry(1002, "E_RTE_NO_CONFIG, no EAL configuration"));

    private RteErrno() {}

    /** E.g. "ENODEV, no such device (19)". */
    static String describe(int errno) {
        return NAMES.getOrDefault(errno, "error") + " (" + errno + ")";
    }

    /** The calling thread's rte_errno. dlsym gives each thread the address of its own copy of a thread-local. */
    static int current() {
        return Mem.i32(DpdkLibrary.address("per_lcore__rte_errno"));
    }
}
