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
     * What is at the end of a path; several values if there are lists on the way, none if something is absent.
     *
     * @param path names of fields, keys of maps
     */
    static List<Object> values(Object record, List<String> path) {
        List<Object> values = new ArrayList<>();
        flatten(record, values);
        for (String name : path) {
            List<Object> next = new ArrayList<>();
            for (Object value : values) {
                flatten(step(value, name), next);
            }
            values = next;
        }
        return values;
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

    private static void flatten(@Nullable Object value, List<Object> to) {
        switch (value) {
            case null -> {}
            case Optional<?> optional -> flatten(optional.orElse(null), to);
            case Iterable<?> several -> several.forEach(item -> flatten(item, to));
            default -> to.add(value);
        }
    }
}
