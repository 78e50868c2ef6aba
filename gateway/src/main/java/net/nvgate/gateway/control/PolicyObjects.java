package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicySnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Policy by key, to find what a delta or a snapshot really changes: records of one CA each in {@link Records}, everything else in a
 * map.
 */
final class PolicyObjects {

    private static final String LOOKUP = "lookup/";

    private final PolicyIndex index;
    private final Map<String, PolicyObject> objects = new HashMap<>();

    PolicyObjects(PolicyIndex index) {
        this.index = index;
    }

    /** Objects that go, and objects that come, records last; a new version of an object is in both. */
    record Change(List<PolicyObject> out, List<PolicyObject> in) {}

    Change difference(PolicySnapshot snapshot) {
        Map<String, Optional<PolicyObject>> wanted = new LinkedHashMap<>();
        objects.keySet().forEach(key -> wanted.put(key, Optional.empty()));
        List<LookupRecord> records = new ArrayList<>();
        for (PolicyObject object : snapshot.objects()) {
            if (isRow(object)) {
                records.add((LookupRecord) object);
            } else {
                wanted.put(object.key(), Optional.of(object));
            }
        }
        Change change = new Change(new ArrayList<>(), new ArrayList<>());
        wanted.forEach((key, object) -> compare(objects.get(key), object, change));
        index.records.difference(records, index.subnets, change.out::add, change.in::add);
        return change;
    }

    Change difference(List<PolicyChange> changes) {
        Map<String, Optional<PolicyObject>> wanted = new LinkedHashMap<>();
        for (PolicyChange change : changes) {
            wanted.put(
                    change.key(),
                    switch (change) {
                        case PolicyChange.Put put -> Optional.of(put.object());
                        case PolicyChange.Remove _ -> Optional.empty();
                    });
        }
        Change change = new Change(new ArrayList<>(), new ArrayList<>());
        List<PolicyObject> records = new ArrayList<>();
        wanted.forEach((key, object) -> {
            compare(find(key), object, change);
            if (!change.in.isEmpty() && isRow(change.in.getLast())) {
                records.add(change.in.removeLast());
            }
        });
        change.in.addAll(records);
        return change;
    }

    private static void compare(@Nullable PolicyObject there, Optional<PolicyObject> wanted, Change change) {
        if (wanted.equals(Optional.ofNullable(there))) {
            return;
        }
        if (there != null) {
            change.out.add(there);
        }
        wanted.ifPresent(change.in::add);
    }

    /** The change is in the index and in the tables. */
    void commit(Change change) {
        change.out.stream().filter(object -> !isRow(object)).forEach(object -> objects.remove(object.key()));
        change.in.stream().filter(object -> !isRow(object)).forEach(object -> objects.put(object.key(), object));
    }

    /** Every object of a kind that is no record of one CA. */
    <T extends PolicyObject> List<T> all(Class<T> kind) {
        return objects.values().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private @Nullable PolicyObject find(String key) {
        PolicyObject there = objects.get(key);
        return there == null && key.startsWith(LOOKUP) ? record(key) : there;
    }

    /** {@code lookup/VSID/CA}, as in {@link LookupRecord#key}. */
    private @Nullable LookupRecord record(String key) {
        int slash = key.indexOf('/', LOOKUP.length());
        if (slash < 0 || key.indexOf('/', slash + 1) >= 0) {
            return null;
        }
        try {
            Subnet subnet = index.subnets.get(Integer.parseInt(key.substring(LOOKUP.length(), slash)));
            if (subnet == null) {
                return null;
            }
            LookupRecord record = index.records.of(subnet.tenant, IpAddress.parse(key.substring(slash + 1)));
            return record != null && record.key().equals(key) ? record : null;
        } catch (NumberFormatException | ModelException e) {
            // No object has such a key.
            return null;
        }
    }

    /** A record of one CA. */
    static boolean isRow(PolicyObject object) {
        return object instanceof LookupRecord record
                && !record.customerAddress().isUnspecified();
    }
}
