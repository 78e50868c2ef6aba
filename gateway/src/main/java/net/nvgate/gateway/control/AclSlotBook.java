package net.nvgate.gateway.control;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntConsumer;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.gateway.acl.AclHits;
import net.nvgate.gateway.acl.AclSlots;

/** Which counter each rule has. A rule keeps its one as long as its list has a rule of its direction and priority. */
final class AclSlotBook implements AclSlots {

    /** @param priority 0 = the default action */
    record Key(UUID listId, AclDirection direction, int priority) {}

    /** Rules of one tenant that have a counter, so that no tenant takes them all. */
    static final int TENANT_MAX = 4096;

    private final Map<Key, Integer> slots = new HashMap<>();
    /** Those given back longest ago first: a worker may be counting with an old list. */
    private final ArrayDeque<Integer> free = new ArrayDeque<>();

    private final Set<Key> asked = new HashSet<>();
    /** Told of a number that another rule gets. */
    private IntConsumer reused = _ -> {};

    private int next = 1;

    @Override
    public int slot(UUID listId, AclDirection direction, int priority) {
        if (asked.size() >= TENANT_MAX) {
            return 0;
        }
        Key key = new Key(listId, direction, priority);
        asked.add(key);
        Integer there = slots.get(key);
        if (there != null) {
            return there;
        }
        if (next == AclHits.SLOTS_MAX && free.isEmpty()) {
            return 0;
        }
        int slot = fresh();
        slots.put(key, slot);
        return slot;
    }

    /** Fresh ones first, so that a number is not another rule's soon. */
    private int fresh() {
        if (next < AclHits.SLOTS_MAX) {
            return next++;
        }
        int slot = free.removeFirst();
        reused.accept(slot);
        return slot;
    }

    /** @param listener told of a number that another rule gets, before it does */
    void onReuse(IntConsumer listener) {
        reused = listener;
    }

    /** Before a tenant's lists are compiled. */
    void begin() {
        asked.clear();
    }

    /**
     * After that.
     *
     * @param before the keys that the tenant had
     * @return those that it has
     */
    List<Key> end(Collection<Key> before) {
        before.stream().filter(key -> !asked.contains(key)).forEach(key -> {
            Integer slot = slots.remove(key);
            if (slot != null) {
                free.addLast(slot);
            }
        });
        return new ArrayList<>(asked);
    }

    /** Counter of a rule, 0 = it has none. */
    int find(UUID listId, AclDirection direction, int priority) {
        return slots.getOrDefault(new Key(listId, direction, priority), 0);
    }
}
