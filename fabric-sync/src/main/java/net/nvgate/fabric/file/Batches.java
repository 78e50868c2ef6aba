package net.nvgate.fabric.file;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.Operation;

/**
 * Steps as transactions: one, if it can take them all. Else they are cut between objects; each object comes after what it
 * needs, so that the fabric is whole in between. Objects that are replaced, and what stands between them, stay together in
 * one transaction; if that is too large, what is replaced goes first and comes back later. Within a transaction operations
 * are done in whatever order succeeds.
 */
final class Batches {

    /**
     * @param owners for each operation, the place of the step it belongs to
     */
    private record Batch(List<Operation> operations, List<Integer> owners) {

        void add(int step, List<Operation> more) {
            operations.addAll(more);
            more.forEach(_ -> owners.add(step));
        }
    }

    private final List<FileStep> all;
    private final int operationsMax;
    private final List<Batch> batches = new ArrayList<>();

    /** @param operationsMax of a transaction */
    Batches(List<FileStep> steps, int operationsMax) {
        all = steps;
        this.operationsMax = operationsMax;
        int end = steps.size();
        if (size(0, end) <= operationsMax) {
            addTogether(0, end);
            return;
        }
        int first = firstMakingRoom();
        int behind = 1 + lastMakingRoom();
        addEach(0, first);
        if (size(first, behind) <= operationsMax) {
            addTogether(first, behind);
        } else {
            addApart(first, behind);
        }
        addEach(behind, end);
    }

    /** The first step of those that replace, or go because something is replaced; if there is none, 0. */
    private int firstMakingRoom() {
        int first = 0;
        while (first < all.size() && all.get(first).early() == 0) {
            first++;
        }
        if (first == all.size()) {
            return 0;
        }
        while (first > 0 && all.get(first - 1).action() == FileStep.Action.DELETE) {
            first--;
        }
        return first;
    }

    /** -1 if there is none. */
    private int lastMakingRoom() {
        int last = all.size() - 1;
        while (last >= 0 && all.get(last).early() == 0) {
            last--;
        }
        return last;
    }

    private int size(int from, int to) {
        return all.subList(from, to).stream()
                .mapToInt(step -> step.operations().size())
                .sum();
    }

    private void addEach(int from, int to) {
        for (int step = from; step < to; step++) {
            addTogether(step, step + 1);
        }
    }

    /** First all operations that make room, users before what they use; then the others. */
    private void addTogether(int from, int to) {
        int size = size(from, to);
        if (size == 0) {
            return;
        }
        Batch batch = batchFor(size);
        for (int step = to - 1; step >= from; step--) {
            batch.add(step, early(step));
        }
        for (int step = from; step < to; step++) {
            batch.add(step, late(step));
        }
    }

    /** The same in several transactions. */
    private void addApart(int from, int to) {
        int replacing = from;
        while (all.get(replacing).action() == FileStep.Action.DELETE) {
            replacing++;
        }
        addEach(from, replacing);
        for (int step = to - 1; step >= replacing; step--) {
            for (Operation operation : early(step)) {
                batchFor(1).add(step, List.of(operation));
            }
        }
        for (int step = replacing; step < to; step++) {
            List<Operation> late =
                    late(step).stream().map(Batches::whateverRevision).toList();
            if (!late.isEmpty()) {
                batchFor(late.size()).add(step, late);
            }
        }
    }

    /** An object that has let go in an earlier transaction has another revision than was compared. */
    private static Operation whateverRevision(Operation operation) {
        return operation instanceof Operation.Update update
                ? new Operation.Update(update.kind(), update.id(), update.patch())
                : operation;
    }

    private List<Operation> early(int step) {
        return all.get(step).operations().subList(0, all.get(step).early());
    }

    private List<Operation> late(int step) {
        List<Operation> operations = all.get(step).operations();
        return operations.subList(all.get(step).early(), operations.size());
    }

    /** The last transaction, if it has room, else a new one. */
    private Batch batchFor(int size) {
        if (batches.isEmpty() || batches.getLast().operations().size() + size > operationsMax) {
            batches.add(new Batch(new ArrayList<>(), new ArrayList<>()));
        }
        return batches.getLast();
    }

    int count() {
        return batches.size();
    }

    ChangeRequest request(int batch) {
        return new ChangeRequest(batches.get(batch).operations(), true);
    }

    List<ChangeRequest> requests() {
        return IntStream.range(0, count()).mapToObj(this::request).toList();
    }

    /** For each operation of a batch, the place of the step that it belongs to. */
    List<Integer> owners(int batch) {
        return batches.get(batch).owners();
    }

    /** The same of all batches. */
    List<Integer> owners() {
        return batches.stream().flatMap(batch -> batch.owners().stream()).toList();
    }

    /** The step that an operation belongs to, counted through all batches. */
    FileStep step(int operation) {
        int place = operation;
        int batch = 0;
        while (place >= batches.get(batch).owners().size()) {
            place -= batches.get(batch).owners().size();
            batch++;
        }
        return step(batch, place);
    }

    /** The step that an operation of a batch belongs to. */
    FileStep step(int batch, int operation) {
        return all.get(batches.get(batch).owners().get(operation));
    }
}
