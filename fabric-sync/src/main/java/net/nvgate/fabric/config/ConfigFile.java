package net.nvgate.fabric.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads a process's YAML file into records: a component {@code stateDirectory} is the key {@code state-directory}, null
 * if the file leaves it out. An unknown key, a key given twice, a value of the wrong type and a value that a record's
 * factory refuses by {@link ConfigException} are errors.
 *
 * <pre>
 *  gateway.yaml: line 3: in 'ports.pa': key 'device' is required
 *  manager.yaml: line 1: unknown key 'http.prot', expected one of: address, port
 * </pre>
 */
public final class ConfigFile {

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private ConfigFile() {}

    /** @throws ConfigException if the file cannot be read or says something that does not hold */
    public static <T> T read(Path file, Class<T> type) {
        return read(file, type, Function.identity());
    }

    /**
     * @param type what the file looks like
     * @param settle makes what the process runs by of it, and may refuse it by {@link ConfigException}
     * @throws ConfigException if the file cannot be read or says something that does not hold
     */
    public static <T, R> R read(Path file, Class<T> type, Function<T, R> settle) {
        String yaml;
        try {
            yaml = Files.readString(file);
        } catch (IOException e) {
            throw new ConfigException("cannot read configuration file " + file + ": " + e);
        }
        try {
            return parse(yaml, type, settle);
        } catch (ConfigException e) {
            throw new ConfigException(file + ": " + e.getMessage());
        }
    }

    static <T, R> R parse(String text, Class<T> type, Function<T, R> settle) {
        try {
            JsonNode document = MAPPER.readTree(text);
            if (document.isMissingNode() || document.isNull()) {
                // Empty, or nothing but comments: every key has its default.
                return settle.apply(MAPPER.readValue("{}", type));
            }
            if (!document.isObject()) {
                throw new ConfigException("must be keys and values");
            }
            KnownKeys.of(type).check("", document);
            return settle.apply(MAPPER.readValue(text, type));
        } catch (ConfigException e) {
            throw located(text, "", e);
        } catch (JacksonException e) {
            throw explained(text, e);
        }
    }

    private static ConfigException explained(String yaml, JacksonException e) {
        String key = path(e);
        if (e.getCause() instanceof ConfigException rule) {
            return located(yaml, key, rule);
        }
        OptionalInt found = KeyLines.find(yaml, key);
        String where = found.isPresent() ? line(found.getAsInt()) : line(e.getLocation());
        // The parser's messages show the text on lines of its own; a log event is one line.
        String reason = e.getOriginalMessage().strip().replaceAll("\\s+", " ");
        return new ConfigException(where + (key.isEmpty() ? "" : "key '" + key + "': ") + reason);
    }

    /** @param path of the mapping in which the rule was broken; empty = the whole file */
    private static ConfigException located(String yaml, String path, ConfigException rule) {
        String line = Stream.of(path + "." + rule.key(), rule.key(), path)
                .map(key -> KeyLines.find(yaml, key))
                .flatMapToInt(OptionalInt::stream)
                .mapToObj(ConfigFile::line)
                .findFirst()
                .orElse(line(1));
        return new ConfigException(line + (path.isEmpty() ? "" : "in '" + path + "': ") + rule.getMessage());
    }

    private static String line(@Nullable TokenStreamLocation at) {
        return line(at == null ? 1 : Math.max(1, at.getLineNr()));
    }

    private static String line(int number) {
        return "line " + number + ": ";
    }

    private static String path(JacksonException e) {
        return e.getPath().stream()
                .map(reference -> reference.getPropertyName() == null
                        ? String.valueOf(reference.getIndex())
                        : reference.getPropertyName())
                .collect(Collectors.joining("."));
    }
}
