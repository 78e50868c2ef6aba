package net.nvgate.fabric.ovs;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Finds the line of a key in a YAML file: binding to records loses the place of a key that no record has. */
final class KeyLine {

    private KeyLine() {}

    /** @param keys from the outermost to the wanted one */
    static OptionalInt find(YAMLMapper mapper, Path file, List<String> keys) {
        Deque<String> open = new ArrayDeque<>();
        try (JsonParser parser = mapper.createParser(file.toFile())) {
            JsonToken token;
            while ((token = parser.nextToken()) != null) {
                if (token == JsonToken.PROPERTY_NAME) {
                    open.addLast(parser.currentName());
                    if (List.copyOf(open).equals(keys)) {
                        return OptionalInt.of(parser.currentTokenLocation().getLineNr());
                    }
                } else if (!token.isStructStart() && !open.isEmpty()) {
                    // A scalar, or the end of an object, is the whole of its key's value.
                    open.removeLast();
                }
            }
        }
        return OptionalInt.empty();
    }
}
