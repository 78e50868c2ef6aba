package net.nvgate.gateway;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.gateway.config.MtuSettings;
import net.nvgate.gateway.config.Ports;
import net.nvgate.gateway.config.WorkerSettings;
import net.nvgate.gateway.control.TableLimits;
import net.nvgate.gateway.nat.NatTimers;
import net.nvgate.gateway.route.RateLimits;
import net.nvgate.gateway.worker.MtuConfig;
import net.nvgate.gateway.worker.WorkerConfig;

/** From what people configure to what the parts want. */
final class WorkerSettingsMapping {

    private static final int ANY_CPU = -1;
    private static final int KBPS_PER_MBPS = 1_000;

    private WorkerSettingsMapping() {}

    /** @param allowedCpus CPUs the process may use, ascending */
    static WorkerConfig toWorkerConfig(WorkerSettings settings, List<Integer> allowedCpus) {
        // The first CPU is where interrupts and everything else run; a single one is shared anyhow.
        int defaultCpu = allowedCpus.size() > 1 ? allowedCpus.getLast() : ANY_CPU;
        return new WorkerConfig(
                settings.cpu().orElse(defaultCpu),
                settings.flowsMax(),
                settings.natAddressesMax(),
                settings.nextHopsMax(),
                settings.vsidsMax(),
                settings.fragmentedMax(),
                timers(settings.natTimeouts()),
                settings.tcpMidstream(),
                settings.icmpErrorsPerSecond(),
                settings.idle().polls(),
                settings.idle().sleepMicrosMax(),
                mtu(settings.mtu()),
                settings.heldSynsMax());
    }

    /** What tenants' packets may take of the ports. */
    static RateLimits.Row portRates(Ports ports) {
        int inboundKbps = KBPS_PER_MBPS * ports.pa().rateMbit();
        int outboundKbps = KBPS_PER_MBPS * ports.ext().rateMbit();
        boolean some = (inboundKbps | outboundKbps) != 0;
        return new RateLimits.Row(inboundKbps, outboundKbps, 0, 0, some, false);
    }

    /**
     * One, unless told otherwise: what several do differently, {@code docs/workers.md} says under Limits. A port's rate is shared by the
     * tenants of one worker.
     *
     * @throws ConfigException for more than one worker where a port has a rate
     */
    static int workers(Optional<Integer> configured, Ports ports) {
        int workers = configured.orElse(1);
        if (workers > 1 && (ports.pa().rateMbit() != 0 || ports.ext().rateMbit() != 0)) {
            throw new ConfigException(
                    "workers", "workers: " + workers + ", but a port with a rate-mbit needs a single one");
        }
        return workers;
    }

    /**
     * What each of several workers gets: a CPU, and its part of the sessions. The first one runs where one alone would, the others on
     * the CPUs below it, and then on the highest that are left.
     *
     * @throws ConfigException if there are fewer CPUs than workers
     */
    static List<WorkerConfig> perWorker(WorkerSettings settings, int workers, List<Integer> allowedCpus) {
        WorkerConfig first = toWorkerConfig(settings, allowedCpus);
        if (workers == 1) {
            return List.of(first);
        }
        if (workers > allowedCpus.size()) {
            throw new ConfigException(
                    "workers", "workers: " + workers + ", but this process may use the CPUs " + allowedCpus + " only");
        }
        List<Integer> others = new ArrayList<>(allowedCpus);
        others.remove(/* element */ (Integer) first.cpu());
        // Those below the first one, descending, before those above it, descending.
        others.sort(Comparator.comparing((Integer cpu) -> cpu > first.cpu()).thenComparing(Comparator.reverseOrder()));
        int sessions = Math.max(1024, (first.sessionsMax() + workers - 1) / workers);
        List<WorkerConfig> all = new ArrayList<>();
        all.add(first.withSessionsMax(sessions));
        for (int i = 1; i < workers; i++) {
            all.add(first.withCpu(others.get(i - 1)).withSessionsMax(sessions));
        }
        return all;
    }

    private static MtuConfig mtu(MtuSettings settings) {
        return new MtuConfig(
                settings.mssClamp(),
                settings.fragmentsHeldMax(),
                settings.outerReassembly(),
                settings.outerFragmentsHeldMax(),
                settings.pathMtuDiscovery());
    }

    private static NatTimers timers(WorkerSettings.NatTimeouts timeouts) {
        return new NatTimers(
                timeouts.udpSeconds() * 1000,
                timeouts.tcpEstablishedSeconds() * 1000,
                timeouts.tcpTransitorySeconds() * 1000,
                timeouts.tcpOpeningSeconds() * 1000,
                timeouts.icmpSeconds() * 1000,
                timeouts.otherSeconds() * 1000);
    }

    /** VSIDs and NAT addresses as many as the worker has room for; the rest is the tables' own ceiling. */
    static TableLimits tableLimits(WorkerSettings settings) {
        TableLimits most = TableLimits.DEFAULT;
        return new TableLimits(
                most.routingDomains(),
                settings.vsidsMax(),
                most.records(),
                most.routes(),
                settings.natAddressesMax(),
                most.natRules());
    }
}
