package net.nvgate.gateway.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fills in what the file leaves out, and checks what it says. */
final class Defaults {

    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private Defaults() {}

    static <T> T or(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    static <T> T required(String key, @Nullable T given) {
        if (given == null) {
            throw new ConfigException("key '" + key + "' is required");
        }
        return given;
    }

    static String node(String key, String value) {
        if (!NODE.matcher(value).matches()) {
            throw new ConfigException(key + " must be the name of a gateway object, not '" + value + "'");
        }
        return value;
    }

    static int range(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ConfigException(key + " must be " + min + ".." + max + ", not " + value);
        }
        return value;
    }

    static String text(String key, String value) {
        if (value.isBlank()) {
            throw new ConfigException(key + " must not be empty");
        }
        return value;
    }
}
