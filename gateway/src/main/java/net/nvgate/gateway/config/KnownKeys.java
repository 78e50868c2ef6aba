package net.nvgate.gateway.config;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The keys that a configuration may have, read off its records. Unknown keys are looked for before the file is bound to
 * them: a misspelt key should be named, not the one that is therefore missing.
 */
record KnownKeys(Map<String, KnownKeys> children) {

    static KnownKeys of(Class<?> type) {
        Map<String, KnownKeys> children = new TreeMap<>();
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                children.put(kebab(component.getName()), of(component.getType()));
            }
        }
        return new KnownKeys(children);
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** Throws if the mapping has a key that is not known, or a mapping below it has. */
    void check(String yaml, String path, Map<?, ?> mapping) {
        mapping.forEach((name, value) -> {
            String key = path.isEmpty() ? String.valueOf(name) : path + "." + name;
            KnownKeys below = children.get(String.valueOf(name));
            if (below == null) {
                String line = KeyLines.find(yaml, key).stream()
                        .mapToObj(number -> "line " + number + ": ")
                        .findFirst()
                        .orElse("");
                throw new ConfigException(
                        line + "unknown key '" + key + "', expected one of: " + String.join(", ", children.keySet()));
            }
            if (value instanceof Map<?, ?> nested && !below.children.isEmpty()) {
                below.check(yaml, key, nested);
            }
        });
    }
}
