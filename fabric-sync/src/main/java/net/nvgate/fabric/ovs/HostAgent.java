package net.nvgate.fabric.ovs;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import net.nvgate.fabric.sync.FollowerState;
import net.nvgate.fabric.sync.PolicyTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host side put together: switch, provider network, monitor and timer. Policy comes in through {@link #target()}.
 * Closing it leaves the switch as it is: VMs go on by the last policy.
 */
final class HostAgent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostAgent.class);
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final Duration FIRST_LOOK = Duration.ofSeconds(15);

    private final Duration tick;
    private final OvsHost host;
    private final OvsdbMonitor monitor;
    private final HostFollower follower;
    private final ScheduledExecutorService timer;
    private volatile Runnable afterTick = () -> {};

    HostAgent(AgentSettings settings, MeterRegistry registry) {
        this(settings, registry, TICK);
    }

    /** @param tick between two looks at what others may have changed */
    HostAgent(AgentSettings settings, MeterRegistry registry, Duration tick) {
        this.tick = tick;
        Commands commands = new Commands(settings.environment(), settings.commandTimeout());
        AgentSettings.Switch vswitch = settings.vswitch();
        HostCounters counters = new HostCounters(registry);
        OvsSwitch ovs = new OvsSwitch(commands, vswitch);
        DriftLog drift = new DriftLog(registry);
        PortCounters ports = new PortCounters(registry);
        ProviderNetwork provider = new ProviderNetwork(commands, settings, ovs);
        host = new OvsHost(ovs, provider, settings, counters, ports, drift);
        monitor =
                new OvsdbMonitor(vswitch.database(), vswitch.tenantBridge(), vswitch.providerBridge(), host::onSwitch);
        follower = new HostFollower(host, counters, ports, drift, monitor::isConnected);
        timer = Executors.newSingleThreadScheduledExecutor(
                task -> Thread.ofPlatform().name("host-timer").daemon().unstarted(task));
        gauges(registry);
    }

    private void gauges(MeterRegistry registry) {
        gauge(
                registry,
                "revision",
                "Revision of the policy in force",
                state -> state.policy().revision());
        gauge(registry, "flows", "Flow entries of the program", HostState::flows);
        gauge(
                registry,
                "records",
                "Lookup records",
                state -> state.policy().records().size());
        gauge(
                registry,
                "routes",
                "Customer routes",
                state -> state.policy().routes().size());
        gauge(
                registry,
                "ports",
                "Virtual ports of the policy",
                state -> state.policy().ports().size());
        gauge(
                registry,
                "ports.plugged",
                "Virtual ports whose interface is plugged in",
                state -> state.ofports().size());
        gauge(
                registry,
                "ports.unknown",
                "Interfaces of the tenant bridge that are no virtual port: isolated",
                state -> state.plugged().strangers().size());
        gauge(registry, "policy.in.force", "1 while the switch runs by the policy", _ -> host.isInForce() ? 1 : 0);
        gauge(
                registry,
                "neighbors",
                "Provider addresses and next hops kept resolved",
                state -> state.neighbors().size());
        gauge(registry, "neighbors.unresolved", "Those of them that do not answer ARP", HostAgent::unresolved);
        Gauge.builder("nvgate.host.switch.connected", monitor, watched -> watched.isConnected() ? 1 : 0)
                .strongReference(true)
                .description("1 while the switch's database is watched")
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String meaning, ToDoubleFunction<HostState> value) {
        Gauge.builder("nvgate.host." + name, host, source -> value.applyAsDouble(source.state()))
                .strongReference(true)
                .description(meaning)
                .register(registry);
    }

    private static double unresolved(HostState state) {
        return state.neighbors().values().stream().filter(String::isEmpty).count();
    }

    /** @param task runs each time the timer has been through, so that a watchdog knows that nothing hangs */
    void afterTick(Runnable task) {
        afterTick = task;
    }

    /** @throws CommandException if Open vSwitch cannot be set up or seen */
    void start() throws CommandException, InterruptedException {
        host.prepare();
        monitor.start();
        if (!monitor.awaitFirst(FIRST_LOOK)) {
            throw new CommandException(
                    "ovsdb-server has not told its interfaces within " + FIRST_LOOK.toSeconds() + " s");
        }
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(this::tick, tick.toMillis(), tick.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            host.tick(Instant.now());
            afterTick.run();
        } catch (RuntimeException e) {
            // An exception would end the timer for good.
            LOG.error("timer: {}", e.toString(), e);
        }
    }

    PolicyTarget target() {
        return host;
    }

    FollowerState follower() {
        return follower;
    }

    HostState state() {
        return host.state();
    }

    boolean isReady() {
        return host.state().policy().revision() > 0 && host.isInForce() && monitor.isConnected();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        monitor.close();
    }
}
