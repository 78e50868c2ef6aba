package net.nvgate.fabric.manager;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patches (RFC 7396) that lead from one document to another. */
final class JsonMerge {

    private JsonMerge() {}

    /** Adds to a patch what makes a field that is {@code from} become {@code to}; null stands for an absent one. */
    static void set(ObjectNode patch, String field, @Nullable JsonNode from, @Nullable JsonNode to) {
        if (to == null) {
            patch.putNull(field);
        } else if (to instanceof ObjectNode wanted) {
            ObjectNode inner = patch.putObject(field);
            Set<String> names = new TreeSet<>(wanted.propertyNames());
            if (from instanceof ObjectNode there) {
                names.addAll(there.propertyNames());
            }
            for (String name : names) {
                JsonNode was = from instanceof ObjectNode there ? there.get(name) : null;
                JsonNode is = wanted.get(name);
                if (is == null || !is.equals(was)) {
                    set(inner, name, was, is);
                }
            }
        } else {
            patch.set(field, to);
        }
    }
}
