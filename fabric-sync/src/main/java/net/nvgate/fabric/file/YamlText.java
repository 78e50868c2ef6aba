package net.nvgate.fabric.file;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** YAML 1.2 as trees, without anchors and aliases, and where things stand in the text. */
final class YamlText {

    /** Largest text that is read, characters. */
    static final int LENGTH_MAX = 256 << 20;

    private static final YAMLMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .loadSettings(
                            LoadSettings.builder().setCodePointLimit(LENGTH_MAX).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLWriteFeature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String text;

    YamlText(String text) {
        this.text = text;
    }

    static String write(JsonNode tree) {
        return MAPPER.writeValueAsString(tree);
    }

    /**
     * The documents of the text.
     *
     * @throws FileException if it is not YAML, or has a key twice, or an alias
     */
    List<JsonNode> documents() {
        List<JsonNode> documents = new ArrayList<>();
        try (JsonParser parser = MAPPER.createParser(text)) {
            while (parser.nextToken() != null) {
                documents.add(node(parser));
            }
            return documents;
        } catch (JacksonException e) {
            throw FileException.at(line(e.getLocation()), "", reason(e));
        }
    }

    private static String reason(JacksonException e) {
        String message = e.getOriginalMessage().strip().replaceAll("\\s+", " ");
        if (!(e instanceof StreamConstraintsException)) {
            return "this is not YAML: " + message;
        }
        return message.contains("nesting depth")
                ? "a fabric file is not nested so deep"
                : "a name, text or number is too long for a fabric file";
    }

    private static JsonNode node(JsonParser parser) {
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw FileException.at(line(parser.currentTokenLocation()), "", "aliases are not read in fabric files");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.set(name, node(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(node(parser));
                }
                yield array;
            }
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            default -> NODES.stringNode(parser.getString());
        };
    }

    /** Line, from 1, of what has this path in a document; of the nearest that is there, if that is not. */
    int line(int document, String path) {
        for (String place = path; !place.isEmpty(); place = parent(place)) {
            int line = find(document, place);
            if (line > 0) {
                return line;
            }
        }
        return 1;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }

    /** 0 if it is not there. */
    private int find(int document, String path) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            for (int before = 0; before < document; before++) {
                parser.nextToken();
                parser.skipChildren();
            }
            parser.nextToken();
            return find(parser, "", path);
        }
    }

    private static int find(JsonParser parser, String here, String path) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String child = here.isEmpty() ? parser.currentName() : here + "." + parser.currentName();
                int line = line(parser.currentTokenLocation());
                parser.nextToken();
                int found = below(parser, child, path, line);
                if (found > 0) {
                    return found;
                }
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                int found = below(parser, here + "[" + i + "]", path, line(parser.currentTokenLocation()));
                if (found > 0) {
                    return found;
                }
            }
        }
        return 0;
    }

    private static int below(JsonParser parser, String child, String path, int line) {
        if (child.equals(path)) {
            return line;
        }
        if (path.startsWith(child + ".") || path.startsWith(child + "[")) {
            return find(parser, child, path);
        }
        parser.skipChildren();
        return 0;
    }

    private static int line(@Nullable TokenStreamLocation location) {
        return location == null ? 1 : Math.max(1, location.getLineNr());
    }
}
