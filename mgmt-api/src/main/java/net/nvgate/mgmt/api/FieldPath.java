package net.nvgate.mgmt.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A path of {@link RecordFields} in records of one class, looked up once for all records of a list. */
final class FieldPath {

    private final List<Function<Object, @Nullable Object>> start;
    private final List<String> rest;

    /** @param path whose first step is a field of the class */
    FieldPath(Class<?> type, List<String> path) {
        start = RecordFields.way(type, path.getFirst());
        rest = path.subList(1, path.size());
    }

    /** Whether something at the end of the path is as wanted. */
    boolean any(Object record, Predicate<Object> wanted) {
        Object value = start(record);
        if (value == null) {
            return false;
        }
        return (rest.isEmpty() && !(value instanceof Iterable<?>))
                ? wanted.test(value)
                : RecordFields.find(value, rest, wanted) != null;
    }

    /** What is at the end of the path, the first of several; null if nothing is. */
    @Nullable
    Object first(Object record) {
        Object value = start(record);
        if (value == null || (rest.isEmpty() && !(value instanceof Iterable<?>))) {
            return value;
        }
        return RecordFields.find(value, rest, _ -> true);
    }

    private @Nullable Object start(Object record) {
        Object value = RecordFields.follow(record, start);
        return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    }
}
