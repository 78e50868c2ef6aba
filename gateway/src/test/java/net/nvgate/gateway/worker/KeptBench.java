package net.nvgate.gateway.worker;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.nvgate.gateway.dpdk.Eal;
import net.nvgate.gateway.dpdk.EalOptions;
import net.nvgate.gateway.dpdk.MemoryGuard;
import net.nvgate.gateway.kept.KeptResult;
import net.nvgate.gateway.nat.NatTimers;
import net.nvgate.gateway.route.NatSettingsRow;
import net.nvgate.gateway.route.NatTable;

/** Times of {@code docs/restart.md}: writes and makes again so many sessions, each with a mapping of its own. Arguments: sessions, hosts. */
final class KeptBench {

    private static final int PER_ADDRESS = 60_000;
    private static final int MEMORY_MIB = 1_500;

    private KeptBench() {}

    public static void main(String[] arguments) throws Exception {
        int sessions = Integer.parseInt(arguments[0]);
        int hosts = Integer.parseInt(arguments[1]);
        Class.forName("net.nvgate.gateway.dpdk.CheckedMemory");
        var _ = Eal.init(EalOptions.small("nvgkept", MEMORY_MIB));
        for (int round = 0; round < 2; round++) {
            TestGateway old = gateway(sessions, hosts);
            for (int i = 0; i < sessions; i++) {
                int ca = Wire.address("192.168.16.0") + i % hosts;
                if (old.intoPa(Net.fromVm1(1, Net.udp(ca, Net.SERVER, 1024 + i / hosts, 53)))
                        .isEmpty()) {
                    throw new AssertionError("session " + i + ": " + old.drops());
                }
            }
            // From here on accesses are not checked, as they are in tests.
            MemoryGuard.unwatch(old.pool());
            TestGateway next = gateway(sessions, hosts);
            MemoryGuard.unwatch(next.pool());
            Path file = Restart.file();
            long start = cpu();
            Restart.save(old, file);
            long written = cpu();
            long bytes = Files.size(file);
            long opened = cpu();
            Map<KeptResult, Long> results = Restart.of(file, next, 1_000);
            System.out.printf(
                    "%d sessions: %d MB written in %d ms of CPU, made again in %d ms: %s%n",
                    sessions, bytes / 1_000_000, (written - start) / 1_000_000, (cpu() - opened) / 1_000_000, results);
            old.close();
            next.close();
        }
        System.exit(0);
    }

    /** Of this thread, ns: others' load does not count. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static TestGateway gateway(int sessions, int hosts) {
        TestGateway gateway = new TestGateway(
                new WorkerConfig(-1, 2 * sessions, 64, 64, 64, 64, NatTimers.DEFAULT, true, 1000, 100, 0), 1);
        int count = sessions / PER_ADDRESS + 1;
        NatTable.Connection[] pool = new NatTable.Connection[count];
        for (int i = 0; i < count; i++) {
            pool[i] = new NatTable.Connection(
                    Wire.address("203.0.113.100") + i, 1, 20 + i, 1024, 65535, 50 + i, NatSettingsRow.DEFAULT);
        }
        gateway.pool(1, pool);
        for (int i = 0; i < hosts; i++) {
            gateway.record(1, Wire.address("192.168.16.0") + i, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_A, 0);
        }
        return gateway;
    }
}
