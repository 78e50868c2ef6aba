package net.nvgate.fabric.bench;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;

/**
 * What VMs cost the manager: one creation at each size of the fabric, memory per VM, and the start. Arguments: directory for the
 * store (made; its content stays), PER_HOST or PER_HOST_AND_VSID, then the sizes in VMs, ascending; without sizes the start alone is
 * measured, of what an earlier run has left.
 *
 * <p>A host has 100 VMs, a VM network 25 on four hosts, and a gateway with 500 VM networks, at every size.
 */
public final class FabricBench {

    private static final int VMS_PER_HOST = 100;
    private static final int VMS_PER_NETWORK = 25;
    private static final int NETWORKS_PER_GATEWAY = 500;
    private static final int WARM_UP = 2_000;
    private static final int SAMPLES = 500;
    private static final int BATCH = 2_000;

    private final Path directory;
    private final String addressing;
    private final List<String> hosts = new ArrayList<>();
    private final List<String> subnets = new ArrayList<>();
    private String paPool = "";
    private String paNetwork = "";
    private String externalPool = "";
    private String gateway = "";
    private int vms;

    private FabricBench(Path directory, String addressing) {
        this.directory = directory;
        this.addressing = addressing;
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        FabricBench bench = new FabricBench(directory, arguments[1]);
        if (arguments.length == 2) {
            bench.measure();
        }
        for (int i = 2; i < arguments.length; i++) {
            bench.grow(Integer.parseInt(arguments[i]));
            bench.measure();
        }
    }

    /** A manager with its projection on the store, as in production. */
    private final class Running implements AutoCloseable {
        private final long heapBefore = heap();
        private final long opened = System.nanoTime();
        private final long cpuBefore = cpu();
        private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        private final FabricStore store = SqliteStore.open(directory);
        private final FabricManager manager = new FabricManager(store, new Random(), metrics);
        private final PolicyProjection policy =
                new PolicyProjection(store, PolicyProjection.HISTORY_REVISIONS_DEFAULT, metrics);
        private final double startSeconds = (System.nanoTime() - opened) / 1e9;
        private final double startCpuSeconds = (cpu() - cpuBefore) / 1e9;

        private FabricObject make(Kind kind, String members) {
            return manager.run(create(kind, members));
        }

        @Override
        public void close() {
            policy.close();
            manager.close();
            store.close();
        }
    }

    private static Operation.Create create(Kind kind, String members) {
        FabricSpec<?> spec = FabricJson.read("{" + members + "}", FabricSpec.type(kind));
        return new Operation.Create(spec);
    }

    /** Of this thread, which starts everything itself: the figure to compare where others use the machine, too. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void grow(int size) {
        try (Running running = new Running()) {
            if (paPool.isEmpty()) {
                makeNetworks(running);
            }
            while (vms < size) {
                List<Operation> batch = new ArrayList<>();
                for (int i = 0; i < BATCH && vms < size; i++) {
                    batch.add(nextVm(running));
                }
                running.manager.run(batch, false);
            }
            // So that the next start measures the fabric, and not a history that was made in one go.
            running.store.compact(running.store.head());
        }
    }

    private void makeNetworks(Running running) {
        paNetwork = running.make(
                        Kind.LOGICAL_NETWORK,
                        "\"name\":\"pa\",\"networkVirtualization\":true,\"providerAddressing\":\"" + addressing + "\"")
                .id()
                .toString();
        paPool = pool(running, "pa", paNetwork, "10.0.0.0/8");
        String external =
                running.make(Kind.LOGICAL_NETWORK, "\"name\":\"external\"").id().toString();
        externalPool = pool(running, "external", external, "172.16.0.0/12");
    }

    private static String pool(Running running, String name, String network, String prefix) {
        String site = running.make(
                        Kind.NETWORK_SITE,
                        "\"name\":\"" + name + "\",\"logicalNetworkId\":\"" + network + "\",\"subnets\":[{\"prefix\":\""
                                + prefix + "\"}]")
                .id()
                .toString();
        return running.make(
                        Kind.IP_POOL,
                        "\"name\":\"" + name + "\",\"networkSiteId\":\"" + site + "\",\"prefix\":\"" + prefix + "\"")
                .id()
                .toString();
    }

    /** Hosts and VM networks come as they are needed. */
    private Operation.Create nextVm(Running running) {
        int network = vms / VMS_PER_NETWORK;
        if (network == subnets.size()) {
            subnets.add(vmNetwork(running, network));
        }
        // The four hosts of a VM network's VMs serve it and the other networks of their hundred.
        int first = vms / (VMS_PER_HOST * 4) * 4;
        while (hosts.size() < first + 4) {
            hosts.add(running.make(
                            Kind.HOST,
                            "\"name\":\"h" + hosts.size() + "\",\"hostType\":\"LINUX_OVS\",\"paPoolId\":\"" + paPool
                                    + "\"")
                    .id()
                    .toString());
        }
        String vm = "\"name\":\"vm" + vms + "\",\"hostId\":\"" + hosts.get(first + vms % 4)
                + "\",\"nics\":[{\"vmSubnetId\":\"" + subnets.get(network) + "\"}]";
        vms++;
        return create(Kind.VM, vm);
    }

    private String vmNetwork(Running running, int number) {
        if (number % NETWORKS_PER_GATEWAY == 0) {
            gateway = running.make(
                            Kind.GATEWAY,
                            "\"name\":\"gw" + number + "\",\"maxVmNetworks\":" + NETWORKS_PER_GATEWAY
                                    + ",\"paPoolId\":\"" + paPool + "\",\"externalPoolId\":\"" + externalPool + "\"")
                    .id()
                    .toString();
        }
        String network = running.make(
                        Kind.VM_NETWORK, "\"name\":\"n" + number + "\",\"logicalNetworkId\":\"" + paNetwork + "\"")
                .id()
                .toString();
        String of = ",\"vmNetworkId\":\"" + network + "\"";
        running.make(Kind.VM_NETWORK_GATEWAY, "\"name\":\"g" + number + "\",\"gatewayId\":\"" + gateway + "\"" + of);
        return running.make(Kind.VM_SUBNET, "\"name\":\"s" + number + "\",\"prefix\":\"10.0.0.0/24\"" + of)
                .id()
                .toString();
    }

    private void measure() {
        try (Running running = new Running()) {
            long bytes = heap() - running.heapBefore;
            int size = running.manager.count(Kind.VM);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d VMs: start %.2f s (CPU %.2f s); heap %.1f MiB = %d bytes per VM%n",
                    addressing,
                    size,
                    running.startSeconds,
                    running.startCpuSeconds,
                    bytes / 1048576.0,
                    bytes / Math.max(1, size));
            if (!paPool.isEmpty()) {
                sample(running, "warming up", WARM_UP);
                sample(running, "one VM", SAMPLES);
            }
        }
    }

    /** Makes VMs one by one. Medians, because the networks and hosts that some need come with them, and others use the machine. */
    private void sample(Running running, String what, int samples) {
        Timer projection = running.metrics.get("nvgate.policy.update").timer();
        Timer commit = running.metrics.get("nvgate.fabric.commit").timer();
        double[] projectionMicros = new double[samples];
        double[] commitMicros = new double[samples];
        for (int i = 0; i < samples; i++) {
            Operation.Create next = nextVm(running);
            catchUp(running);
            double projected = projection.totalTime(TimeUnit.MICROSECONDS);
            double committed = commit.totalTime(TimeUnit.MICROSECONDS);
            running.manager.run(next);
            catchUp(running);
            projectionMicros[i] = projection.totalTime(TimeUnit.MICROSECONDS) - projected;
            commitMicros[i] = commit.totalTime(TimeUnit.MICROSECONDS) - committed;
        }
        System.out.printf(
                Locale.ROOT,
                "  %s: projection %.1f us, commit %.0f us (medians of %d)%n",
                what,
                median(projectionMicros),
                median(commitMicros),
                samples);
    }

    private static void catchUp(Running running) {
        while (running.policy.revision() < running.store.head()) {
            Thread.onSpinWait();
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
