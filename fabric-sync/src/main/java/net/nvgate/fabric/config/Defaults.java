package net.nvgate.fabric.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills in what the file leaves out, and checks what it says. Every {@code key} is as people write it, e.g.
 * {@code http.port}.
 */
public final class Defaults {

    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private Defaults() {}

    public static <T> T or(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    public static <T> T required(String key, @Nullable T given) {
        if (given == null) {
            throw new ConfigException(key, "key '" + key + "' is required");
        }
        return given;
    }

    /** @param kind of object in the fabric, for the message */
    public static String node(String key, String kind, String value) {
        if (!NODE.matcher(value).matches()) {
            throw new ConfigException(key, key + " must be the name of a " + kind + " object, not '" + value + "'");
        }
        return value;
    }

    /** Both bounds are allowed. */
    public static int range(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ConfigException(key, key + " must be " + min + ".." + max + ", not " + value);
        }
        return value;
    }

    public static String text(String key, String value) {
        if (value.isBlank()) {
            throw new ConfigException(key, key + " must not be empty");
        }
        return value;
    }
}
