package net.nvgate.fabric.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The present policy, by section and key. */
final class Sections {

    private final Map<Section, Map<String, PolicyObject>> sections = new HashMap<>();

    Collection<PolicyObject> objects(Section section) {
        return sections.getOrDefault(section, Map.of()).values();
    }

    void put(Contribution contribution) {
        sections.computeIfAbsent(contribution.section(), _ -> new HashMap<>())
                .put(contribution.object().key(), contribution.object());
    }

    private void remove(Section section, String key) {
        sections.computeIfPresent(section, (_, objects) -> {
            objects.remove(key);
            return objects.isEmpty() ? null : objects;
        });
    }

    /** Takes {@code gone} out, puts {@code come} in, and returns what that changed, by section. */
    Map<Section, List<PolicyChange>> replace(List<Contribution> gone, List<Contribution> come) {
        Map<Section, Map<String, Optional<PolicyObject>>> touched = new LinkedHashMap<>();
        for (Contribution old : gone) {
            touched.computeIfAbsent(old.section(), _ -> new LinkedHashMap<>())
                    .put(old.object().key(), Optional.empty());
        }
        for (Contribution fresh : come) {
            touched.computeIfAbsent(fresh.section(), _ -> new LinkedHashMap<>())
                    .put(fresh.object().key(), Optional.of(fresh.object()));
        }
        Map<Section, List<PolicyChange>> changes = new LinkedHashMap<>();
        touched.forEach((section, keys) -> {
            List<PolicyChange> changed = change(section, keys);
            if (!changed.isEmpty()) {
                changes.put(section, changed);
            }
        });
        return changes;
    }

    private List<PolicyChange> change(Section section, Map<String, Optional<PolicyObject>> keys) {
        List<PolicyChange> changes = new ArrayList<>();
        keys.forEach((key, object) -> {
            if (object.isEmpty()) {
                remove(section, key);
                changes.add(new PolicyChange.Remove(key));
                return;
            }
            PolicyObject before = sections.getOrDefault(section, Map.of()).get(key);
            if (!object.get().equals(before)) {
                put(new Contribution(section, object.get()));
                changes.add(new PolicyChange.Put(object.get()));
            }
        });
        return changes;
    }
}
