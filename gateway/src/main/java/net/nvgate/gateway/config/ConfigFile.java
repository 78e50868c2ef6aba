package net.nvgate.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads {@code gateway.yaml}. An unknown key, a key given twice and a value of the wrong type are errors with a line. */
public final class ConfigFile {

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private static final KnownKeys KNOWN = KnownKeys.of(GatewayConfig.class);

    private ConfigFile() {}

    /** @throws ConfigException if the file cannot be read or says something that does not hold */
    public static GatewayConfig read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new ConfigException("cannot read " + file + ": " + e);
        } catch (ConfigException e) {
            throw new ConfigException(file + ": " + e.getMessage());
        }
    }

    static GatewayConfig parse(String yaml) {
        try {
            if (MAPPER.readValue(yaml.isBlank() ? "{}" : yaml, Object.class) instanceof Map<?, ?> mapping) {
                KNOWN.check(yaml, "", mapping);
            }
            GatewayConfig config = MAPPER.readValue(yaml.isBlank() ? "{}" : yaml, GatewayConfig.class);
            return Defaults.required("node", config);
        } catch (JacksonException e) {
            throw new ConfigException(explain(yaml, e));
        }
    }

    private static String explain(String yaml, JacksonException e) {
        String key = path(e);
        String where = KeyLines.find(yaml, key).stream()
                .mapToObj(line -> "line " + line + ": ")
                .findFirst()
                .orElse(line(e.getLocation()));
        if (e.getCause() instanceof ConfigException rule) {
            return where + (key.isEmpty() ? "" : "in '" + key + "': ") + rule.getMessage();
        }
        return where + (key.isEmpty() ? "" : "key '" + key + "': ") + e.getOriginalMessage();
    }

    private static String line(@Nullable TokenStreamLocation at) {
        return at == null || at.getLineNr() < 1 ? "" : "line " + at.getLineNr() + ": ";
    }

    private static String path(JacksonException e) {
        return e.getPath().stream()
                .map(reference -> reference.getPropertyName() == null
                        ? String.valueOf(reference.getIndex())
                        : reference.getPropertyName())
                .collect(Collectors.joining("."));
    }
}
