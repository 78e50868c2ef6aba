package net.nvgate.gateway;

import java.util.List;
import net.nvgate.gateway.config.MtuSettings;
import net.nvgate.gateway.config.WorkerSettings;
import net.nvgate.gateway.control.TableLimits;
import net.nvgate.gateway.nat.NatTimers;
import net.nvgate.gateway.worker.MtuConfig;
import net.nvgate.gateway.worker.WorkerConfig;

/** From what people configure to what the parts want. */
final class WorkerSettingsMapping {

    private static final int ANY_CPU = -1;

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
