package net.nvgate.fabric.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.file.FabricFile.Entry;
import net.nvgate.fabric.file.FileStep.Action;
import net.nvgate.fabric.file.FileStep.FieldChange;
import net.nvgate.fabric.manager.Companions;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.model.ProviderAddress;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares a file with the fabric. What the file leaves out has its default if it can be changed, else it stays as it is:
 * that is what an object is, or what was allocated for it. Objects come after those that they name. Used once.
 */
final class Comparison {

    private final FabricFile file;
    private final Names names;
    private final FileOptions options;
    private final String ids;
    private final References references;
    private final Map<Entry, UUID> settled = new HashMap<>();
    private final Set<Entry> open = new HashSet<>();
    private final List<FileStep> steps = new ArrayList<>();
    private final Map<UUID, UUID> replaced = new LinkedHashMap<>();
    private final Map<UUID, ObjectNode> wantedById = new HashMap<>();
    private final Map<UUID, FabricObject> detached;
    private final Set<UUID> forced;
    private final Closing closing = new Closing();

    /**
     * @param revision of the fabric: ids of new objects follow from it and from their names, as a dry run needs
     * @param forced objects that are replaced whatever differs, because they need others that are
     * @param detached objects as they are to be while what they name is replaced
     */
    Comparison(
            FabricFile file,
            Names names,
            FileOptions options,
            long revision,
            Set<UUID> forced,
            Map<UUID, FabricObject> detached) {
        this.forced = forced;
        this.detached = detached;
        this.file = file;
        this.names = names;
        this.options = options;
        ids = "nvgate/" + file.name() + "/" + revision + "/";
        references = new References(file, names, this::settle);
    }

    /** Objects to make and to change, then those to delete. */
    List<FileStep> steps() {
        new DefaultMacPool(file, names, references).step().ifPresent(steps::add);
        file.entries().forEach(this::settle);
        if (options.prune()) {
            new Pruning(file, names, references).steps().forEach(steps::add);
        }
        steps.addAll(closing.steps());
        return steps;
    }

    /** Objects that are replaced, and the ids of those in their place. */
    Map<UUID, UUID> replaced() {
        return replaced;
    }

    /** What the file wants a present object to be, with ids; empty if it does not have it. */
    Optional<ObjectNode> wanted(UUID id) {
        return Optional.ofNullable(wantedById.get(id));
    }

    /** The id of an entry, which is compared first if it was not yet. */
    private UUID settle(Entry entry) {
        UUID known = settled.get(entry);
        if (known != null) {
            return known;
        }
        if (!open.add(entry)) {
            throw file.error(entry, "", entry.describe() + " needs itself, by what it names");
        }
        ObjectNode wanted = references.resolved(entry);
        if (wanted.has("labels") && !wanted.get("labels").isObject()) {
            throw file.error(entry, "labels", entry.describe() + ": labels must be a mapping");
        }
        ObjectNode labels = wanted.withObject("labels");
        labels.put(FabricFile.LABEL, file.name());
        Optional<FabricObject> present = names.find(entry.kind(), entry.key());
        UUID id = present.map(object -> compare(entry, wanted, object))
                .orElseGet(() -> create(entry, wanted, Action.CREATE, List.of(), List.of()));
        settled.put(entry, id);
        return id;
    }

    private UUID create(
            Entry entry, ObjectNode wanted, Action action, List<Operation> before, List<FieldChange> differences) {
        UUID id = companionId(entry, wanted)
                .orElseGet(() -> UUID.nameUUIDFromBytes(
                        (ids + entry.kind() + "/" + entry.key()).getBytes(StandardCharsets.UTF_8)));
        wanted.put("id", id.toString());
        names.announce(id, entry.key());
        List<Operation> operations = new ArrayList<>(before);
        operations.add(making(entry, closing.opened(entry, wanted, id), id));
        List<FieldChange> fields = differences.isEmpty() ? given(entry.fields()) : differences;
        steps.add(new FileStep(action, entry.kind(), entry.key(), fields, entry.path(), "", operations));
        return id;
    }

    /** Fields of an object that is made. */
    static List<FieldChange> given(ObjectNode fields) {
        return fields.propertyStream()
                .filter(property -> !property.getKey().equals("name"))
                .map(property -> new FieldChange(property.getKey(), Optional.empty(), Optional.of(property.getValue())))
                .toList();
    }

    private FabricSpec<?> spec(Entry entry, ObjectNode wanted) {
        try {
            return FabricJson.read(wanted.toString(), FabricSpec.type(entry.kind()));
        } catch (ModelException e) {
            throw wrong(entry, e);
        }
    }

    private FileException wrong(Entry entry, ModelException e) {
        String field = FileTerms.field(entry.kind(), e.field());
        String value = e.value() == null ? "" : ", not '" + e.value() + "'";
        String message = entry.describe() + ": " + field + " " + e.rule() + value;
        return file.error(entry, field.equals("body") ? "" : field, new FileTerms(names::key).withNames(message));
    }

    private UUID compare(Entry entry, ObjectNode wanted, FabricObject present) {
        String owner = present.meta().labels().getOrDefault(FabricFile.LABEL, file.name());
        if (!owner.equals(file.name())) {
            throw file.error(
                    entry,
                    "",
                    entry.describe() + " belongs to the file '" + owner + "'; take its label " + FabricFile.LABEL
                            + " away to let this one have it");
        }
        ObjectNode given = FabricJson.mapper().valueToTree(spec(entry, wanted));
        given.retain(wanted.propertyNames());
        wantedById.put(present.id(), given);
        FixedFields fixed = FixedFields.of(present, given);
        if (!fixed.different().isEmpty() || forced.contains(present.id())) {
            return replace(entry, wanted, present, fixed);
        }
        FabricObject after;
        try {
            after = Settings.of(fixed.after(), given);
        } catch (ModelException e) {
            throw wrong(entry, e);
        }
        List<Operation> operations = new ArrayList<>();
        FabricObject apart = detached.getOrDefault(present.id(), present);
        if (!apart.equals(present)) {
            operations.add(update(present, Patch.between(present, apart)));
        }
        operations.addAll(fixed.operations());
        if (!after.equals(fixed.after()) || !apart.equals(present)) {
            operations.add(update(present, Patch.between(apart.equals(present) ? fixed.after() : apart, after)));
        }
        if (!operations.isEmpty()) {
            List<FieldChange> fields = differences(present, after);
            steps.add(new FileStep(Action.UPDATE, entry.kind(), entry.key(), fields, entry.path(), "", operations));
        }
        return present.id();
    }

    private static Operation update(FabricObject present, Patch patch) {
        return new Operation.Update(present.kind(), present.id(), patch, Optional.of(present.changedRevision()));
    }

    /** The label of the file is told of only if nothing else changes. */
    private List<FieldChange> differences(FabricObject before, FabricObject after) {
        ObjectForm form = new ObjectForm(names);
        List<FieldChange> changes = changes(form.of(before), form.of(after));
        return changes.isEmpty() ? List.of(adopted()) : changes;
    }

    private FieldChange adopted() {
        return new FieldChange(
                "labels." + FabricFile.LABEL,
                Optional.empty(),
                Optional.of(FabricJson.mapper().getNodeFactory().stringNode(file.name())));
    }

    private static List<FieldChange> changes(ObjectNode before, ObjectNode after) {
        Set<String> fields = new LinkedHashSet<>(before.propertyNames());
        fields.addAll(after.propertyNames());
        return fields.stream()
                .filter(field -> !Objects.equals(before.get(field), after.get(field)))
                .map(field -> new FieldChange(
                        field, Optional.ofNullable(before.get(field)), Optional.ofNullable(after.get(field))))
                .toList();
    }

    private UUID replace(Entry entry, ObjectNode wanted, FabricObject present, FixedFields fixed) {
        ObjectNode before = new ObjectForm(names).of(present);
        List<FieldChange> differences = Fields.of(entry.kind()).byName().entrySet().stream()
                .filter(field -> fixed.different().contains(field.getValue().json()))
                .map(field -> new FieldChange(
                        field.getKey(),
                        Optional.ofNullable(before.get(field.getKey())),
                        Optional.<JsonNode>ofNullable(entry.fields().get(field.getKey()))))
                .toList();
        Operation delete = new Operation.Delete(present.kind(), present.id(), Optional.of(present.changedRevision()));
        if (options.replace()) {
            UUID id = create(entry, wanted, Action.REPLACE, deletions(present, delete), differences);
            replaced.put(present.id(), id);
            return id;
        }
        String which =
                String.join(", ", differences.stream().map(FieldChange::field).toList());
        steps.add(new FileStep(
                Action.REPLACE,
                entry.kind(),
                entry.key(),
                differences,
                entry.path(),
                which + " of " + entry.describe()
                        + " cannot be changed: it has to be deleted and made again, which is done only with replace",
                List.of()));
        return present.id();
    }

    /** A PA of a VSID goes with the VMs. */
    private List<Operation> deletions(FabricObject present, Operation delete) {
        if (present instanceof ProviderAddress pa && names.goesByItself(pa)) {
            return List.of();
        }
        List<Operation> operations = new ArrayList<>();
        if (present.kind() == Kind.VM_NETWORK) {
            names.all(Kind.VM_SUBNET).stream()
                    .filter(subnet -> references.comesWithEntry(subnet)
                            && subnet.references().contains(present.id()))
                    .forEach(subnet -> operations.add(new Operation.Delete(subnet.kind(), subnet.id())));
        }
        operations.add(delete);
        return operations;
    }

    /** True for what is made, and goes, with an entry of the file. */
    boolean comesWithEntry(FabricObject object) {
        return references.comesWithEntry(object);
    }

    /** The operation that makes an object; one that comes with another one of the file is changed then. */
    private Operation making(Entry entry, ObjectNode wanted, UUID id) {
        return id.equals(companionId(entry, wanted).orElse(null))
                ? new Operation.Update(entry.kind(), id, Patch.of(ofCompanion(wanted)), Optional.empty())
                : new Operation.Create(spec(entry, wanted));
    }

    private static ObjectNode ofCompanion(ObjectNode wanted) {
        ObjectNode fields = wanted.deepCopy();
        fields.propertyStream()
                .map(Map.Entry::getKey)
                .filter(field -> field.equals("name") || !Patch.isMutable(Kind.VM_NETWORK, field))
                .toList()
                .forEach(fields::remove);
        return fields;
    }

    /** Of the VM network that comes with the logical network of its name, when that is made now. */
    private Optional<UUID> companionId(Entry entry, ObjectNode wanted) {
        if (entry.kind() != Kind.VM_NETWORK || !wanted.has("logicalNetworkId")) {
            return Optional.empty();
        }
        return Optional.of(UUID.fromString(wanted.get("logicalNetworkId").asString()))
                .filter(id -> names.object(id).isEmpty() && references.hasSameNameVmNetwork(entry.key(), id))
                .map(id -> Companions.id(id, Companions.Role.SAME_NAME_VM_NETWORK));
    }
}
