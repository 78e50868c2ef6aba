package net.nvgate.fabric.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes of several revisions as if one revision had made them: each key once, with its last word; what goes before what
 * comes, as in every revision.
 */
final class MergedChanges {

    private final Map<String, PolicyChange> last = new LinkedHashMap<>();

    void add(List<PolicyChange> changes) {
        for (PolicyChange change : changes) {
            String key = change.key();
            last.remove(key);
            last.put(key, change);
        }
    }

    List<PolicyChange> inOrder() {
        List<PolicyChange> ordered = new ArrayList<>(last.size());
        last.values().stream().filter(PolicyChange.Remove.class::isInstance).forEach(ordered::add);
        last.values().stream().filter(PolicyChange.Put.class::isInstance).forEach(ordered::add);
        return ordered;
    }
}
