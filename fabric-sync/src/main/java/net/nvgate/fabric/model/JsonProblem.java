package net.nvgate.fabric.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.node.ArrayNode;

/** What is wrong with a JSON text, in the words of the model: field, expected form, and what was there instead. */
final class JsonProblem {

    private static final Pattern TOKEN = Pattern.compile("JsonToken\\.([A-Z_]+)");
    private static final Map<String, String> TOKENS = Map.of(
            "START_OBJECT", "a mapping",
            "START_ARRAY", "a list",
            "VALUE_STRING", "a text",
            "VALUE_NUMBER_INT", "a number",
            "VALUE_NUMBER_FLOAT", "a number",
            "VALUE_TRUE", "true",
            "VALUE_FALSE", "false",
            "VALUE_NULL", "null");
    private static final int VALUE_LENGTH_MAX = 64;

    private JsonProblem() {}

    /** @param type that was to be read */
    static ModelException of(Class<?> type, JacksonException e) {
        String path = path(e.getPath());
        if (e.getCause() instanceof ModelException rule) {
            boolean wholeObject = path.isEmpty() || !(e instanceof InvalidFormatException);
            return wholeObject ? rule : new ModelException(label(type), path, rule.value(), rule.rule());
        }
        String field = path.isEmpty() ? "body" : path;
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                new ModelException(label(type), path, unknown.getPropertyName(), "is not a field of this object");
            case InvalidFormatException format ->
                new ModelException(label(type), field, shortened(format.getValue()), form(format.getTargetType()));
            case MismatchedInputException mismatch ->
                new ModelException(label(type), field, found(mismatch), form(mismatch.getTargetType()));
            case InputCoercionException coercion ->
                new ModelException(label(type), field, "one that is out of range", form(coercion.getTargetType()));
            case StreamConstraintsException limit -> new ModelException(label(type), field, "more", limits(limit));
            case StreamReadException syntax ->
                new ModelException(label(type), field, oneLine(syntax.getOriginalMessage()), "must be JSON");
            default -> new ModelException(label(type), field, null, oneLine(e.getOriginalMessage()));
        };
    }

    private static String form(@Nullable Class<?> target) {
        if (target == null) {
            return "must have another form";
        }
        if (target.isEnum()) {
            return "must be one of "
                    + Arrays.stream(target.getEnumConstants())
                            .map(Object::toString)
                            .collect(Collectors.joining(", "));
        }
        if (target == boolean.class || target == Boolean.class) {
            return "must be true or false";
        }
        if (target == int.class || target == Integer.class) {
            return "must be a whole number of " + Integer.MIN_VALUE + ".." + Integer.MAX_VALUE;
        }
        if (target == long.class || target == Long.class || target == Vsid.class) {
            return "must be a whole number";
        }
        if (target == UUID.class) {
            return "must be a UUID";
        }
        if (target == String.class) {
            return "must be text";
        }
        boolean list = Collection.class.isAssignableFrom(target) || target.isArray() || target == ArrayNode.class;
        return list ? "must be a list" : "must be a mapping with fields";
    }

    private static String found(MismatchedInputException e) {
        Matcher token = TOKEN.matcher(e.getOriginalMessage());
        return Optional.of(token)
                .filter(Matcher::find)
                .map(found -> TOKENS.get(found.group(1)))
                .orElse("something else");
    }

    private static String limits(StreamConstraintsException e) {
        StreamReadConstraints limits = StreamReadConstraints.defaults();
        String message = e.getOriginalMessage().toLowerCase(Locale.ROOT);
        if (message.contains("nesting depth")) {
            return "must be nested at most " + limits.getMaxNestingDepth() + " levels deep";
        }
        return message.contains("number")
                ? "must have numbers of at most " + limits.getMaxNumberLength() + " digits"
                : "must have shorter texts and names";
    }

    private static Object shortened(@Nullable Object value) {
        String text = String.valueOf(value);
        return text.length() <= VALUE_LENGTH_MAX ? text : text.substring(0, VALUE_LENGTH_MAX) + "...";
    }

    private static String oneLine(@Nullable String text) {
        return String.valueOf(text).strip().replaceAll("\\s+", " ");
    }

    private static String path(List<JacksonException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference reference : references) {
            if (reference.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
            } else if (reference.getIndex() >= 0) {
                path.append('[').append(reference.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    /** VmSubnet and VmSubnetSpec are both called vm-subnet. */
    static String label(Class<?> type) {
        String name = type.getSimpleName().replaceAll("Spec$", "");
        return name.replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
