package net.nvgate.mgmt.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads {@code manager.yaml}. An unknown key, a key given twice and a value of the wrong type are errors with a line. */
public final class ConfigFile {

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private ConfigFile() {}

    /** @throws ConfigException if the file cannot be read or says something that does not hold */
    public static ManagerConfig read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new ConfigException("cannot read " + file + ": " + e);
        } catch (ConfigException e) {
            throw new ConfigException(file + ": " + e.getMessage());
        }
    }

    static ManagerConfig parse(String yaml) {
        try {
            ManagerConfig config = MAPPER.readValue(yaml.isBlank() ? "{}" : yaml, ManagerConfig.class);
            return config == null ? ManagerConfig.of(null, null, null, null, null) : config;
        } catch (JacksonException e) {
            throw new ConfigException(explain(yaml, e));
        }
    }

    private static String explain(String yaml, JacksonException e) {
        if (e.getCause() instanceof ConfigException rule) {
            return String.valueOf(rule.getMessage());
        }
        String key = path(e.getPath());
        TokenStreamLocation at = e.getLocation();
        int number = at == null || at.getLineNr() < 1 ? lineOf(yaml, key) : at.getLineNr();
        String line = number < 1 ? "" : "line " + number + ": ";
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds() == null
                    ? ""
                    : unknown.getKnownPropertyIds().stream()
                            .map(Object::toString)
                            .sorted()
                            .collect(Collectors.joining(", "));
            return line + "unknown key '" + key + "', expected one of: " + known;
        }
        return line + (key.isEmpty() ? "" : "key '" + key + "': ") + e.getOriginalMessage();
    }

    /** The mapper buffers unknown keys and loses their place, so that it is looked up in the text. 0 = not found. */
    private static int lineOf(String yaml, String key) {
        String pointer = "/" + key.replace('.', '/');
        try (JsonParser in = MAPPER.createParser(yaml)) {
            while (in.nextToken() != null) {
                if (in.currentToken() == JsonToken.PROPERTY_NAME
                        && in.streamReadContext().pathAsPointer().toString().equals(pointer)) {
                    return in.currentTokenLocation().getLineNr();
                }
            }
        } catch (JacksonException e) {
            return 0;
        }
        return 0;
    }

    private static String path(List<JacksonException.Reference> references) {
        return references.stream()
                .map(reference -> reference.getPropertyName() == null
                        ? String.valueOf(reference.getIndex())
                        : reference.getPropertyName())
                .collect(Collectors.joining("."));
    }
}
