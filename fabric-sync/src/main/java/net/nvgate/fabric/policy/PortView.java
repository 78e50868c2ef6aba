package net.nvgate.fabric.policy;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostSwitch;
import net.nvgate.fabric.model.LogicalSwitch;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.model.PortProfile.Bandwidth;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.store.ObjectChange;
import org.jspecify.annotations.Nullable;

/**
 * What the ports of virtual NICs are like.
 *
 * <pre>
 *  NIC ─▶ port classification ─▶ logical switch of the VM's host ─▶ virtual port profile ─▶ bandwidth
 * </pre>
 *
 * Unlike all else of policy that may change under VMs: so it keeps the VMs with classifications, to say whose policy changes.
 */
final class PortView {

    private final Map<UUID, PortProfile> profiles = new HashMap<>();
    /** In order, so that a host of which nobody says which switches it has means the same with each manager. */
    private final TreeMap<UUID, LogicalSwitch> switches = new TreeMap<>();

    private final Map<UUID, List<UUID>> switchesOfHost = new HashMap<>();
    private final Map<UUID, Vm> classified = new HashMap<>();

    void put(FabricObject object) {
        switch (object) {
            case PortProfile profile -> profiles.put(profile.id(), profile);
            case LogicalSwitch logicalSwitch -> switches.put(logicalSwitch.id(), logicalSwitch);
            case Host host -> {
                if (!host.switches().isEmpty()) {
                    switchesOfHost.put(
                            host.id(),
                            host.switches().stream()
                                    .map(HostSwitch::logicalSwitchId)
                                    .toList());
                }
            }
            case Vm vm -> {
                if (isClassified(vm)) {
                    classified.put(vm.id(), vm);
                }
            }
            default -> {}
        }
    }

    void remove(UUID id) {
        profiles.remove(id);
        switches.remove(id);
        switchesOfHost.remove(id);
        classified.remove(id);
    }

    private static boolean isClassified(Vm vm) {
        return vm.nics().stream().anyMatch(nic -> nic.portClassificationId().isPresent());
    }

    /** What the profile of a NIC says of bandwidth; nothing for NICs with SR-IOV, whose packets no switch sees. */
    Bandwidth bandwidth(UUID hostId, Vm.Nic nic) {
        Optional<UUID> classification = nic.portClassificationId();
        return classification.isEmpty()
                ? Bandwidth.UNLIMITED
                : bandwidth(switches(switchesOfHost.get(hostId)), classification.get());
    }

    private Collection<LogicalSwitch> switches(@Nullable List<UUID> ofHost) {
        return ofHost == null
                ? switches.values()
                : ofHost.stream()
                        .flatMap(id -> Optional.ofNullable(switches.get(id)).stream())
                        .toList();
    }

    private Bandwidth bandwidth(Collection<LogicalSwitch> offered, UUID classification) {
        for (LogicalSwitch one : offered) {
            Optional<PortProfile> profile = one.portProfileId(classification).map(profiles::get);
            if (profile.isPresent()) {
                boolean bypassed = one.sriov() && profile.get().offload().sriov();
                return bypassed ? Bandwidth.UNLIMITED : profile.get().bandwidth();
            }
        }
        return Bandwidth.UNLIMITED;
    }

    /** VMs that changes leave as they are, but whose bandwidth may be another one after them. To be asked before the changes are made. */
    List<Vm> affected(List<ObjectChange> changes) {
        if (changes.stream().noneMatch(PortView::concerns)) {
            return List.of();
        }
        PortView after = copy(changes);
        Set<UUID> changed = new HashSet<>();
        changes.forEach(change -> changed.add(change.id()));
        return classified.values().stream()
                .filter(vm -> !changed.contains(vm.id()))
                .filter(vm -> vm.nics().stream()
                        .anyMatch(nic -> !bandwidth(vm.hostId(), nic).equals(after.bandwidth(vm.hostId(), nic))))
                .toList();
    }

    private static boolean concerns(ObjectChange change) {
        return Stream.of(change.before(), change.after())
                        .flatMap(Optional::stream)
                        .anyMatch(PortView::mayConcern)
                && !same(change);
    }

    private static boolean mayConcern(FabricObject object) {
        return object instanceof PortProfile || object instanceof LogicalSwitch || object instanceof Host;
    }

    /** Hosts change for many reasons, such as maintenance. */
    private static boolean same(ObjectChange change) {
        return change.before().isPresent()
                && change.after().isPresent()
                && change.before().get() instanceof Host before
                && change.after().get() instanceof Host after
                && before.switches().equals(after.switches());
    }

    /** Without VMs. */
    private PortView copy(List<ObjectChange> changes) {
        PortView copy = new PortView();
        copy.profiles.putAll(profiles);
        copy.switches.putAll(switches);
        copy.switchesOfHost.putAll(switchesOfHost);
        changes.forEach(change -> {
            copy.remove(change.id());
            change.after().filter(PortView::mayConcern).ifPresent(copy::put);
        });
        return copy;
    }
}
