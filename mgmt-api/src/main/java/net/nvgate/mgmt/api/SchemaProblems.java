package net.nvgate.mgmt.api;

import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns what the JSON Schema validator found into one problem: which field, and what is wrong with it. The validator
 * reports a chain of units from the document down to the keyword that failed; the deepest one is the reason.
 */
final class SchemaProblems {

    private static final Pattern PARAMETER = Pattern.compile("The value of \\w+ parameter (\\S+) is invalid.*");
    private static final Pattern REQUIRED = Pattern.compile("Instance does not have required property \"(.*)\"");
    private static final Pattern TYPE = Pattern.compile("Instance type (\\S+) is invalid\\. Expected (.*)");

    private SchemaProblems() {}

    static Problem explain(SchemaValidationException e) {
        List<OutputUnit> errors = e.getOutputUnit().getErrors();
        if (errors == null || errors.isEmpty()) {
            return Problem.of(ProblemCode.INVALID_VALUE, "The request does not follow the contract");
        }
        OutputUnit reason = errors.getFirst();
        for (OutputUnit unit : errors) {
            if (depth(unit) >= depth(reason)) {
                reason = unit;
            }
        }
        Matcher parameter = PARAMETER.matcher(String.valueOf(e.getMessage()));
        String field = parameter.matches() ? parameter.group(1) : field(reason.getInstanceLocation());
        return problem(reason, field);
    }

    private static Problem problem(OutputUnit reason, String field) {
        String location = reason.getKeywordLocation();
        String keyword = location.substring(location.lastIndexOf('/') + 1);
        String error = String.valueOf(reason.getError());
        return switch (keyword) {
            case "additionalProperties" ->
                at(ProblemCode.UNKNOWN_FIELD, field, field + " is not a field of this request");
            case "required" -> {
                Matcher name = REQUIRED.matcher(error);
                String missing = name.matches() ? (field.isEmpty() ? "" : field + ".") + name.group(1) : field;
                yield at(ProblemCode.MISSING_FIELD, missing, missing + " is required");
            }
            case "type" -> {
                Matcher types = TYPE.matcher(error);
                String rule = types.matches() ? "must be of type " + types.group(2) + ", not " + types.group(1) : error;
                yield at(ProblemCode.WRONG_TYPE, field, subject(field) + " " + rule);
            }
            case "pattern", "format" ->
                at(ProblemCode.INVALID_VALUE, field, subject(field) + " does not have the form the contract asks for");
            default ->
                at(
                        ProblemCode.INVALID_VALUE,
                        field,
                        subject(field) + " is invalid: "
                                + error.replace("Instance does not", "it does not")
                                        .replace("String", "text"));
        };
    }

    private static Problem at(ProblemCode code, String field, String detail) {
        Problem problem = Problem.of(code, detail);
        return field.isEmpty() ? problem : problem.atField(field);
    }

    private static String subject(String field) {
        return field.isEmpty() ? "The body" : field;
    }

    /** nics[1].vmSubnetId for the JSON pointer #/nics/1/vmSubnetId. */
    private static String field(String pointer) {
        StringBuilder path = new StringBuilder();
        for (String step : pointer.replaceFirst("^#?/?", "").split("/", -1)) {
            String name = decode(step);
            if (name.matches("\\d+") && !path.isEmpty()) {
                path.append('[').append(name).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.toString();
    }

    private static String decode(String step) {
        String unescaped = step.replace("~1", "/").replace("~0", "~");
        try {
            return URLDecoder.decode(unescaped.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // The validator writes control characters with one hex digit: shown as they are.
            return unescaped;
        }
    }

    private static int depth(OutputUnit unit) {
        return (int) unit.getKeywordLocation().chars().filter(c -> c == '/').count();
    }
}
