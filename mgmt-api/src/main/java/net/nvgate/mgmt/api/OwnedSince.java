package net.nvgate.mgmt.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.change.HistoryEntry;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;

/**
 * Since when objects have been a tenant's: what was before is not its business. Looked up in the log once for each network,
 * subscription and VM. Of one moment, used by one thread; may block.
 */
final class OwnedSince {

    private static final int HISTORY_MAX = 1000;

    private final TenantScope own;
    private final ChangeLog log;
    private final Function<UUID, Optional<FabricObject>> gone;
    private final Map<UUID, Long> known = new HashMap<>();

    /** @param gone what is not there any more, by which it is known whose something was that was in it */
    OwnedSince(TenantScope own, ChangeLog log, Function<UUID, Optional<FabricObject>> gone) {
        this.own = own;
        this.log = log;
        this.gone = gone;
    }

    /**
     * The revision that made an object, which may be gone, the tenant's; 0 if the log does not know.
     *
     * @throws net.nvgate.fabric.manager.FabricException NOT_FOUND if the log just lost it
     */
    long of(FabricObject object) {
        long network = own.networkOf(object, gone)
                .map(id -> since(Kind.VM_NETWORK, id, own::isOwnNetwork))
                .orElse(0L);
        long subscription = own.subscriptionOf(object, gone)
                .map(id -> since(Kind.SUBSCRIPTION, id, own::isOwnSubscription))
                .orElse(0L);
        long vm = object.kind() == Kind.VM ? since(Kind.VM, object.id(), own::isOwnVm) : 0;
        return Math.max(vm, Math.max(network, subscription));
    }

    private long since(Kind kind, UUID id, Predicate<Optional<FabricObject>> isOwn) {
        return known.computeIfAbsent(id, _ -> read(kind, id, isOwn));
    }

    private long read(Kind kind, UUID id, Predicate<Optional<FabricObject>> isOwn) {
        List<HistoryEntry> history = log.history(kind, id, Long.MAX_VALUE, HISTORY_MAX);
        for (HistoryEntry entry : history) {
            if (!isOwn.test(entry.change().before())) {
                return entry.revision();
            }
        }
        // The tenant's as far as the log goes; what is beyond what was read may have been another's.
        return history.size() < HISTORY_MAX ? 0 : history.getLast().revision();
    }
}
