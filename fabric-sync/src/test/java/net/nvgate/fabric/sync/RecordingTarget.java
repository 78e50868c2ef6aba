package net.nvgate.fabric.sync;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicySnapshot;
import org.jspecify.annotations.Nullable;

/** Keeps policy in a map, applies whole revisions, and refuses one key on demand. */
final class RecordingTarget implements PolicyTarget {

    private Map<String, PolicyObject> policy = new LinkedHashMap<>();
    private long revision;
    private @Nullable String refusedKey;

    volatile int snapshots;
    volatile int deltas;

    synchronized void refuse(@Nullable String key) {
        refusedKey = key;
    }

    @Override
    public synchronized void replace(PolicySnapshot snapshot) throws PolicyRejectedException {
        Map<String, PolicyObject> next = new LinkedHashMap<>();
        for (PolicyObject object : snapshot.objects()) {
            check(object.key());
            next.put(object.key(), object);
        }
        policy = next;
        revision = snapshot.revision();
        snapshots++;
    }

    @Override
    public synchronized void apply(long to, List<PolicyChange> changes) throws PolicyRejectedException {
        for (PolicyChange change : changes) {
            check(change.key());
        }
        changes.forEach(change -> ListPolicySource.replay(policy, change));
        revision = to;
        deltas++;
    }

    private void check(String key) throws PolicyRejectedException {
        if (key.equals(refusedKey)) {
            throw new PolicyRejectedException(key, "the test refuses it");
        }
    }

    synchronized long revision() {
        return revision;
    }

    synchronized Collection<PolicyObject> policy() {
        return List.copyOf(policy.values());
    }
}
