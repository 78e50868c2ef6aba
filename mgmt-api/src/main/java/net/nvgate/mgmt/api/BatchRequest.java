package net.nvgate.mgmt.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.ModelException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of a batch. What each operation needs depends on {@code op}; it is checked here, with the place of the
 * operation, because a schema with alternatives says little about what is wrong.
 */
record BatchRequest(List<@Nullable Step> operations, Optional<String> comment) {

    enum Op {
        @JsonProperty("create")
        CREATE,
        @JsonProperty("patch")
        PATCH,
        @JsonProperty("delete")
        DELETE,
        @JsonProperty("move")
        MOVE
    }

    /** @param kind as in the API path, e.g. vm-subnets */
    record Step(
            @Nullable Op op,
            @Nullable String kind,
            @Nullable UUID id,
            @Nullable ObjectNode object,
            @Nullable ObjectNode patch,
            @Nullable UUID hostId,
            Optional<Long> ifRevision) {

        private Operation operation() {
            return switch (given("op", op, "op is required: create, patch, delete or move")) {
                case CREATE -> {
                    requireAbsent("id", id);
                    requireAbsent("patch", patch);
                    requireAbsent("hostId", hostId);
                    requireAbsent("ifRevision", ifRevision.orElse(null));
                    yield new Operation.Create(
                            FabricJson.read(required("object", object).toString(), FabricSpec.type(kindOfObject())));
                }
                case PATCH -> {
                    requireAbsent("object", object);
                    requireAbsent("hostId", hostId);
                    yield new Operation.Update(
                            kindOfObject(), required("id", id), Patch.of(required("patch", patch)), ifRevision);
                }
                case DELETE -> {
                    requireAbsent("object", object);
                    requireAbsent("patch", patch);
                    requireAbsent("hostId", hostId);
                    yield new Operation.Delete(kindOfObject(), required("id", id), ifRevision);
                }
                case MOVE -> {
                    requireAbsent("object", object);
                    requireAbsent("patch", patch);
                    if (kind != null && kindOfObject() != Kind.VM) {
                        throw problem(ProblemCode.INVALID_VALUE, "kind", "kind must be vms: only VMs move");
                    }
                    yield new Operation.Move(required("id", id), required("hostId", hostId), ifRevision);
                }
            };
        }

        private Kind kindOfObject() {
            String path = required("kind", kind);
            return Kind.ofPath(path)
                    .orElseThrow(() -> problem(
                            ProblemCode.INVALID_VALUE, "kind", "no kind of object is called '" + path + "' in paths"));
        }

        private <T> T required(String field, @Nullable T value) {
            return given(field, value, field + " is required with op " + name());
        }

        private static <T> T given(String field, @Nullable T value, String otherwise) {
            if (value == null) {
                throw problem(ProblemCode.MISSING_FIELD, field, otherwise);
            }
            return value;
        }

        private void requireAbsent(String field, @Nullable Object value) {
            if (value != null) {
                throw problem(ProblemCode.UNKNOWN_FIELD, field, field + " is not a field of op " + name());
            }
        }

        private String name() {
            return String.valueOf(op).toLowerCase(Locale.ROOT);
        }
    }

    private static ProblemException problem(ProblemCode code, String field, String detail) {
        return new ProblemException(Problem.of(code, detail).atField(field));
    }

    /** @throws ProblemException naming the operation that cannot be understood */
    List<Operation> parsed() {
        List<Operation> parsed = new ArrayList<>(operations.size());
        for (Step step : operations) {
            int place = parsed.size();
            try {
                parsed.add(Step.given("operations", step, "an operation must not be null")
                        .operation());
            } catch (ProblemException e) {
                throw new ProblemException(e.problem().atOperation(place));
            } catch (ModelException e) {
                throw new ProblemException(ProblemMapper.map(e, 400).atOperation(place));
            }
        }
        return parsed;
    }
}
