package net.nvgate.fabric.ovs;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.ovs.DriftKind.Finding;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.fabric.sync.PolicyTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the switch and the provider network at the policy and at what is plugged in. Three callers: the sync stream
 * brings policy, the OVSDB monitor brings what the database says, a timer repairs and refreshes; one lock, held while the switch is
 * written, puts them in order. Readers take {@link #state()}, an immutable picture.
 */
final class OvsHost implements PolicyTarget {

    private static final Logger LOG = LoggerFactory.getLogger(OvsHost.class);
    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(5);

    private final OvsSwitch vswitch;
    private final ProviderNetwork provider;
    private final AgentSettings settings;
    private final HostCounters counters;
    private final PortCounters portCounters;
    private final DriftLog drift;
    private final PortMtus mtus;
    private final LostPorts lostPorts;
    private final ProviderVlan providerVlan;

    private Map<String, PolicyObject> objects = Map.of();
    private Set<IpAddress> hops = Set.of();
    private SwitchView view = SwitchView.NOTHING;
    private Optional<SwitchView> repaired = Optional.empty();
    private boolean mustRepair;
    private List<Flow> installed = List.of();
    private volatile boolean installedIsKnown;
    private Instant counted = Instant.EPOCH;
    private Instant compared = Instant.EPOCH;
    private String refusal = "";
    private volatile String trouble = "";
    private volatile HostState state = HostState.INITIAL;

    OvsHost(
            OvsSwitch vswitch,
            ProviderNetwork provider,
            AgentSettings settings,
            HostCounters counters,
            PortCounters portCounters,
            DriftLog drift) {
        this.vswitch = vswitch;
        this.provider = provider;
        this.settings = settings;
        this.counters = counters;
        this.portCounters = portCounters;
        this.drift = drift;
        this.mtus = new PortMtus(vswitch, drift);
        this.lostPorts = new LostPorts(vswitch, provider, drift);
        this.providerVlan = new ProviderVlan(vswitch);
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
            program(after, plugged(after));
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
        state = state.withPolicy(after, plugged(after), installed.size());
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

    private PluggedPorts plugged(HostPolicy policy) {
        AgentSettings.Switch own = settings.vswitch();
        Set<String> ours = Set.of(own.tenantBridge(), own.tunnelPort());
        List<OvsInterface> ofVms = view.interfaces().stream()
                .filter(each -> !ours.contains(each.name()))
                .toList();
        return PluggedPorts.of(policy.ports(), ofVms, own.matchAttachedMac());
    }

    /** New addresses first, old ones last: at no time is there a flow without the PA it sends from. */
    private void program(HostPolicy policy, PluggedPorts plugged) throws CommandException {
        providerVlan.set(policy.providerVlan());
        provider.add(policy);
        install(FlowProgram.of(policy, plugged.ofports(), tunnelOfport()));
        provider.removeOthers(policy);
        hops = ProviderNetwork.nextHops(policy);
        provider.keepNeighbors(hops);
        mtus.request(policy.ports(), plugged);
    }

    private int tunnelOfport() throws CommandException {
        return tunnel().orElseThrow(() -> new CommandException("Open vSwitch has not opened the tunnel port "
                + settings.vswitch().tunnelPort()));
    }

    private OptionalInt tunnel() {
        return view.interfaces().stream()
                .filter(known -> known.name().equals(settings.vswitch().tunnelPort()) && known.isOpen())
                .mapToInt(OvsInterface::ofport)
                .findFirst();
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
            program(before, plugged(before));
        } catch (CommandException e) {
            trouble = e.getMessage();
            LOG.error("cannot restore revision {}; the timer will try again: {}", before.revision(), e.getMessage());
        }
    }

    /** The switch's database has changed: something was plugged in or out, or somebody changed what is ours. */
    synchronized void onSwitch(SwitchView seen) {
        SwitchView before = view;
        OptionalInt tunnelBefore = tunnel();
        view = seen;
        lostPorts.compare(before.tenant(), seen.tenant());
        repairSwitch();
        PluggedPorts after = plugged(state.policy());
        // Entries depend on port numbers only: the MTU that the agent itself asks for must not have it write them anew.
        boolean replugged = !after.ofports().equals(state.ofports()) || !tunnel().equals(tunnelBefore);
        if (!after.ofports().equals(state.ofports())) {
            LOG.info(
                    "plugged in: {} (were {})",
                    after.ofports().size(),
                    state.ofports().size());
        }
        state = state.withPlugged(after);
        if (state.policy().revision() > 0 && (replugged || !installedIsKnown) && tunnel().isPresent()) {
            reprogram();
        }
    }

    /** Bridges and ports as they must be. What one view shows is counted once, and repaired until that succeeds. */
    private void repairSwitch() {
        List<Finding> found = SwitchRules.differences(view, settings.vswitch(), providerVlan.expectedOf(view));
        if (found.isEmpty()) {
            repaired = Optional.empty();
        } else if (!repaired.equals(Optional.of(view))) {
            repaired = Optional.of(view);
            mustRepair = true;
            installedIsKnown = false;
            providerVlan.forget();
            found.forEach(drift::add);
        }
        if (!mustRepair) {
            return;
        }
        try {
            prepare();
            lostPorts.restore();
            mustRepair = false;
        } catch (CommandException e) {
            trouble = e.getMessage();
            tell();
            LOG.error("cannot repair the switch; trying again: {}", e.getMessage());
        }
    }

    private void reprogram() {
        try {
            PluggedPorts plugged = plugged(state.policy());
            program(state.policy(), plugged);
            trouble = "";
            state = state.withPolicy(state.policy(), plugged, installed.size());
            tell();
        } catch (CommandException | RuntimeException e) {
            // Whatever it was: the view is noted already, so that only the timer will come back to it.
            counters.failed();
            installedIsKnown = false;
            trouble = String.valueOf(e.getMessage());
            tell();
            LOG.error("cannot program the switch; trying again: {}", e.toString(), e);
        }
    }

    /** Repairs what others undid (a restarted vswitchd, a flushed table) and refreshes counters. Called every second or two. */
    synchronized void tick(Instant now) {
        repairSwitch();
        if (state.policy().revision() == 0) {
            return;
        }
        try {
            repairProvider();
            repairFlows(now);
            mtus.check(state.policy().ports(), state.plugged());
            feedNeighbors();
            if (Duration.between(counted, now).compareTo(COUNT_INTERVAL) >= 0) {
                count();
                state = state.withWarnings(Warnings.of(state.policy(), provider.mtu()));
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

    private void repairProvider() throws CommandException {
        // Where somebody gave it a controller, that one decides what it forwards.
        boolean controlled = view.provider().map(BridgeView::controlled).orElse(false);
        if (!controlled && !vswitch.providerForwards()) {
            drift.add(Finding.of(DriftKind.PROVIDER_FLOWS, settings.vswitch().providerBridge() + " has no entry"));
            vswitch.letProviderForward();
        }
        List<Finding> found = provider.differences(state.policy());
        if (!found.isEmpty()) {
            found.forEach(drift::add);
            provider.prepare();
            reprogram();
        }
    }

    /** The number of entries is looked at each time; each single one at the interval, or when the number is another. */
    private void repairFlows(Instant now) throws CommandException {
        if (!installedIsKnown) {
            reprogram();
            return;
        }
        boolean due = Duration.between(compared, now).compareTo(settings.driftInterval()) >= 0;
        if (!due && vswitch.flowCount() == installed.size()) {
            return;
        }
        compared = now;
        repaired = Optional.empty();
        vswitch.difference(installed).ifPresent(found -> {
            drift.add(found);
            installedIsKnown = false;
            reprogram();
        });
    }

    private void count() throws CommandException {
        FlowPackets packets = vswitch.packets();
        counters.update(packets.byCounter());
        portCounters.update(state.policy().ports(), state.plugged(), vswitch.portTotals(), packets.ofPorts());
    }

    /** The tunnel has its own neighbour table, which a restart empties or which missed a change: the kernel's is right. */
    private void feedNeighbors() throws CommandException {
        Map<String, String> resolved = provider.neighbors();
        List<String> gone = hops.stream()
                .map(IpAddress::toString)
                .filter(hop -> !resolved.containsKey(hop))
                .toList();
        if (!gone.isEmpty()) {
            drift.add(Finding.of(DriftKind.NEIGHBOR, gone, "not kept resolved any more"));
            provider.keepNeighbors(hops);
        }
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
