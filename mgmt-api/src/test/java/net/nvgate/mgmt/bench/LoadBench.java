package net.nvgate.mgmt.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * The API under load. Arguments: a directory that keeps the fabric between runs; seconds, 0 = what pages of the UI ask for, each alone; reads and changes per second; VM networks of the
 * fabric, each with 25 VMs. {@code dist/bench-api} starts it.
 */
public final class LoadBench {

    private static final int PORT = Integer.getInteger("nvgate.bench.port", 18443);
    private static final int SYNC_PORT = Integer.getInteger("nvgate.bench.sync-port", 17250);
    /** Asks the manager that another bench serves, which is warm by then. */
    private static final boolean RUNNING = Boolean.getBoolean("nvgate.bench.running");

    private static final double WARM_SECONDS = Double.parseDouble(System.getProperty("nvgate.bench.warm", "15"));
    /** The API lets one token ask a thousand times a second. */
    private static final int TOKENS = 8;

    private static final int IDS = 1000;

    private final BenchManager manager;
    private final String admin;
    private final Map<String, List<JsonObject>> known = new TreeMap<>();

    private LoadBench(BenchManager manager) {
        this.manager = manager;
        this.admin = manager.adminToken();
    }

    public static void main(String[] arguments) throws Exception {
        // While a file is applied, the manager says every 20 s that it works.
        System.setProperty("jdk.httpclient.maxNonFinalResponses", "1000");
        Path directory = Files.createDirectories(Path.of(arguments[0])).toAbsolutePath();
        double seconds = Double.parseDouble(arguments[1]);
        double reads = Double.parseDouble(arguments[2]);
        double changes = Double.parseDouble(arguments[3]);
        int networks = Integer.parseInt(arguments[4]);
        List<String> more = System.getProperty("nvgate.bench.manager", "").isEmpty()
                ? List.of()
                : List.of(System.getProperty("nvgate.bench.manager").split(" "));
        try (BenchManager manager = RUNNING
                ? BenchManager.running(directory, PORT)
                : BenchManager.start(directory, PORT, SYNC_PORT, more)) {
            LoadBench bench = new LoadBench(manager);
            bench.fill(networks);
            if (seconds > 0) {
                bench.measure(seconds, reads, changes, networks);
            } else if (seconds == 0) {
                bench.pages();
            } else {
                System.out.println("serving at https://127.0.0.1:" + PORT + " with the token " + bench.admin);
                var _ = System.in.read();
            }
        }
    }

    private int count(String kind) {
        return manager.get(admin, "/api/v1/" + kind + "?limit=1").getInteger("total");
    }

    private void fill(int networks) {
        if (count("vms") > networks * BigFabric.VMS_PER_NETWORK) {
            say("the fabric is there: %d VM networks, %d VMs", count("vm-networks"), count("vms"));
            return;
        }
        long start = System.nanoTime();
        apply(BigFabric.BASE);
        String file = BigFabric.tenantsFile(networks);
        apply(file);
        say(
                "a fabric file of %.1f MiB made %d VM networks with %d VMs in %.1f s, CPU of the manager until then %.1f s",
                file.length() / 1048576.0,
                count("vm-networks"),
                count("vms"),
                (System.nanoTime() - start) / 1e9,
                manager.cpu().toMillis() / 1e3);
    }

    private void apply(String file) {
        manager.send("POST", "/api/v1/apply", admin, file, "application/yaml");
    }

    /** Some objects of a kind, from all over the list. */
    private List<JsonObject> some(String kind) {
        return known.computeIfAbsent(kind, _ -> {
            List<JsonObject> found = new ArrayList<>();
            int total = count(kind);
            int step = Math.max(1, total / IDS);
            for (int offset = 0; offset < total; offset += 100 * step) {
                manager.get(admin, "/api/v1/" + kind + "?limit=100&offset=" + offset).getJsonArray("items").stream()
                        .map(JsonObject.class::cast)
                        // The bench's own tenant is left alone: its packets are counted.
                        .filter(object -> !object.getString("name").equals("wire"))
                        .forEach(found::add);
            }
            return found;
        });
    }

    private List<String> tokens(int count, JsonObject asked) {
        return IntStream.range(0, count)
                .mapToObj(i -> manager.token(admin, asked.copy().put("name", "bench " + System.nanoTime())))
                .toList();
    }

    private void measure(double seconds, double reads, double changes, int networks) throws Exception {
        List<String> readers =
                tokens(TOKENS, new JsonObject().put("role", "AUDITOR").put("readOnly", true));
        List<String> writers = tokens(2, new JsonObject().put("role", "OPERATOR"));
        List<String> tenants = new ArrayList<>();
        for (int tenant = 0; tenant < Math.min(10, BigFabric.tenants(networks)); tenant++) {
            tenants.addAll(
                    tokens(1, new JsonObject().put("role", "TENANT_READER").put("tenant", "tenant" + tenant)));
        }
        try (LoadClient client = new LoadClient(manager.port(), manager.ca())) {
            Reads reading = new Reads(client, readers, tenants, this::some);
            Writes writing = new Writes(client, writers, this::some);
            Optional<Process> beside = beside();
            // The JVM compiles what it does often.
            run(new OpenLoop(), new OpenLoop(), WARM_SECONDS, reads, changes, reading, writing);
            Shares shares = new Shares(
                    manager.process(),
                    beside.map(process -> process.descendants().toList()).orElse(List.of()));
            long start = System.nanoTime();
            OpenLoop looked = new OpenLoop();
            OpenLoop changed = new OpenLoop();
            run(looked, changed, seconds, reads, changes, reading, writing);
            double took = System.nanoTime() - start;
            String cpu = shares.line();
            say("%-28s %8s %7s %8s %8s %8s %8s", "", "requests", "per s", "p50 ms", "p90 ms", "p99 ms", "longest");
            table("all reads", looked, took);
            table("all changes", changed, took);
            say(
                    "CPU, %% of a core: %s; load average %.1f, %d CPUs",
                    cpu,
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                    Runtime.getRuntime().availableProcessors());
            writing.clean();
            if (beside.isPresent()) {
                beside.get().inputReader().lines().forEach(line -> say("%s", line));
            }
        }
    }

    /** What runs beside: a gateway with traffic. When this returns it forwards. */
    private static Optional<Process> beside() throws IOException {
        String command = System.getProperty("nvgate.bench.beside", "");
        if (command.isEmpty()) {
            return Optional.empty();
        }
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String line;
        do {
            line = process.inputReader().readLine();
            if (line == null) {
                throw new IOException("what should run beside has ended: " + command);
            }
            say("%s", line);
        } while (!line.contains("beside: forwarding"));
        return Optional.of(process);
    }

    /** What the pages of the web UI ask for. */
    private void pages() {
        try (LoadClient client = new LoadClient(manager.port(), manager.ca())) {
            PageCalls warm = new PageCalls(client, admin);
            warm.measure(this::some, this::count);
            PageCalls pages = new PageCalls(client, admin);
            pages.measure(this::some, this::count);
            say("%-36s %8s %8s %8s %8s", "", "p50 ms", "p90 ms", "longest", "KiB");
            pages.table().forEach(line -> say("%s", line));
        }
    }

    private static void run(
            OpenLoop looked,
            OpenLoop changed,
            double seconds,
            double reads,
            double changes,
            Reads reading,
            Writes writing)
            throws InterruptedException {
        Thread changing = Thread.ofPlatform().start(() -> {
            if (changes > 0) {
                changed.run(changes, seconds, writing::ask);
            }
        });
        if (reads > 0) {
            looked.run(reads, seconds, reading::ask);
        }
        changing.join();
    }

    private static void table(String sum, OpenLoop loop, double tookNanos) {
        row(sum, loop.all(), tookNanos);
        loop.micros().forEach((what, micros) -> row("  " + what, micros, tookNanos));
        loop.refused().forEach((what, count) -> say("  NOT ANSWERED WELL: %s: %d times", what, count));
    }

    private static void row(String what, Histogram micros, double tookNanos) {
        say(
                "%-28s %8d %7.1f %8.1f %8.1f %8.1f %8.1f",
                what,
                micros.getTotalCount(),
                micros.getTotalCount() * 1e9 / tookNanos,
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(90) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getMaxValue() / 1e3);
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation is in no library here
    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    }
}
