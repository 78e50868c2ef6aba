package net.nvgate.fabric.store.etcd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.store.Conflict;
import net.nvgate.fabric.store.StoredObject;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.fabric.store.Transaction.Change;
import net.nvgate.fabric.store.Transaction.Delete;
import net.nvgate.fabric.store.Transaction.Put;
import net.nvgate.fabric.store.UniqueKey;

/** Whether a transaction can be committed on what a replica holds; the same rules, in the same order, as in SQLite. */
final class TransactionCheck {

    private final Replica replica;
    private final Transaction transaction;
    private final Map<UUID, Change> changed = new HashMap<>();

    TransactionCheck(Replica replica, Transaction transaction) {
        this.replica = replica;
        this.transaction = transaction;
        transaction.changes().forEach(change -> changed.put(change.object().id(), change));
    }

    Optional<Conflict> conflict() {
        return guards().or(this::objects).or(this::uniqueKeys).or(this::references);
    }

    private Optional<Conflict> guards() {
        for (String guard : transaction.guards()) {
            for (String other : Transaction.excludedBy(guard)) {
                long passed = replica.guardPassed(other);
                if (passed > transaction.basedOn()) {
                    return Optional.of(new Conflict.GuardPassed(other, passed));
                }
            }
        }
        return Optional.empty();
    }

    /** Each is as its author read it. */
    private Optional<Conflict> objects() {
        for (Change change : transaction.changes()) {
            UUID id = change.object().id();
            long expected = change.object().changedRevision();
            long actual = replica.object(id)
                    .map(StoredObject::object)
                    .map(object -> object.changedRevision())
                    .orElse(0L);
            if (actual != expected || (change instanceof Delete && actual == 0)) {
                return Optional.of(new Conflict.ObjectChanged(id, expected, actual));
            }
        }
        return Optional.empty();
    }

    /** What changed objects had is free; what they have from now on has no other owner. */
    private Optional<Conflict> uniqueKeys() {
        Map<UniqueKey, UUID> claimed = new HashMap<>();
        for (Change change : transaction.changes()) {
            if (!(change instanceof Put put)) {
                continue;
            }
            for (UniqueKey key : put.uniqueKeys()) {
                Optional<UUID> owner = Optional.ofNullable(
                                claimed.put(key, put.object().id()))
                        .or(() -> replica.owner(key).filter(id -> !changed.containsKey(id)));
                if (owner.isPresent()) {
                    return Optional.of(new Conflict.UniqueKeyTaken(key, owner.get()));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Conflict> references() {
        Map<UUID, Set<UUID>> usersHere = new HashMap<>();
        for (Change change : transaction.changes()) {
            if (change instanceof Put put) {
                put.references()
                        .forEach(to -> usersHere
                                .computeIfAbsent(to, _ -> new HashSet<>())
                                .add(put.object().id()));
            }
        }
        for (Change change : transaction.changes()) {
            UUID id = change.object().id();
            switch (change) {
                case Put put -> {
                    for (UUID to : put.references()) {
                        if (!exists(to)) {
                            return Optional.of(new Conflict.ReferenceMissing(id, to));
                        }
                    }
                }
                case Delete _ -> {
                    List<UUID> users = new ArrayList<>(usersHere.getOrDefault(id, Set.of()));
                    users.addAll(replica.users(id, changed.keySet()));
                    if (!users.isEmpty()) {
                        return Optional.of(new Conflict.StillReferenced(id, users));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private boolean exists(UUID id) {
        Change change = changed.get(id);
        return change == null ? replica.object(id).isPresent() : change instanceof Put;
    }
}
