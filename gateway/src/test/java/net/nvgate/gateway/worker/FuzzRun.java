package net.nvgate.gateway.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.nvgate.gateway.dpdk.Eal;
import net.nvgate.gateway.dpdk.EalOptions;

/**
 * Mutated packets by the million through checked workers. Each round has a worker and random numbers of its own, so a failure is
 * repeated by its round alone.
 *
 * <pre>
 *  FuzzRun --packets 100000000 [--seed 1] [--first-round 0] [--progress FILE]
 * </pre>
 *
 * The progress file has the next round and the packets so far; a run that was stopped goes on from there.
 */
final class FuzzRun {

    static final int PACKETS_PER_ROUND = 500_000;
    private static final int BURST_MAX = 32;

    private static volatile boolean stopped;

    private FuzzRun() {}

    public static void main(String[] arguments) throws Exception {
        Class.forName("net.nvgate.gateway.dpdk.CheckedMemory");
        CountDownLatch over = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endRun(over), "stop"));
        try (Eal _ =
                Eal.init(EalOptions.small("nvgfuzz-" + ProcessHandle.current().pid(), 256))) {
            run(
                    Long.parseLong(option(arguments, "--packets", "1000000")),
                    Long.parseLong(option(arguments, "--seed", "1")),
                    Long.parseLong(option(arguments, "--first-round", "0")),
                    option(arguments, "--progress", ""));
        } finally {
            over.countDown();
        }
    }

    /** DPDK's memory must outlive the thread that forwards: that one closes it. */
    private static void endRun(CountDownLatch over) {
        stopped = true;
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param progress file, or empty */
    static void run(long packets, long seed, long firstRound, String progress) throws IOException {
        long done = 0;
        long round = firstRound;
        Path file = Path.of(progress);
        if (!progress.isEmpty() && Files.exists(file)) {
            String[] words = Files.readString(file).strip().split(" ", -1);
            round = Long.parseLong(words[0]);
            done = Long.parseLong(words[1]);
        }
        Outcomes outcomes = new Outcomes();
        long start = System.nanoTime();
        long before = done;
        while (done < packets) {
            long injected = round(seed, round, (int) Math.min(PACKETS_PER_ROUND, packets - done), outcomes);
            if (stopped) {
                System.out.println("stopped in round " + round + ", which is to be repeated");
                return;
            }
            done += injected;
            round++;
            System.out.printf(
                    "seed %d: %d packets, %d rounds, %.0f packets/s%n",
                    seed, done, round, (done - before) * 1e9 / (System.nanoTime() - start));
            if (!progress.isEmpty()) {
                Files.writeString(file, round + " " + done + "\n");
            }
        }
        System.out.println(outcomes);
        System.out.println("done: " + done + " packets, no fault");
    }

    private static String option(String[] arguments, String name, String otherwise) {
        int at = List.of(arguments).indexOf(name);
        return at < 0 ? otherwise : arguments[at + 1];
    }

    /** What became of the packets, over all rounds. */
    static final class Outcomes {

        private final Map<String, Long> counts = new TreeMap<>();

        private void add(CheckedWorker worker) {
            counts.merge("sent", worker.sent(), Long::sum);
            worker.counts().forEach((name, count) -> counts.merge(name, count, Long::sum));
        }

        @Override
        public String toString() {
            return "outcomes: " + counts;
        }
    }

    /**
     * One worker's life; a short one if the run is stopped.
     *
     * @return packets that went in
     */
    static long round(long seed, long round, int packets, Outcomes outcomes) {
        long mixed = (seed * 0x9E3779B97F4A7C15L) ^ round;
        RandomGenerator random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(mixed);
        // Wrong checksums end early; in most rounds there are none, and everything sent must be right to the last bit.
        boolean onlyRight = random.nextInt(4) > 0;
        FrameMutator mutator = new FrameMutator(random, FuzzSeeds.all());
        try (CheckedWorker worker = new CheckedWorker(FuzzGateways.of(random))) {
            while (worker.injected() < packets && !stopped) {
                step(worker, mutator, random, onlyRight);
            }
            worker.end();
            outcomes.add(worker);
            return worker.injected();
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + " round " + round + ": " + e.getMessage(), e);
        }
    }

    private static void step(CheckedWorker worker, FrameMutator mutator, RandomGenerator random, boolean onlyRight) {
        boolean fromPa = random.nextInt(5) < 3;
        byte[][] frames = new byte[random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(BURST_MAX)][];
        boolean right = onlyRight || random.nextBoolean();
        for (int i = 0; i < frames.length; i++) {
            frames[i] = mutator.next(fromPa, right);
        }
        TestGateway.Sent out = worker.burst(fromPa, right, frames);
        if (random.nextInt(4) == 0) {
            out.pa().forEach(f -> mutator.saw(true, f));
            out.ext().forEach(f -> mutator.saw(false, f));
        }
        int time = random.nextInt(1000);
        worker.pass(time < 900 ? 0 : time < 990 ? random.nextInt(20) : time < 999 ? random.nextInt(20_000) : 600_000);
    }
}
