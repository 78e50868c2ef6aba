package net.nvgate.fabric.netwnv;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A record as it stands in a file, before its values mean anything. Names of properties are those of the cmdlets, in any case;
 * what is null or empty is absent. Properties that nobody asks for (CimClass, InstanceID...) do not matter.
 */
final class NetWnvRow {

    static final long UINT32_MAX = 0xffff_ffffL;

    private final String file;
    private final String place;
    private final EnumNumbers numbers;
    private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** @param place in the file, e.g. {@code record 3} */
    NetWnvRow(String file, String place, EnumNumbers numbers) {
        this.file = file;
        this.place = place;
        this.numbers = numbers;
    }

    void put(String name, String value) {
        if (!value.isEmpty()) {
            values.put(name, value);
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Where it stands, for people. */
    String origin() {
        return file + ", " + place;
    }

    NetWnvException error(String field, String message) {
        return new NetWnvException(file, place, field + " " + message);
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String text(String name) {
        return optional(name).orElse("");
    }

    /** @param parse throws an IllegalArgumentException of any kind if it cannot */
    <T> Optional<T> optional(String name, Function<String, T> parse) {
        return optional(name).map(text -> {
            try {
                return parse.apply(text.strip());
            } catch (IllegalArgumentException e) {
                throw error(name, "'" + shortened(text) + "' is not readable: " + e.getMessage());
            }
        });
    }

    <T> T required(String name, Function<String, T> parse) {
        return optional(name, parse).orElseThrow(() -> error(name, "is missing"));
    }

    Optional<Long> number(String name, long max) {
        return optional(name, text -> {
            long value = Long.parseLong(text);
            if (value < 0 || value > max) {
                throw new IllegalArgumentException("must be 0.." + max);
            }
            return value;
        });
    }

    long requiredNumber(String name, long max) {
        return number(name, max).orElseThrow(() -> error(name, "is missing"));
    }

    boolean flag(String name) {
        return optional(name, text -> {
                    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                        throw new IllegalArgumentException("must be True or False");
                    }
                    return text.equalsIgnoreCase("true");
                })
                .orElse(false);
    }

    /** A value of an enumeration, by its name; by its number only if the caller said what numbers mean. */
    <E extends Enum<E> & NetWnvName> Optional<E> name(String name, E[] values) {
        return optional(name, text -> {
            for (E value : values) {
                if (value.text().equalsIgnoreCase(text)) {
                    return value;
                }
            }
            return numbers.value(text, values);
        });
    }

    static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
