package net.nvgate.fabric.file;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.Operation;

/**
 * Steps as transactions: one, if it can take them all. Else they are cut between objects; each object comes after what it
 * needs, so that the fabric is whole in between. Within a transaction operations are done in whatever order succeeds.
 */
final class Batches {

    /**
     * @param steps places in the list of steps
     * @param owners for each operation, the place of the step it belongs to
     */
    private record Batch(List<Integer> steps, List<Operation> operations, List<Integer> owners) {

        void add(int step, List<Operation> more) {
            operations.addAll(more);
            more.forEach(_ -> owners.add(step));
        }
    }

    private final List<FileStep> all;
    private final List<Batch> batches = new ArrayList<>();

    /** @param operationsMax of a transaction */
    Batches(List<FileStep> steps, int operationsMax) {
        all = steps;
        for (int i = 0; i < steps.size(); i++) {
            List<Operation> operations = steps.get(i).operations();
            if (operations.isEmpty()) {
                continue;
            }
            if (batches.isEmpty() || batches.getLast().operations().size() + operations.size() > operationsMax) {
                batches.add(new Batch(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
            }
            Batch batch = batches.getLast();
            batch.steps().add(i);
            batch.operations().addAll(operations);
        }
        batches.forEach(this::order);
    }

    /** First all operations that make room, users before what they use; then the others. */
    private void order(Batch batch) {
        batch.operations().clear();
        for (int step : batch.steps().reversed()) {
            batch.add(step, all.get(step).operations().subList(0, all.get(step).early()));
        }
        for (int step : batch.steps()) {
            List<Operation> operations = all.get(step).operations();
            batch.add(step, operations.subList(all.get(step).early(), operations.size()));
        }
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
