package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.Vm;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes changes of objects back. What comes back passes every rule of a new object, and has the id and the values it had.
 */
final class ResetPlans {

    /** What the store says about an object, not people. */
    private static final Set<String> STAMPS =
            Set.of("id", "createdRevision", "changedRevision", "createdBy", "changedBy");

    /** Fields that nobody asks for: they came with something else, and stay when that goes. */
    private static final Map<Kind, Set<String>> IMPLIED =
            Map.of(Kind.VM_NETWORK_GATEWAY, Set.of("routingSubnet6", "address6", "routerAddress6", "planLimits"));

    /** Objects have fields that requests for them do not. */
    private static final JsonMapper REQUESTS = FabricJson.mapper()
            .rebuild()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ResetPlans() {}

    /** The object as it is then; as it was, if it goes. */
    static FabricObject reset(Draft draft, Operation.Reset reset) {
        FabricObject any = reset.change().any();
        if (!any.kind().isOfFabric()) {
            throw new FabricException(CONFLICT, any.kind().label(), null, describe(any) + " cannot be taken back");
        }
        Optional<FabricObject> present = draft.find(any.id());
        Optional<FabricObject> wanted = reset.change().after();
        if (wanted.isEmpty()) {
            return present.map(object -> Plans.delete(draft, object.kind(), object.id()))
                    .orElse(any);
        }
        if (present.isPresent()) {
            return merge(draft, present.get(), reset.change().before().orElse(wanted.get()), wanted.get());
        }
        if (reset.change().before().isPresent()) {
            throw new FabricException(CONFLICT, any.kind().label(), null, describe(any) + " was deleted since");
        }
        return restore(draft, wanted.get(), reset);
    }

    private static String describe(FabricObject object) {
        return object.kind().label() + " '" + object.name() + "'";
    }

    /** The plan of a new object with the same values checks the rules; all that it made gives way to what was. */
    private static FabricObject restore(Draft draft, FabricObject object, Operation.Reset reset) {
        ObjectNode tree = FabricJson.mapper().valueToTree(object);
        FabricSpec<?> spec = FabricJson.read(REQUESTS, tree.toString(), FabricSpec.type(object.kind()));
        Plans.create(draft, spec);
        draft.unmake();
        if (reset.replaceable() && isTaken(draft, object)) {
            return object;
        }
        reset.companions().forEach(companion -> draft.put(fresh(companion)));
        return draft.put(fresh(object));
    }

    private static boolean isTaken(Draft draft, FabricObject object) {
        return UniqueKeys.of(object, draft).stream()
                .anyMatch(key -> draft.index().owner(key).isPresent());
    }

    /** As an object that the store does not have. */
    private static FabricObject fresh(FabricObject object) {
        Meta meta = object.meta();
        return object.withMeta(Meta.of(meta.id(), meta.name(), meta.description(), meta.labels()));
    }

    /** Gives the fields in which {@code left} and {@code wanted} differ the values of {@code wanted}. */
    private static FabricObject merge(Draft draft, FabricObject present, FabricObject left, FabricObject wanted) {
        ObjectNode now = FabricJson.mapper().valueToTree(present);
        ObjectNode from = FabricJson.mapper().valueToTree(left);
        ObjectNode to = FabricJson.mapper().valueToTree(wanted);
        ObjectNode patch = FabricJson.mapper().createObjectNode();
        Kind kind = present.kind();
        for (String field : names(from, to)) {
            boolean same = value(from, field).equals(value(to, field))
                    || value(now, field).equals(value(to, field));
            if (same || IMPLIED.getOrDefault(kind, Set.of()).contains(field)) {
                continue;
            }
            if (!value(now, field).equals(value(from, field))) {
                throw new FabricException(
                        CONFLICT,
                        kind.label(),
                        field,
                        describe(present) + ": " + field + " was changed again, by revision "
                                + present.changedRevision());
            }
            if (field.equals("hostId") && wanted instanceof Vm vm) {
                WorkloadPlans.move(draft, vm.id(), vm.hostId());
            } else if (field.equals("nics") && wanted instanceof Vm vm) {
                NicPlans.reset(draft, vm);
            } else if (Patch.isMutable(kind, field)) {
                JsonMerge.set(patch, field, now.get(field), to.get(field));
            } else {
                throw new FabricException(
                        CONFLICT, kind.label(), field, describe(present) + ": " + field + " cannot be taken back");
            }
        }
        return patch.isEmpty()
                ? draft.find(present.id()).orElseThrow()
                : Plans.patch(draft, kind, present.id(), Patch.of(patch));
    }

    private static Set<String> names(ObjectNode first, ObjectNode second) {
        return Stream.concat(first.propertyNames().stream(), second.propertyNames().stream())
                .filter(name -> !STAMPS.contains(name))
                .collect(Collectors.toCollection(java.util.TreeSet::new));
    }

    private static Object value(ObjectNode tree, String field) {
        return tree.has(field) ? tree.get(field) : FabricJson.mapper().nullNode();
    }
}
