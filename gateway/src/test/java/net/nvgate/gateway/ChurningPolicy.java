package net.nvgate.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.policy.PolicySource;

/** {@link FixedPolicy} with more VMs, one of which moves to another host with each revision. */
final class ChurningPolicy implements PolicySource {

    private static final int VMS = 200;

    private final FixedPolicy fixed = new FixedPolicy();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private long revision = FixedPolicy.REVISION;

    /** A VM moves. One thread. */
    void change() {
        long reached;
        synchronized (this) {
            reached = ++revision;
        }
        listeners.forEach(listener -> listener.onRevision(reached, Set.of(FixedPolicy.NODE)));
    }

    @Override
    public synchronized long revision() {
        return revision;
    }

    @Override
    public boolean knows(NodeId node) {
        return fixed.knows(node);
    }

    @Override
    public synchronized PolicySnapshot snapshot(NodeId node) {
        List<PolicyObject> objects = new ArrayList<>(fixed.snapshot(node).objects());
        for (int vm = 0; vm < VMS; vm++) {
            objects.add(record(vm));
        }
        return new PolicySnapshot(revision, objects);
    }

    /** VMs move by turns: the one of a revision is its remainder. */
    private PolicyObject record(int vm) {
        long moves = (revision - vm) / VMS;
        return FixedPolicy.record(
                FixedPolicy.VM_VSID,
                "192.168.1." + (20 + vm),
                new MacAddress(FixedPolicy.VM_MAC.value() + 1 + vm),
                "10.10.0." + (10 + Math.floorMod(moves, 2)),
                PolicyObject.LookupRecord.Type.STATIC);
    }

    @Override
    public synchronized Optional<Catchup> since(NodeId node, long after) {
        if (after < FixedPolicy.REVISION || after > revision) {
            return Optional.empty();
        }
        List<PolicyChange> changes = new ArrayList<>();
        for (long at = Math.max(after, revision - VMS) + 1; at <= revision; at++) {
            changes.add(new PolicyChange.Put(record((int) (at % VMS))));
        }
        return Optional.of(new Catchup(revision, changes));
    }

    @Override
    public Subscription subscribe(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
