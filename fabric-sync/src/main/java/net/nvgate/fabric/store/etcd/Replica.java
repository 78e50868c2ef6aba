package net.nvgate.fabric.store.etcd;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.store.Conflict;
import net.nvgate.fabric.store.Links;
import net.nvgate.fabric.store.LoggedRevision;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoredObject;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.fabric.store.UniqueKey;
import org.jspecify.annotations.Nullable;

/**
 * The whole store in memory, as of one revision: what a transaction is checked against before it is committed on the
 * condition that this revision is still the last. Not thread-safe.
 */
final class Replica {

    private static final int USERS_NAMED_MAX = 100;

    private final Map<UUID, StoredObject> objects = new HashMap<>();
    private final Map<UniqueKey, UUID> owners = new HashMap<>();
    private final Map<UUID, Set<UUID>> users = new HashMap<>();
    private final Map<String, Long> guards;
    private long head;
    /** Guards that were last passed up to this revision are forgotten. */
    private long forgotten;

    Replica(long head, Collection<StoredObject> objects, Map<String, Long> guards) {
        this.head = head;
        this.guards = new HashMap<>(guards);
        objects.forEach(this::claim);
    }

    long head() {
        return head;
    }

    List<FabricObject> objects() {
        List<FabricObject> all = new ArrayList<>(objects.size());
        objects.values().forEach(stored -> all.add(stored.object()));
        return all;
    }

    Optional<StoredObject> object(UUID id) {
        return Optional.ofNullable(objects.get(id));
    }

    Optional<Long> guard(String name) {
        return Optional.ofNullable(guards.get(name));
    }

    /** The revision that last passed a guard, as far as it is known; who has not seen so much must look again. */
    long guardPassed(String name) {
        return Math.max(forgotten, guards.getOrDefault(name, 0L));
    }

    /** Forgets guards that were last passed up to a revision, up to which the log is compacted. */
    void forgetGuards(long revision) {
        if (revision > forgotten) {
            forgotten = revision;
            guards.values().removeIf(passed -> passed <= revision);
        }
    }

    int guards() {
        return guards.size();
    }

    /** What became of a check. */
    sealed interface Checked {

        /** It can be committed as the next revision, as this. */
        record Fits(LoggedRevision revision) implements Checked {}

        record Refused(Conflict conflict) implements Checked {}
    }

    /** Whether the transaction can be the next revision. */
    Checked check(Transaction transaction, Instant at) {
        Optional<Conflict> conflict = new TransactionCheck(this, transaction).conflict();
        if (conflict.isPresent()) {
            return new Checked.Refused(conflict.get());
        }
        List<ObjectChange> changes = new ArrayList<>(transaction.changes().size());
        List<Links> links = new ArrayList<>(transaction.changes().size());
        for (Transaction.Change change : transaction.changes()) {
            Optional<FabricObject> before = object(change.object().id()).map(StoredObject::object);
            switch (change) {
                case Transaction.Put put -> {
                    changes.add(
                            new ObjectChange(before, Optional.of(stamped(put.object(), before, transaction.origin()))));
                    links.add(new Links(put.uniqueKeys(), put.references()));
                }
                case Transaction.Delete _ -> {
                    changes.add(new ObjectChange(before, Optional.empty()));
                    links.add(Links.NONE);
                }
            }
        }
        RevisionChanges revision = new RevisionChanges(head + 1, at, transaction.origin(), changes);
        return new Checked.Fits(new LoggedRevision(revision, links, transaction.guards()));
    }

    private FabricObject stamped(FabricObject object, Optional<FabricObject> before, Origin origin) {
        Meta meta = before.map(FabricObject::meta).orElse(null);
        return object.withMeta(object.meta().stamped(meta, head + 1, origin.actor()));
    }

    Optional<UUID> owner(UniqueKey key) {
        return Optional.ofNullable(owners.get(key));
    }

    /** Ids of objects that need this one, some of them. */
    List<UUID> users(UUID id, Set<UUID> except) {
        return users.getOrDefault(id, Set.of()).stream()
                .filter(user -> !except.contains(user))
                .limit(USERS_NAMED_MAX)
                .toList();
    }

    /** What takes an {@link #apply} back. */
    record Undo(long head, List<Before> objects, Map<String, Optional<Long>> guards) {

        record Before(UUID id, Optional<StoredObject> stored) {}
    }

    /** Makes the next revision. */
    Undo apply(LoggedRevision revision) {
        if (revision.revision() != head + 1) {
            throw new IllegalStateException("revision " + revision.revision() + " follows " + head);
        }
        List<Undo.Before> before = new ArrayList<>();
        Map<String, Optional<Long>> guardsBefore = new HashMap<>();
        List<ObjectChange> changes = revision.changes().changes();
        // Those that let go of a key come before those that take it.
        for (ObjectChange change : changes) {
            before.add(new Undo.Before(change.id(), Optional.ofNullable(release(change.id()))));
        }
        for (int i = 0; i < changes.size(); i++) {
            Links links = revision.links().get(i);
            changes.get(i).after().ifPresent(after -> claim(new StoredObject(after, links)));
        }
        for (String guard : revision.guards()) {
            guardsBefore.put(guard, Optional.ofNullable(guards.put(guard, revision.revision())));
        }
        Undo undo = new Undo(head, before, guardsBefore);
        head = revision.revision();
        return undo;
    }

    /** Takes back the last revision that was applied. */
    void undo(Undo undo) {
        undo.objects().forEach(before -> release(before.id()));
        undo.objects().forEach(before -> before.stored().ifPresent(this::claim));
        undo.guards().forEach((guard, revision) -> guards.compute(guard, (_, _) -> revision.orElse(null)));
        head = undo.head();
    }

    private @Nullable StoredObject release(UUID id) {
        StoredObject stored = objects.remove(id);
        if (stored != null) {
            stored.links().uniqueKeys().forEach(key -> owners.remove(key, id));
            stored.links()
                    .references()
                    .forEach(to -> users.computeIfPresent(to, (_, from) -> {
                        from.remove(id);
                        return from.isEmpty() ? null : from;
                    }));
        }
        return stored;
    }

    private void claim(StoredObject stored) {
        UUID id = stored.object().id();
        objects.put(id, stored);
        stored.links().uniqueKeys().forEach(key -> owners.put(key, id));
        stored.links()
                .references()
                .forEach(to -> users.computeIfAbsent(to, _ -> new HashSet<>()).add(id));
    }
}
