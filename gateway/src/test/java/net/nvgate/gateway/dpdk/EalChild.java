package net.nvgate.gateway.dpdk;

import java.util.List;
import java.util.concurrent.FutureTask;

/** Main program of the processes that {@link EalProcessTest} starts. */
final class EalChild {

    private EalChild() {}

    /** @param arguments what to do, and with which {@link EalOptions.HugePages} */
    public static void main(String[] arguments) throws Exception {
        EalOptions.HugePages hugePages = EalOptions.HugePages.valueOf(arguments[1]);
        switch (arguments[0]) {
            case "life" -> life(hugePages);
            case "huge" -> failing(new EalOptions(hugePages, 1_000_000, "nvga-child", List.of(), List.of()));
            case "bad" -> failing(new EalOptions(hugePages, 64, "nvga-child", List.of(), List.of("--nonesuch")));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void failing(EalOptions options) {
        try {
            Eal.init(options);
        } catch (DpdkException e) {
            System.out.println("FAILED " + e.getMessage());
        }
    }

    private static void life(EalOptions.HugePages hugePages) throws Exception {
        List<Integer> cpus = LcoreThreads.allowedCpus();
        require(!Eal.running(), "running before init");
        Eal eal = Eal.init(new EalOptions(hugePages, 128, "nvga-child", List.of(), List.of()));
        System.out.println("hugepages " + eal.hugePages());
        require(LcoreThreads.allowedCpus().equals(cpus), "the calling thread has been pinned");
        require(onNewThread(LcoreThreads::allowedCpus).equals(cpus), "new threads are pinned");
        require(onNewThread(EalChild::asWorker).equals(List.of(cpus.getLast())), "worker is not pinned");
        tables();
        try {
            Eal.init(EalOptions.small("nvga-child", 64));
            throw new AssertionError("started twice");
        } catch (DpdkException e) {
            require(e.toString().contains("has been started in this process before"), e.toString());
        }
        eal.close();
        eal.close();
        require(!Eal.running(), "running after close");
        System.out.println("DONE");
    }

    private static List<Integer> asWorker() {
        require(LcoreThreads.lcoreId() == -1, "lcore before register");
        LcoreThreads.pin(LcoreThreads.allowedCpus().getLast());
        LcoreThreads.register();
        require(LcoreThreads.lcoreId() >= 0, "no lcore after register");
        LcoreThreads.unregister();
        return LcoreThreads.allowedCpus();
    }

    /** The last one does not fit into 128 MiB and comes from the kernel. */
    private static void tables() {
        for (long bytes : new long[] {64, 1 << 20, 8 << 20, 512 << 20}) {
            long address = TableMemory.allocate(bytes, 64);
            require(address % 64 == 0 && Mem.u8(address + bytes - 1) == 0, "table of " + bytes);
            TableMemory.free(address);
        }
    }

    private static <T> T onNewThread(java.util.concurrent.Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofPlatform().start(future);
        return future.get();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }
}
