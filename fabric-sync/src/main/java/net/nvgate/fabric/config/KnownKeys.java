package net.nvgate.fabric.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The keys that a configuration may have, read off its records. Unknown keys are looked for before the file is bound to
 * them: a misspelt key should be named, not the one that is therefore missing.
 */
record KnownKeys(Map<String, KnownKeys> children) {

    static KnownKeys of(Class<?> type) {
        Map<String, KnownKeys> children = new TreeMap<>();
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                children.put(kebab(component.getName()), of(typeOf(component)));
            }
        }
        return new KnownKeys(children);
    }

    /** What is in the Optional, if it is one. */
    private static Class<?> typeOf(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType generic
                        && generic.getRawType().equals(Optional.class)
                        && generic.getActualTypeArguments()[0] instanceof Class<?> inside
                ? inside
                : component.getType();
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
            KnownKeys below = children.get(entry.getKey());
            if (below == null) {
                throw new ConfigException(
                        key, "unknown key '" + key + "', expected one of: " + String.join(", ", children.keySet()));
            }
            if (entry.getValue().isObject() && !below.children.isEmpty()) {
                below.check(key, entry.getValue());
            }
        }
    }
}
