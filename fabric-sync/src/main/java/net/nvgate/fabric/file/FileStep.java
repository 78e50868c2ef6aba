package net.nvgate.fabric.file;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.Kind;
import tools.jackson.databind.JsonNode;

/**
 * What becomes of one object.
 *
 * @param key its name; of a VM subnet {@code network/subnet}
 * @param fields as in the file, with names; of an object that is made those that are given, of one that goes none
 * @param path of the object in the file; empty if it is not there any more
 * @param refused why it cannot be done with these options; empty if it can
 * @param operations that do it
 */
public record FileStep(
        Action action,
        Kind kind,
        String key,
        List<FieldChange> fields,
        String path,
        String refused,
        List<Operation> operations) {

    public enum Action {
        CREATE,
        UPDATE,
        /** Deleted and made again, for it differs in what cannot be changed. */
        REPLACE,
        DELETE
    }

    /** @param before empty if there was no value; {@code after} likewise */
    public record FieldChange(String field, Optional<JsonNode> before, Optional<JsonNode> after) {}

    public FileStep {
        fields = List.copyOf(fields);
        operations = List.copyOf(operations);
    }

    FileStep withFields(List<FieldChange> changes) {
        return new FileStep(action, kind, key, changes, path, refused, operations);
    }

    FileStep refusedFor(String reason) {
        return new FileStep(action, kind, key, fields, path, reason, operations);
    }

    /** How many operations make room: those that delete what is replaced, or let it go. */
    int early() {
        return switch (action) {
            case REPLACE -> Math.max(0, operations.size() - 1);
            case UPDATE -> operations.size() > 1 && operations.getFirst() instanceof Operation.Update ? 1 : 0;
            case CREATE, DELETE -> 0;
        };
    }

    String describe() {
        return kind.label() + " '" + key + "'";
    }
}
