package net.nvgate.gateway.dpdk;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What a worker thread does at its start and end: go to its CPU, and get an lcore id so that mempool caches work. */
public final class LcoreThreads {

    /** CPU_SETSIZE of the C library. */
    private static final int CPUS_MAX = 1024;

    private LcoreThreads() {}

    /**
     * Binds the calling platform thread to one CPU.
     *
     * @throws DpdkException if the CPU does not exist or is not allowed to this process
     */
    public static void pin(int cpu) {
        List<Integer> allowed = allowedCpus();
        if (cpu < 0 || cpu >= CPUS_MAX) {
            throw new DpdkException("no CPU " + cpu + "; this process may use " + allowed);
        }
        BitSet mask = new BitSet();
        mask.set(cpu);
        try {
            Libc.setAffinityOfThread(toLongs(mask));
        } catch (DpdkException e) {
            throw new DpdkException(
                    "cannot run on CPU " + cpu + ": " + e.getMessage() + "; this process may use " + allowed, e);
        }
    }

    /** Short sleeps of the calling platform thread end when they ought to, not up to 50 us later. */
    public static void sleepExactly() {
        Libc.timerSlack(1);
    }

    /** Lets the calling platform thread run on these CPUs. */
    public static void allow(List<Integer> cpus) {
        BitSet mask = new BitSet();
        cpus.forEach(mask::set);
        Libc.setAffinityOfThread(toLongs(mask));
    }

    /** CPUs that the calling thread may run on, ascending. */
    public static List<Integer> allowedCpus() {
        List<Integer> cpus = new ArrayList<>();
        BitSet.valueOf(Libc.affinityOfThread(CPUS_MAX)).stream().forEach(cpus::add);
        return cpus;
    }

    /**
     * Makes the calling platform thread an lcore until {@link #unregister}.
     *
     * @throws DpdkException if EAL does not run or has no lcore id left (128)
     */
    public static void register() {
        if (!Eal.running()) {
            throw new DpdkException("rte_thread_register: EAL does not run");
        }
        int result = NativeCall.intCall(
                DpdkLibrary.downcall("rte_thread_register", FunctionDescriptor.of(ValueLayout.JAVA_INT)));
        if (result != 0) {
            throw new DpdkException("rte_thread_register", RteErrno.current());
        }
    }

    public static void unregister() {
        NativeCall.voidCall(DpdkLibrary.downcall("rte_thread_unregister", FunctionDescriptor.ofVoid()));
    }

    /** The calling thread's lcore id, -1 if it has none. */
    public static int lcoreId() {
        return Mem.i32(DpdkLibrary.address("per_lcore__lcore_id"));
    }

    private static long[] toLongs(BitSet mask) {
        long[] longs = new long[CPUS_MAX / 64];
        System.arraycopy(mask.toLongArray(), 0, longs, 0, mask.toLongArray().length);
        return longs;
    }
}
