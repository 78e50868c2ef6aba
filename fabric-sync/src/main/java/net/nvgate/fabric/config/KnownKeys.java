package net.nvgate.fabric.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The keys that a configuration may have: the parameters of what makes its records of mappings, in that order. Unknown keys
 * are looked for before the file is bound to the records: a misspelt key should be named, not the one that is therefore
 * missing.
 */
record KnownKeys(Map<String, Known> children) {

    /**
     * One key.
     *
     * @param component as the parameter is called
     * @param below keys of the mapping, or of each mapping of a list; none if the value is neither
     */
    record Known(String component, Type type, Key about, KnownKeys below) {

        boolean isList() {
            return type instanceof ParameterizedType generic && generic.getRawType() == List.class;
        }
    }

    /** @throws IllegalStateException if a key does not say what it means */
    static KnownKeys of(Class<?> type) {
        Map<String, Known> children = new LinkedHashMap<>();
        if (type.isRecord()) {
            for (Parameter parameter : creator(type).getParameters()) {
                Key about = parameter.getAnnotation(Key.class);
                if (about == null) {
                    throw new IllegalStateException(type.getName() + ": " + parameter.getName() + " has no @Key");
                }
                Type declared = parameter.getParameterizedType();
                KnownKeys below = inside(declared).map(KnownKeys::of).orElse(new KnownKeys(Map.of()));
                children.put(kebab(parameter.getName()), new Known(parameter.getName(), declared, about, below));
            }
        }
        return new KnownKeys(children);
    }

    private static Executable creator(Class<?> type) {
        for (Executable factory : type.getDeclaredMethods()) {
            if (factory.isAnnotationPresent(JsonCreator.class)) {
                return factory;
            }
        }
        Class<?>[] components = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(components);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The class, or that of a list's elements. */
    private static Optional<Class<?>> inside(Type type) {
        Type one = type instanceof ParameterizedType generic && generic.getRawType() == List.class
                ? generic.getActualTypeArguments()[0]
                : type;
        return one instanceof Class<?> plain ? Optional.of(plain) : Optional.empty();
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /**
     * @param path of the mapping, empty = the whole file
     * @throws ConfigException if the mapping has a key that is not known, or a mapping below it has
     */
    void check(String path, JsonNode mapping) {
        for (Map.Entry<String, JsonNode> entry : mapping.properties()) {
            String key = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            Known known = children.get(entry.getKey());
            if (known == null) {
                throw new ConfigException(
                        key,
                        "unknown key '" + key + "', expected one of: "
                                + String.join(", ", new TreeSet<>(children.keySet())));
            }
            if (entry.getValue().isObject() && !known.below.children.isEmpty()) {
                known.below.check(key, entry.getValue());
            }
        }
    }
}
