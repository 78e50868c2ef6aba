package net.nvgate.fabric.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.MacGrant;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;

/** What one revision may do, by the state before it and the one after it. */
final class ChangeRules {

    private final Content before;
    private final Content after;

    private ChangeRules(Content before, Content after) {
        this.before = before;
        this.after = after;
    }

    static void check(Content before, RevisionChanges revision, Content after) {
        ChangeRules rules = new ChangeRules(before, after);
        revision.changes().forEach(rules::maintenance);
        revision.changes().forEach(rules::providerAddresses);
        // What is taken back has the MAC it had, whoever got it meanwhile in another routing domain.
        if (!Ledger.takesBack(revision.origin())) {
            rules.macs(revision.changes());
        }
    }

    /** No VM comes to a host that was in maintenance and still is. */
    private void maintenance(ObjectChange change) {
        Optional<UUID> to = hostOf(change.after());
        to.filter(host -> !hostOf(change.before()).equals(to))
                .filter(host -> isInMaintenance(before, host) && isInMaintenance(after, host))
                .ifPresent(host -> {
                    throw new AssertionError("a VM comes to host " + host + ", which is in maintenance: " + change);
                });
    }

    private static Optional<UUID> hostOf(Optional<FabricObject> object) {
        return object.filter(Vm.class::isInstance).map(Vm.class::cast).map(Vm::hostId);
    }

    private static boolean isInMaintenance(Content content, UUID host) {
        return content.find(host)
                .map(Host.class::cast)
                .filter(Host::maintenance)
                .isPresent();
    }

    /** A PA of a VSID that had ports goes with the last one. */
    private void providerAddresses(ObjectChange change) {
        if (!(change.before().orElse(null) instanceof Vm vm)) {
            return;
        }
        for (Vm.Nic nic : vm.nics()) {
            boolean inUse = hasPort(vm.hostId(), nic.vmSubnetId());
            boolean there = after.all(ProviderAddress.class).stream()
                    .anyMatch(pa -> pa.hostId().equals(vm.hostId())
                            && pa.vmSubnetId().equals(nic.vmSubnetId())
                            && before.find(pa.id()).isPresent());
            if (there && !inUse) {
                throw new AssertionError("a PA of " + nic.vmSubnetId() + " outlives its ports on " + vm.hostId());
            }
        }
    }

    private boolean hasPort(UUID host, UUID subnet) {
        return after.all(Vm.class).stream()
                .filter(vm -> vm.hostId().equals(host))
                .flatMap(vm -> vm.nics().stream())
                .anyMatch(nic -> nic.vmSubnetId().equals(subnet));
    }

    /** A MAC that the manager chose, nobody else has. */
    private void macs(List<ObjectChange> changes) {
        Map<MacAddress, Integer> holders = null;
        for (ObjectChange change : changes) {
            Set<MacAddress> taken = new HashSet<>(chosen(change.after()));
            chosen(change.before()).forEach(taken::remove);
            for (MacAddress mac : taken) {
                holders = holders == null ? holders() : holders;
                if (holders.getOrDefault(mac, 0) > 1) {
                    throw new AssertionError("MAC " + mac + " is handed out again: " + change);
                }
            }
        }
    }

    private Map<MacAddress, Integer> holders() {
        Map<MacAddress, Integer> holders = new HashMap<>();
        after.objects()
                .values()
                .forEach(object -> chosen(Optional.of(object)).forEach(mac -> holders.merge(mac, 1, Integer::sum)));
        return holders;
    }

    /** MACs of an object that are of pools. Those that tenants bring along are local ones. */
    private static List<MacAddress> chosen(Optional<FabricObject> object) {
        List<MacAddress> macs = new ArrayList<>();
        switch (object.orElse(null)) {
            case Vm vm -> vm.nics().forEach(nic -> macs.add(nic.mac()));
            case VmSubnet subnet -> macs.add(subnet.defaultGatewayMac());
            case VmNetworkGateway gateway -> {
                macs.add(gateway.mac());
                if (gateway.vmSubnetId().isEmpty()) {
                    macs.add(gateway.routerMac());
                }
            }
            case MacGrant grant -> macs.add(grant.mac());
            case null, default -> {}
        }
        macs.removeIf(mac -> (mac.value() >>> 41 & 1) == 1);
        return macs;
    }
}
