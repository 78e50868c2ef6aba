package net.nvgate.fabric.manager;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.store.ObjectChange;

/** The lists of all kinds that pages are cut from, kept in step with the index by one writer; readers wait for nobody. */
final class SortedFabric {

    private volatile Map<Kind, SortedObjects> lists;
    private final SubscriptionLists subscriptions;

    SortedFabric(FabricIndex index) {
        Map<Kind, SortedObjects> all = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            all.put(kind, SortedObjects.of(index.all(kind)));
        }
        lists = all;
        subscriptions = new SubscriptionLists(index);
    }

    /** Called when the index has them. */
    void apply(List<ObjectChange> changes) {
        Map<Kind, List<ObjectChange>> byKind = new EnumMap<>(Kind.class);
        changes.forEach(change -> byKind.computeIfAbsent(change.any().kind(), _ -> new ArrayList<>())
                .add(change));
        Map<Kind, SortedObjects> fresh = new EnumMap<>(lists);
        byKind.forEach((kind, ofKind) -> fresh.put(kind, of(kind).with(ofKind)));
        lists = fresh;
        subscriptions.apply(changes);
    }

    /** As of now; the same list again as long as no object of the kind changes. */
    List<FabricObject> list(Kind kind) {
        return of(kind);
    }

    List<FabricObject> list(Kind kind, String name) {
        return of(kind).named(name);
    }

    List<FabricObject> containing(Kind kind, String part) {
        return of(kind).containing(part);
    }

    List<FabricObject> newest(Kind kind, int count) {
        return of(kind).newest(count);
    }

    Selection.Found select(Kind kind, Selection selection, int first) {
        return of(kind).select(selection, first);
    }

    /** Objects that belong to a subscription. */
    List<FabricObject> ofSubscription(Kind kind, UUID subscriptionId) {
        return subscriptions.list(kind, subscriptionId);
    }

    private SortedObjects of(Kind kind) {
        return lists.getOrDefault(kind, SortedObjects.EMPTY);
    }
}
