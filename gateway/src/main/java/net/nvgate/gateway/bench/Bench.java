package net.nvgate.gateway.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import net.nvgate.gateway.dpdk.Eal;
import net.nvgate.gateway.dpdk.EalOptions;
import net.nvgate.gateway.dpdk.LcoreThreads;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.dpdk.PortSettings;
import net.nvgate.gateway.dpdk.TableMemory;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.worker.PacketPort;
import net.nvgate.gateway.worker.Worker;
import net.nvgate.gateway.worker.WorkerConfig;
import net.nvgate.gateway.worker.WorkerPorts;

/**
 * How fast one worker is: NVGRE packets from {@code net_pcap} ({@code infinite_rx=1}) through decapsulation, all checks and NAT to
 * {@code net_null}. Prints a line per number of flows with medians over the runs, and what of it the generator takes.
 *
 * <p>Needs no peer and no hardware. Run it with a quiet machine, hugepages and {@code -XX:+UseZGC}.
 */
public final class Bench {

    private static final int MTU = 1500;
    private static final int MBUFS = 8_191;
    /** Of the first net_pcap port of a process; the driver reads the capture before anyone can ask. */
    private static final long PCAP_MAC = 0x027063617000L;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Path capture = Files.createTempFile("nvgate-bench", ".pcap");
        try (Eal eal = Eal.init(new EalOptions(options.hugePages(), 512, "nvgate-bench", List.of(), List.of()))) {
            run(options, capture, eal.hugePages(), System.out);
        } finally {
            Files.deleteIfExists(capture);
        }
    }

    private static void run(BenchOptions options, Path capture, boolean hugePages, PrintStream out)
            throws IOException, InterruptedException, ExecutionException {
        try (Mempool pool = Mempool.create("bench", MBUFS, 256, PortSettings.dataRoom(MTU));
                Port sink = Port.attach("sink", "net_null0")) {
            sink.configure(PortSettings.simple(MTU), pool);
            sink.start();
            BenchFabric.writeCapture(capture, PCAP_MAC);
            try (Port source = Port.attach("source", "net_pcap0,rx_pcap=" + capture + ",infinite_rx=1")) {
                source.configure(PortSettings.simple(MTU), pool);
                if (source.mac().value() != PCAP_MAC) {
                    throw new IllegalStateException("net_pcap gave its first port the MAC " + source.mac());
                }
                source.start();
                out.printf("one worker, NVGRE frames of 102 bytes, hugepages %s%n", hugePages ? "yes" : "no");
                for (int flows : options.flows()) {
                    measure(options, flows, source, sink, pool, out);
                }
            }
        }
    }

    private static void measure(BenchOptions options, int flows, Port source, Port sink, Mempool pool, PrintStream out)
            throws InterruptedException, ExecutionException {
        FutureTask<double[][]> task = new FutureTask<>(() -> onWorkerThread(options, flows, source, sink, pool));
        Thread.ofPlatform().name("bench-worker").start(task);
        double[][] nanos = task.get();
        double generator = median(nanos[0]);
        double all = median(nanos[1]);
        out.printf(
                "%,10d flows: %6.2f Mpps  %6.1f ns/packet, of which the generator %5.1f ns; runs %s%n",
                flows,
                1e3 / all,
                all,
                generator,
                Arrays.toString(
                        Arrays.stream(nanos[1]).mapToObj("%.1f"::formatted).toArray()));
    }

    private static double[][] onWorkerThread(BenchOptions options, int flows, Port source, Port sink, Mempool pool) {
        LcoreThreads.pin(
                options.cpu() >= 0 ? options.cpu() : LcoreThreads.allowedCpus().getLast());
        LcoreThreads.register();
        BenchMemory memory = new BenchMemory();
        try {
            RouteTables tables = new RouteTables(memory, 1);
            NeighborTable neighbors = new NeighborTable(memory, tables.quiescence);
            BenchFabric.fill(tables, neighbors, source.id(), sink.id());
            WorkerPorts ports =
                    new WorkerPorts(PacketPort.of(source, 0), source.id(), PacketPort.sendOnly(sink, 0), sink.id());
            WorkerConfig config = WorkerConfig.DEFAULT.withSessionsMax(Math.max(1 << 12, flows + flows / 4));
            Worker worker = new Worker(config, tables, neighbors, new NeighborChannel(64), ports, pool, memory);
            return new BenchRuns(options, flows, source.rxQueue(0), worker, memory.allocate(8L * 64, 64)).measure();
        } finally {
            memory.free();
            LcoreThreads.unregister();
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Table memory that is given back after a measurement. */
    private static final class BenchMemory implements net.nvgate.gateway.route.TableSpace.Source {
        private final List<Long> addresses = new java.util.ArrayList<>();

        @Override
        public long allocate(long bytes, int align) {
            long address = TableMemory.allocate(bytes, align);
            addresses.add(address);
            return address;
        }

        void free() {
            addresses.forEach(TableMemory::free);
        }
    }
}
