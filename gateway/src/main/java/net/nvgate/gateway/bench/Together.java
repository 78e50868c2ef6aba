package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import net.nvgate.gateway.dpdk.LcoreThreads;

/** Lets threads, each an lcore on a CPU of its own, begin something at once. */
final class Together {

    private static final long START_SECONDS_MAX = 60;

    private Together() {}

    /**
     * Returns when all are done.
     *
     * @param cpus one for each thread
     * @param body given the number of the thread
     * @return what each has returned
     */
    static <T> List<T> run(List<Integer> cpus, IntFunction<T> body) {
        CyclicBarrier start = new CyclicBarrier(cpus.size());
        List<FutureTask<T>> tasks = new ArrayList<>();
        for (int i = 0; i < cpus.size(); i++) {
            int number = i;
            tasks.add(new FutureTask<>(() -> {
                LcoreThreads.pin(cpus.get(number));
                LcoreThreads.register();
                try {
                    start.await(START_SECONDS_MAX, TimeUnit.SECONDS);
                    return body.apply(number);
                } finally {
                    LcoreThreads.unregister();
                }
            }));
            Thread.ofPlatform().name("bench-worker-" + i).start(tasks.getLast());
        }
        List<T> results = new ArrayList<>();
        for (FutureTask<T> task : tasks) {
            results.add(result(task));
        }
        return results;
    }

    private static <T> T result(FutureTask<T> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
