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

    /** @param steps places in the list of steps */
    private record Batch(List<Integer> steps, List<Operation> operations, List<Integer> owners) {}

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
            for (Operation _ : operations) {
                batch.owners().add(i);
            }
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

    List<Integer> steps(int batch) {
        return batches.get(batch).steps();
    }

    /** Of all batches. */
    List<Integer> steps() {
        return batches.stream().flatMap(batch -> batch.steps().stream()).toList();
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
