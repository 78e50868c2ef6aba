package net.nvgate.fabric.ovs;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.fabric.sync.PolicyTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the switch and the provider network at the policy and at what is plugged in. Three callers: the sync stream
 * brings policy, the OVSDB monitor brings interfaces, a timer repairs and refreshes; one lock, held while the switch is
 * written, puts them in order. Readers take {@link #state()}, an immutable picture.
 */
final class OvsHost implements PolicyTarget {

    private static final Logger LOG = LoggerFactory.getLogger(OvsHost.class);
    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(5);

    private final OvsSwitch vswitch;
    private final ProviderNetwork provider;
    private final String tunnelPort;
    private final HostCounters counters;

    private Map<String, PolicyObject> objects = Map.of();
    private List<Flow> installed = List.of();
    private volatile boolean installedIsKnown;
    private Instant counted = Instant.EPOCH;
    private int providerVlan = -1;
    private final Map<String, Integer> requestedMtu = new HashMap<>();
    private String refusal = "";
    private volatile String trouble = "";
    private volatile HostState state = HostState.INITIAL;

    OvsHost(OvsSwitch vswitch, ProviderNetwork provider, String tunnelPort, HostCounters counters) {
        this.vswitch = vswitch;
        this.provider = provider;
        this.tunnelPort = tunnelPort;
        this.counters = counters;
    }

    HostState state() {
        return state;
    }

    /** Bridges, tunnel and uplink; call once before anything else. Flows stay as an earlier agent left them. */
    synchronized void prepare() throws CommandException {
        vswitch.ensureBridges();
        provider.prepare();
    }

    @Override
    public synchronized void replace(PolicySnapshot snapshot) throws PolicyRejectedException {
        Map<String, PolicyObject> all = new LinkedHashMap<>();
        snapshot.objects().forEach(object -> all.put(object.key(), object));
        commit(snapshot.revision(), all);
    }

    @Override
    public synchronized void apply(long revision, List<PolicyChange> changes) throws PolicyRejectedException {
        Map<String, PolicyObject> all = new LinkedHashMap<>(objects);
        for (PolicyChange change : changes) {
            switch (change) {
                case PolicyChange.Put put -> all.put(put.key(), put.object());
                case PolicyChange.Remove remove -> all.remove(remove.key());
            }
        }
        commit(revision, all);
    }

    private void commit(long revision, Map<String, PolicyObject> all) throws PolicyRejectedException {
        HostPolicy before = state.policy();
        HostPolicy after = HostPolicy.of(revision, all.values());
        long started = System.nanoTime();
        try {
            program(after, state.interfaces());
        } catch (CommandException e) {
            counters.failed();
            refusal = "revision " + revision + " refused: " + e.getMessage();
            restore(before);
            tell();
            throw new PolicyRejectedException("revision/" + revision, e.getMessage());
        }
        counters.programmed(Duration.ofNanos(System.nanoTime() - started));
        objects = all;
        refusal = "";
        trouble = "";
        state = state.withPolicy(after, installed.size());
        tell();
        LOG.info(
                "revision {} applied: {} records, {} routes, {} of {} ports plugged in, {} flows",
                revision,
                after.records().size(),
                after.routes().size(),
                state.ofports().size(),
                after.ports().size(),
                installed.size());
    }

    /** True while the switch runs by {@link #state()}'s policy, as far as is known. */
    boolean isInForce() {
        return installedIsKnown && trouble.isEmpty();
    }

    private void tell() {
        state = state.withError(trouble.isEmpty() ? refusal : trouble);
    }

    /** New addresses first, old ones last: at no time is there a flow without the PA it sends from. */
    private void program(HostPolicy policy, List<OvsInterface> interfaces) throws CommandException {
        if (policy.providerVlan() != providerVlan) {
            vswitch.setProviderVlan(policy.providerVlan());
            providerVlan = policy.providerVlan();
        }
        provider.add(policy);
        install(FlowProgram.of(policy, HostState.ofports(policy, interfaces), tunnelOfport(interfaces)));
        provider.removeOthers(policy);
        provider.keepNeighbors(ProviderNetwork.nextHops(policy));
        requestMtus(policy, interfaces);
    }

    private int tunnelOfport(List<OvsInterface> interfaces) throws CommandException {
        return interfaces.stream()
                .filter(known -> known.name().equals(tunnelPort))
                .mapToInt(OvsInterface::ofport)
                .findFirst()
                .orElseThrow(() -> new CommandException("Open vSwitch has not opened the tunnel port " + tunnelPort));
    }

    private void install(List<Flow> flows) throws CommandException {
        if (installedIsKnown) {
            FlowChanges changes = FlowChanges.between(installed, flows);
            if (!changes.isEmpty()) {
                installedIsKnown = false;
                vswitch.changeFlows(changes);
            }
        } else {
            vswitch.replaceFlows(flows);
        }
        installed = flows;
        installedIsKnown = true;
    }

    /** A refused revision must leave the one before in force. */
    private void restore(HostPolicy before) {
        installedIsKnown = false;
        if (before.revision() == 0) {
            return;
        }
        try {
            program(before, state.interfaces());
        } catch (CommandException e) {
            trouble = e.getMessage();
            LOG.error("cannot restore revision {}; the timer will try again: {}", before.revision(), e.getMessage());
        }
    }

    /** A VM whose MTU cannot be set still works up to the smaller one, so this fails nothing. */
    private void requestMtus(HostPolicy policy, List<OvsInterface> interfaces) {
        Map<String, OvsInterface> byNic = HostState.byNic(interfaces);
        requestedMtu
                .keySet()
                .retainAll(interfaces.stream().map(OvsInterface::name).toList());
        for (VirtualPort port : policy.ports()) {
            OvsInterface plugged = byNic.get(port.nicId().toString());
            if (plugged == null || Integer.valueOf(port.mtu()).equals(requestedMtu.get(plugged.name()))) {
                continue;
            }
            try {
                vswitch.setMtu(plugged.name(), port.mtu());
                requestedMtu.put(plugged.name(), port.mtu());
            } catch (CommandException e) {
                LOG.warn("MTU {} of {} ({}): {}", port.mtu(), plugged.name(), port.vmName(), e.getMessage());
            }
        }
    }

    /** Interfaces of the tenant bridge have changed. */
    synchronized void onInterfaces(List<OvsInterface> interfaces) {
        if (interfaces.equals(state.interfaces())) {
            return;
        }
        Map<UUID, Integer> before = state.ofports();
        state = state.withInterfaces(interfaces);
        if (state.policy().revision() > 0) {
            LOG.info("plugged in: {} (were {})", state.ofports().size(), before.size());
            reprogram();
        }
    }

    private void reprogram() {
        try {
            program(state.policy(), state.interfaces());
            trouble = "";
            state = state.withPolicy(state.policy(), installed.size());
            tell();
        } catch (CommandException | RuntimeException e) {
            // Whatever it was: the interfaces are noted already, so that only the timer will come back to them.
            counters.failed();
            installedIsKnown = false;
            trouble = String.valueOf(e.getMessage());
            tell();
            LOG.error("cannot program the switch; trying again: {}", e.toString(), e);
        }
    }

    /** Repairs what others undid (a restarted vswitchd, a flushed table) and refreshes counters. Called every second or two. */
    synchronized void tick(Instant now) {
        if (state.policy().revision() == 0) {
            return;
        }
        try {
            if (!installedIsKnown || vswitch.flowCount() != installed.size()) {
                LOG.warn("the flows in the switch are not ours: writing all of them");
                installedIsKnown = false;
                reprogram();
            }
            feedNeighbors();
            if (Duration.between(counted, now).compareTo(COUNT_INTERVAL) >= 0) {
                counters.update(vswitch.packets());
                counted = now;
            }
            if (installedIsKnown && !trouble.isEmpty()) {
                trouble = "";
                tell();
            }
        } catch (CommandException e) {
            trouble = e.getMessage();
            tell();
            LOG.warn("the switch does not answer: {}", e.getMessage());
        }
    }

    /** The tunnel has its own neighbour table, which a restart empties or which missed a change: the kernel's is right. */
    private void feedNeighbors() throws CommandException {
        Map<String, String> resolved = provider.neighbors();
        Map<String, String> known = vswitch.neighbors();
        Map<String, String> kept = new LinkedHashMap<>();
        for (Map.Entry<String, String> neighbor : resolved.entrySet()) {
            String mac = neighbor.getValue();
            if (!mac.isEmpty() && !mac.equals(known.get(neighbor.getKey()))) {
                vswitch.setNeighbor(neighbor.getKey(), mac);
            }
            kept.put(neighbor.getKey(), mac);
        }
        state = state.withNeighbors(kept);
    }
}
