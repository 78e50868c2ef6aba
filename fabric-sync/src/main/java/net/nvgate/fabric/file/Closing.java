package net.nvgate.fabric.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.file.FabricFile.Entry;
import net.nvgate.fabric.file.FileStep.Action;
import net.nvgate.fabric.file.FileStep.FieldChange;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Kind;
import tools.jackson.databind.node.ObjectNode;

/**
 * New hosts and gateways to which nothing more is to come: they are made open, and closed when what the file has on them is there.
 */
final class Closing {

    private static final Map<Kind, String> FIELDS = Map.of(Kind.HOST, "maintenance", Kind.GATEWAY, "draining");

    private final List<FileStep> steps = new ArrayList<>();

    /** What is wanted of a new object at first. */
    ObjectNode opened(Entry entry, ObjectNode wanted, UUID id) {
        String field = FIELDS.getOrDefault(entry.kind(), "");
        if (!wanted.path(field).isBoolean() || !wanted.path(field).asBoolean()) {
            return wanted;
        }
        Patch patch = Patch.of(FabricJson.mapper().createObjectNode().put(field, true));
        steps.add(new FileStep(
                Action.UPDATE,
                entry.kind(),
                entry.key(),
                List.of(new FieldChange(field, Optional.empty(), Optional.of(wanted.path(field)))),
                entry.path(),
                "",
                List.of(new Operation.Update(entry.kind(), id, patch))));
        ObjectNode open = wanted.deepCopy();
        open.remove(field);
        return open;
    }

    /** After all others. */
    List<FileStep> steps() {
        return steps;
    }
}
