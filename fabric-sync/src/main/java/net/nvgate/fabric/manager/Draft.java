package net.nvgate.fabric.manager;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.alloc.Uuids;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.fabric.store.UniqueKey;

/** A transaction in the making, on the index as it is now. Used under the index's read lock. */
final class Draft implements ObjectLookup {

    private final FabricIndex index;
    private final Allocation allocation;
    private final Origin origin;
    private final Map<UUID, FabricObject> puts = new LinkedHashMap<>();
    private final Map<UUID, FabricObject> deletes = new LinkedHashMap<>();
    private final Set<String> guards = new HashSet<>();

    Draft(FabricIndex index, Allocation allocation, Origin origin) {
        this.origin = origin;
        this.index = index;
        this.allocation = allocation;
    }

    FabricIndex index() {
        return index;
    }

    Allocation allocation() {
        return allocation;
    }

    /** Of the object that a request asks for. */
    Meta meta(FabricSpec<?> spec) {
        SpecMeta meta = spec.meta();
        meta.id().flatMap(this::find).ifPresent(other -> {
            throw refusal(
                    FabricException.Code.CONFLICT, spec.kind(), "id", other.id(), "must not be that of another object");
        });
        return Meta.of(meta.id().orElseGet(this::newId), meta.name(), meta.description(), meta.labels());
    }

    UUID newId() {
        return Uuids.random(allocation.random());
    }

    <T extends FabricObject> T put(T object) {
        puts.put(object.id(), object);
        return object;
    }

    /** Takes back the puts of new objects. */
    void unmake() {
        puts.keySet().removeIf(id -> index.find(id).isEmpty());
    }

    /** Takes back the puts of these objects. */
    void takeBack(Set<UUID> ids) {
        puts.keySet().removeAll(ids);
    }

    void delete(FabricObject object) {
        deletes.put(object.id(), object);
    }

    /** At most one of two transactions with a common guard and the same base revision is committed. */
    void guard(String set, Object id) {
        guards.add(set + "/" + id);
    }

    /** Like {@link #guard}, but in the way only of who passes the guard itself, not of others who share it. */
    void share(String set, Object id) {
        guards.add(Transaction.shared(set + "/" + id));
    }

    boolean isEmpty() {
        return puts.isEmpty() && deletes.isEmpty();
    }

    @Override
    public Optional<FabricObject> find(UUID id) {
        return Optional.ofNullable(puts.get(id)).or(() -> index.find(id));
    }

    /** As committed: an object that the draft puts may need others than before. */
    @Override
    public Set<UUID> users(UUID id) {
        return index.users(id);
    }

    @Override
    public Optional<ProviderAddress> providerAddress(UUID hostId, UUID vmSubnetId) {
        return puts(ProviderAddress.class).stream()
                .filter(pa -> pa.hostId().equals(hostId) && pa.vmSubnetId().equals(vmSubnetId))
                .findFirst()
                .or(() -> index.providerAddress(hostId, vmSubnetId));
    }

    /** Objects of a type that are put. */
    <T extends FabricObject> List<T> puts(Class<T> type) {
        return puts.values().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Ids of the objects that are put or deleted. */
    Set<UUID> touched() {
        Set<UUID> ids = new HashSet<>(puts.keySet());
        ids.addAll(deletes.keySet());
        return ids;
    }

    /**
     * The object a field of the request names.
     *
     * @throws FabricException REFERENCE_NOT_FOUND if there is none of this type
     */
    <T extends FabricObject> T named(Class<T> type, UUID id, Kind asker, String field) {
        return find(type, id).orElseThrow(() -> {
            String kind = Kind.of(type).label();
            return refusal(FabricException.Code.REFERENCE_NOT_FOUND, asker, field, id, "must be the id of a " + kind);
        });
    }

    static FabricException refusal(FabricException.Code code, Kind kind, String field, Object value, String rule) {
        return new FabricException(
                code, kind.label(), field, kind.label() + "." + field + " " + rule + ", not '" + value + "'");
    }

    /** "vm-network 'blue'" for messages. */
    String describe(UUID id) {
        return find(id).map(object -> object.kind().label() + " '" + object.name() + "'")
                .orElse("an object that is gone");
    }

    /** @throws FabricException CONFLICT if another object has one of the unique keys */
    Transaction build() {
        List<Transaction.Change> changes = new ArrayList<>();
        Map<UniqueKey, UUID> claimed = new HashMap<>();
        deletes.values().forEach(object -> changes.add(new Transaction.Delete(object)));
        for (FabricObject object : puts.values()) {
            changes.add(new Transaction.Put(object, freeKeys(object, claimed), References.of(object, index, this)));
        }
        return new Transaction(index.revision(), changes, guards, origin);
    }

    /**
     * Every object before and after; those that go come first.
     *
     * @throws FabricException CONFLICT if another object has one of the unique keys
     */
    List<ObjectChange> changes() {
        Map<UniqueKey, UUID> claimed = new HashMap<>();
        puts.values().forEach(object -> freeKeys(object, claimed));
        return unchecked();
    }

    /** As {@link #changes}, of a draft that was built. */
    List<ObjectChange> unchecked() {
        List<ObjectChange> changes = new ArrayList<>();
        deletes.values().forEach(object -> changes.add(new ObjectChange(Optional.of(object), Optional.empty())));
        puts.values().forEach(object -> changes.add(new ObjectChange(index.find(object.id()), Optional.of(object))));
        return changes;
    }

    boolean puts(UUID id) {
        return puts.containsKey(id);
    }

    Set<String> guards() {
        return guards;
    }

    private Set<UniqueKey> freeKeys(FabricObject object, Map<UniqueKey, UUID> claimed) {
        Set<UniqueKey> keys = UniqueKeys.of(object, this);
        for (UniqueKey key : keys) {
            checkFree(object, key, claimed);
        }
        return keys;
    }

    /** Whether an object that has a key goes, or has it no more. */
    private boolean givesUp(UUID id, UniqueKey key) {
        FabricObject after = puts.get(id);
        return deletes.containsKey(id)
                || (after != null && !UniqueKeys.of(after, this).contains(key));
    }

    private void checkFree(FabricObject object, UniqueKey key, Map<UniqueKey, UUID> claimed) {
        Optional<UUID> owner = index.owner(key)
                .filter(id -> !givesUp(id, key))
                .or(() -> Optional.ofNullable(claimed.get(key)))
                .filter(id -> !id.equals(object.id()));
        if (owner.isPresent()) {
            throw UniqueKeys.conflict(object, key, describe(owner.get()));
        }
        claimed.put(key, object.id());
    }
}
