package net.nvgate.fabric.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Finds where a key stands in a YAML text; mapping errors do not always know. */
final class KeyLines {

    private static final YAMLMapper MAPPER = new YAMLMapper();

    private KeyLines() {}

    /**
     * Line of a key, from 1.
     *
     * @param path keys from the top, joined by dots
     */
    static OptionalInt find(String yaml, String path) {
        Deque<String> open = new ArrayDeque<>();
        try (JsonParser parser = MAPPER.createParser(yaml)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT, START_ARRAY -> open.addLast("");
                    case END_OBJECT, END_ARRAY -> open.removeLast();
                    case PROPERTY_NAME -> {
                        open.removeLast();
                        open.addLast(parser.currentName());
                        if (String.join(".", open).equals(path)) {
                            return OptionalInt.of(parser.currentTokenLocation().getLineNr());
                        }
                    }
                    default -> {}
                }
            }
        } catch (JacksonException e) {
            // The text ends in a syntax error, which is reported with its own line.
            return OptionalInt.empty();
        }
        return OptionalInt.empty();
    }
}
