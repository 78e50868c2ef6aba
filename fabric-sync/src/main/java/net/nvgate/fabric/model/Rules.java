package net.nvgate.fabric.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks shared by the constructors of the model and of the manager's requests. Each returns the value it checked. A
 * required value can be null here only because JSON can leave it out.
 */
public final class Rules {

    public static final int NAME_LENGTH_MAX = 64;
    public static final int DESCRIPTION_LENGTH_MAX = 1024;
    public static final int LIST_LENGTH_MAX = 1024;

    private static final int DNS_NAME_LENGTH_MAX = 253;
    private static final Pattern DNS_NAME = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    private Rules() {}

    public static <T> T required(String object, String field, @Nullable T value) {
        if (value == null) {
            throw new ModelException(object, field, null, "is required");
        }
        return value;
    }

    /** What was left out has its default. */
    public static <T> T given(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    /** A list that was left out is empty. */
    public static <T> List<T> list(String object, String field, @Nullable List<T> value) {
        if (value == null) {
            return List.of();
        }
        if (value.size() > LIST_LENGTH_MAX) {
            throw new ModelException(object, field, value.size() + " entries", "must have at most " + LIST_LENGTH_MAX);
        }
        for (T entry : value) {
            required(object, field, entry);
        }
        return List.copyOf(value);
    }

    /** A list without repetitions; one that was left out is empty. */
    public static <T> List<T> distinct(String object, String field, @Nullable List<T> value) {
        List<T> entries = list(object, field, value);
        Set<T> seen = new HashSet<>();
        for (T entry : entries) {
            if (!seen.add(entry)) {
                throw new ModelException(object, field, entry, "must be named once");
            }
        }
        return entries;
    }

    /** Prefixes of which no two have an address in common; a list that was left out is empty. */
    public static List<IpPrefix> disjoint(String object, String field, @Nullable List<IpPrefix> value) {
        List<IpPrefix> prefixes = list(object, field, value);
        List<IpPrefix> sorted = prefixes.stream().sorted().toList();
        for (int i = 1; i < sorted.size(); i++) {
            // A prefix sorts right behind the shortest one that contains it, unless another of its kind is between.
            if (sorted.get(i - 1).overlaps(sorted.get(i))) {
                throw new ModelException(object, field, sorted.get(i), "must not overlap " + sorted.get(i - 1));
            }
        }
        return prefixes;
    }

    /**
     * True if no character is a control or half of a surrogate pair: such a half has no form in UTF-8, so that every store
     * and file would keep something else.
     */
    public static boolean printable(String text) {
        return text.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    /** True if it can be written as UTF-8 and read again: no half of a surrogate pair stands alone. */
    public static boolean encodable(String text) {
        return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }

    public static String name(String object, @Nullable String value) {
        String name = required(object, "name", value);
        if (name.isEmpty() || name.length() > NAME_LENGTH_MAX || !printable(name) || !name.equals(name.strip())) {
            throw new ModelException(
                    object,
                    "name",
                    value,
                    "must be 1.." + NAME_LENGTH_MAX + " printable characters without blanks at either end");
        }
        return name;
    }

    /**
     * A name that somebody gives: nothing in it is invisible or changes the direction of what is around it (UTS 39), so that no two
     * names look the same for that.
     */
    public static String visible(String object, String field, String name) {
        name.codePoints().filter(Rules::isInvisible).findFirst().ifPresent(c -> {
            throw new ModelException(
                    object,
                    field,
                    "U+%04X".formatted(c),
                    "must have no characters of format, like those of zero width or that change the direction of writing");
        });
        return name;
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** A description that was left out is empty. */
    public static String description(String object, @Nullable String value) {
        if (value == null) {
            return "";
        }
        if (value.length() > DESCRIPTION_LENGTH_MAX) {
            throw new ModelException(
                    object,
                    "description",
                    value.substring(0, 16) + "...",
                    "must be at most " + DESCRIPTION_LENGTH_MAX + " characters");
        }
        if (!encodable(value)) {
            throw new ModelException(object, "description", "half a surrogate pair", "must be well-formed Unicode");
        }
        return value;
    }

    /** A DNS name without a dot at its end (RFC 1123 section 2.1). */
    public static String dnsName(String object, String field, String value) {
        if (value.length() > DNS_NAME_LENGTH_MAX || !DNS_NAME.matcher(value).matches()) {
            throw new ModelException(object, field, value, "must be a DNS name");
        }
        return value;
    }

    public static int range(String object, String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ModelException(object, field, value, "must be " + min + ".." + max);
        }
        return value;
    }

    public static MacAddress unicast(String object, String field, @Nullable MacAddress value) {
        MacAddress mac = required(object, field, value);
        if (mac.isMulticast() || mac.value() == 0) {
            throw new ModelException(object, field, mac, "must be a unicast address");
        }
        return mac;
    }

    /** An address that a machine in the prefix can have: not the network, not the IPv4 broadcast address. */
    public static IpAddress usable(String object, String field, @Nullable IpAddress value, IpPrefix prefix) {
        IpAddress address = required(object, field, value);
        if (!prefix.contains(address)) {
            throw new ModelException(object, field, address, "must be inside " + prefix);
        }
        boolean broadcast = address.bits() == 32 && address.equals(prefix.last());
        if (prefix.length() < address.bits() - 1 && (address.equals(prefix.address()) || broadcast)) {
            throw new ModelException(
                    object, field, address, "must not be the network or broadcast address of " + prefix);
        }
        return address;
    }

    static Meta meta(Kind kind, @Nullable Meta value) {
        String object = kind.label();
        Meta meta = required(object, "name", value);
        required(object, "id", meta.id());
        name(object, meta.name());
        description(object, meta.description());
        Labels.checked(object, meta.labels());
        if (meta.createdRevision() < 0 || meta.changedRevision() < meta.createdRevision()) {
            throw new ModelException(
                    object, "changedRevision", meta.changedRevision(), "must not be before " + meta.createdRevision());
        }
        return meta;
    }
}
