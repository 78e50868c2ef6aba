package net.nvgate.fabric.simulation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** More histories than a build has time for, all to the end: {@code SimulatorMain FIRST_SEED COUNT [THREADS]}. */
public final class SimulatorMain {

    private SimulatorMain() {}

    public static void main(String[] args) throws Exception {
        long first = Long.parseLong(args[0]);
        long count = Long.parseLong(args[1]);
        int workers = args.length > 2
                ? Integer.parseInt(args[2])
                : Runtime.getRuntime().availableProcessors();
        Simulator.silence();
        Path directory = Files.createTempDirectory(Simulator.parent(), "fabric-simulator");
        AtomicInteger failures = new AtomicInteger();
        try {
            long start = System.nanoTime();
            long revisions = new Simulator(directory).run(first, count, count == 1 ? 1 : workers, failure -> {
                failures.incrementAndGet();
                if (count == 1) {
                    failure.printStackTrace();
                } else {
                    System.out.println(failure.getMessage());
                }
            });
            System.out.printf(
                    "%d histories, %d failed, %d revisions, %.1f s%n",
                    count, failures.get(), revisions, (System.nanoTime() - start) / 1e9);
        } finally {
            Simulator.delete(directory);
        }
        System.exit(failures.get() == 0 ? 0 : 1);
    }
}
