package net.nvgate.mgmt.api;

import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import java.util.List;

/**
 * Turns what the JSON Schema validator found into one problem: which field, and what is wrong with it. The validator
 * reports a chain of units from the document down to the keyword that failed; the deepest one is the reason.
 */
final class SchemaProblems {

    private SchemaProblems() {}

    static Problem explain(SchemaValidationException e) {
        List<OutputUnit> errors = e.getOutputUnit().getErrors();
        if (errors == null || errors.isEmpty()) {
            return Problem.of(ProblemCode.INVALID_VALUE, String.valueOf(e.getMessage()));
        }
        OutputUnit reason = errors.get(0);
        for (OutputUnit unit : errors) {
            if (depth(unit) >= depth(reason)) {
                reason = unit;
            }
        }
        String keyword = reason.getKeywordLocation()
                .substring(reason.getKeywordLocation().lastIndexOf('/') + 1);
        return Problem.of(code(keyword), String.valueOf(reason.getError())).atField(reason.getInstanceLocation());
    }

    private static int depth(OutputUnit unit) {
        return (int) unit.getKeywordLocation().chars().filter(c -> c == '/').count();
    }

    private static ProblemCode code(String keyword) {
        return switch (keyword) {
            case "additionalProperties" -> ProblemCode.UNKNOWN_FIELD;
            case "required" -> ProblemCode.MISSING_FIELD;
            case "type" -> ProblemCode.WRONG_TYPE;
            default -> ProblemCode.INVALID_VALUE;
        };
    }
}
