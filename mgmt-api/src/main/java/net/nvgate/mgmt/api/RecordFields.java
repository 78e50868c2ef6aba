package net.nvgate.mgmt.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Values of records by the names that their JSON has: {@code vmNetworkId}, {@code labels.tier}, {@code nics.address}. */
final class RecordFields {

    private static final ClassValue<Map<String, List<Function<Object, @Nullable Object>>>> FIELDS = new ClassValue<>() {
        @Override
        protected Map<String, List<Function<Object, @Nullable Object>>> computeValue(Class<?> type) {
            Map<String, List<Function<Object, @Nullable Object>>> fields = new TreeMap<>();
            collect(type, List.of(), fields);
            return fields;
        }
    };

    private RecordFields() {}

    private static void collect(
            Class<?> type,
            List<Function<Object, @Nullable Object>> way,
            Map<String, List<Function<Object, @Nullable Object>>> fields) {
        for (RecordComponent component : type.getRecordComponents()) {
            List<Function<Object, @Nullable Object>> longer = new ArrayList<>(way);
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            longer.add(Accessors.of(accessor));
            boolean unwrapped = accessor.isAnnotationPresent(JsonUnwrapped.class);
            if (unwrapped) {
                collect(component.getType(), longer, fields);
            } else {
                fields.put(component.getName(), longer);
            }
        }
    }

    /** Names of a record's fields. */
    static List<String> names(Class<?> type) {
        return List.copyOf(FIELDS.get(type).keySet());
    }

    static boolean has(Class<?> type, String name) {
        return FIELDS.get(type).containsKey(name);
    }

    /**
     * The first of what is at the end of a path that is wanted: several values if there are lists on the way, none if something is absent.
     * Makes nothing on the way, since a filter looks at all objects of a list.
     *
     * @param path names of fields, keys of maps
     */
    static @Nullable Object find(@Nullable Object from, List<String> path, Predicate<Object> wanted) {
        return find(from, path, 0, wanted);
    }

    private static @Nullable Object find(@Nullable Object value, List<String> path, int at, Predicate<Object> wanted) {
        return switch (value) {
            case null -> null;
            case Optional<?> optional -> find(optional.orElse(null), path, at, wanted);
            case Iterable<?> several -> {
                Object found = null;
                for (Object item : several) {
                    found = find(item, path, at, wanted);
                    if (found != null) {
                        break;
                    }
                }
                yield found;
            }
            default ->
                at == path.size()
                        ? wanted.test(value) ? value : null
                        : find(step(value, path.get(at)), path, at + 1, wanted);
        };
    }

    private static @Nullable Object step(Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            return map.get(name);
        }
        if (!(value instanceof Record)) {
            return null;
        }
        List<Function<Object, @Nullable Object>> way =
                FIELDS.get(value.getClass()).get(name);
        return way == null ? null : follow(value, way);
    }

    /** How a field is read, which the class must have. */
    static List<Function<Object, @Nullable Object>> way(Class<?> type, String name) {
        return Objects.requireNonNull(FIELDS.get(type).get(name), name);
    }

    static @Nullable Object follow(Object record, List<Function<Object, @Nullable Object>> way) {
        Object at = record;
        for (Function<Object, @Nullable Object> accessor : way) {
            at = at == null ? null : accessor.apply(at);
        }
        return at;
    }
}
