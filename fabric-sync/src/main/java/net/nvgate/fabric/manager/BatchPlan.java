package net.nvgate.fabric.manager;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Transaction;

/**
 * Plans operations one after the other: each is carried out on the index, so that later ones see it, and all of them are
 * taken back in the end. The cost is that of the operations, not of the fabric. Used once, under the index's write lock.
 */
final class BatchPlan {

    private final FabricIndex index;
    private final Allocation allocation;
    private final Origin origin;
    private final Deque<List<ObjectChange>> steps = new ArrayDeque<>();
    private final Map<UUID, ObjectChange> net = new LinkedHashMap<>();
    private final Set<String> guards = new HashSet<>();
    private final Set<UUID> touched = new HashSet<>();

    /** Operations of the requests that are planned already. */
    private int earlier;

    BatchPlan(FabricIndex index, Allocation allocation, Origin origin) {
        this.index = index;
        this.allocation = allocation;
        this.origin = origin;
    }

    /** @throws FabricException with the place of the operation that was refused; the index is as before */
    Planned plan(ChangeRequest request) {
        try {
            List<FabricObject> results = carryOut(request);
            return new Planned(index.revision(), results, touched, List.copyOf(net.values()), transaction());
        } finally {
            takeBack();
        }
    }

    /**
     * What several requests, each of which is to be a transaction, would do one after the other.
     *
     * @throws FabricException with the place of the operation that was refused, counted through all requests
     */
    Planned preview(List<ChangeRequest> requests) {
        try {
            List<FabricObject> results = new ArrayList<>();
            for (ChangeRequest request : requests) {
                results.addAll(carryOut(request));
                earlier = results.size();
            }
            return new Planned(index.revision(), results, touched, List.copyOf(net.values()), Optional.empty());
        } finally {
            takeBack();
        }
    }

    private List<FabricObject> carryOut(ChangeRequest request) {
        return request.anyOrder() ? inAnyOrder(request) : inOrder(request);
    }

    private List<FabricObject> inOrder(ChangeRequest request) {
        List<FabricObject> results = new ArrayList<>(request.operations().size());
        for (Operation operation : request.operations()) {
            results.add(step(request, operation, results.size()));
        }
        return results;
    }

    /** Round after round of those that were refused, as long as one of them succeeds. */
    private List<FabricObject> inAnyOrder(ChangeRequest request) {
        List<Operation> operations = request.operations();
        Map<Integer, FabricObject> results = new TreeMap<>();
        while (results.size() < operations.size()) {
            List<FabricException> refusals = new ArrayList<>();
            int before = results.size();
            for (int place = 0; place < operations.size(); place++) {
                if (!results.containsKey(place)) {
                    try {
                        results.put(place, step(request, operations.get(place), place));
                    } catch (FabricException e) {
                        refusals.add(e);
                    }
                }
            }
            if (results.size() == before) {
                throw cause(request, refusals);
            }
        }
        return List.copyOf(results.values());
    }

    /** The first refusal that does not come from another operation's being refused, as far as that can be told. */
    private static FabricException cause(ChangeRequest request, List<FabricException> refusals) {
        Set<UUID> going = request.operations().stream()
                .filter(Operation.Delete.class::isInstance)
                .map(operation -> ((Operation.Delete) operation).id())
                .collect(Collectors.toSet());
        return refusals.stream()
                .min(Comparator.comparingInt(refusal -> rank(refusal, going)))
                .orElseThrow();
    }

    private static int rank(FabricException refusal, Set<UUID> going) {
        return switch (refusal.code()) {
            case IN_USE -> refusal.users().stream().map(ObjectUser::id).allMatch(going::contains) ? 3 : 1;
            case NOT_FOUND, REFERENCE_NOT_FOUND, CONFLICT -> 2;
            default -> 0;
        };
    }

    private FabricObject step(ChangeRequest request, Operation operation, int place) {
        try {
            allocation.nextOperation();
            Draft draft = new Draft(index, allocation, origin);
            FabricObject result = Plans.run(draft, operation);
            List<ObjectChange> changes = draft.changes();
            changes.forEach(this::checkNotRemade);
            carryOut(changes);
            steps.push(changes);
            changes.forEach(this::merge);
            guards.addAll(draft.guards());
            changes.stream()
                    .flatMap(change -> change.after().stream())
                    .map(FabricObject::id)
                    .filter(result.id()::equals)
                    .forEach(touched::add);
            return result;
        } catch (ModelException e) {
            throw request.refusal(FabricException.invalid(e), earlier + place);
        } catch (FabricException e) {
            throw request.refusal(e, earlier + place);
        }
    }

    /** The store knows one version of an object per revision: what is gone cannot come back as another one in the same. */
    private void checkNotRemade(ObjectChange change) {
        ObjectChange earlier = net.get(change.id());
        boolean remade = change.before().isEmpty() && earlier != null;
        if (remade) {
            Kind kind = change.any().kind();
            throw Draft.refusal(
                    FabricException.Code.CONFLICT,
                    kind,
                    "id",
                    change.id(),
                    "must not be that of an object deleted in the same batch");
        }
    }

    private void merge(ObjectChange change) {
        Optional<FabricObject> before = Optional.ofNullable(net.get(change.id()))
                .map(ObjectChange::before)
                .orElse(change.before());
        if (before.isEmpty() && change.after().isEmpty()) {
            net.remove(change.id());
        } else {
            net.put(change.id(), new ObjectChange(before, change.after()));
        }
    }

    private Optional<Transaction> transaction() {
        if (net.isEmpty()) {
            return Optional.empty();
        }
        if (net.size() > Transaction.CHANGES_MAX) {
            throw new FabricException(
                    FabricException.Code.INVALID,
                    "batch",
                    "operations",
                    "the operations change " + net.size() + " objects; at most " + Transaction.CHANGES_MAX
                            + " can be changed at once");
        }
        List<Transaction.Change> changes = new ArrayList<>(net.size());
        for (ObjectChange change : net.values()) {
            changes.add(change.after()
                    .<Transaction.Change>map(object -> new Transaction.Put(
                            object, UniqueKeys.of(object, index), References.of(object, index, index)))
                    .orElseGet(() -> new Transaction.Delete(change.any())));
        }
        return Optional.of(new Transaction(index.revision(), changes, guards, origin));
    }

    private void takeBack() {
        while (!steps.isEmpty()) {
            carryOut(steps.pop().stream().map(ObjectChange::inverse).toList());
        }
    }

    private void carryOut(List<ObjectChange> changes) {
        try {
            index.change(changes);
        } catch (RuntimeException e) {
            throw new ModelFollower.IndexBrokenException(e);
        }
    }
}
