package net.nvgate.fabric.manager;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an object without {@code equals} consists of, as values that can be compared: its fields, all the way down. */
final class Structure {

    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            List<Field> fields = Arrays.stream(type.getDeclaredFields())
                    .filter(field -> !Modifier.isStatic(field.getModifiers()))
                    .toList();
            fields.forEach(field -> field.setAccessible(true));
            return fields;
        }
    };

    private Structure() {}

    static @Nullable Object of(@Nullable Object object) {
        return switch (object) {
            case null -> null;
            case Map<?, ?> map -> {
                Map<@Nullable Object, @Nullable Object> values = new HashMap<>();
                map.forEach((key, value) -> values.put(of(key), of(value)));
                yield values;
            }
            case Set<?> set -> set.stream().map(Structure::of).collect(Collectors.toCollection(HashSet::new));
            case Collection<?> list -> list.stream().map(Structure::of).toList();
            case Object other -> isOpaque(other.getClass()) ? fields(other) : other;
        };
    }

    private static boolean isOpaque(Class<?> type) {
        return type.getName().startsWith("net.nvgate.") && !type.isRecord() && !type.isEnum();
    }

    private static Map<String, @Nullable Object> fields(Object object) {
        Map<String, @Nullable Object> values = new TreeMap<>();
        for (Field field : FIELDS.get(object.getClass())) {
            values.put(field.getName(), of(value(field, object)));
        }
        return values;
    }

    private static @Nullable Object value(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
