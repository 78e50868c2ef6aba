package net.nvgate.fabric.config;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The keys of a configuration file as a table, for the documentation. Names, types and meanings are those by which
 * {@link ConfigFile} reads; the rest is asked of it. A key is required if the file is refused without it; the default is what the
 * file means without it; what is allowed is what the refusal of a number beyond all bounds says.
 *
 * @param <T> what the file is bound to
 * @param <R> what the process makes of that
 */
public final class ConfigReference<T, R> {

    private static final YAMLMapper MAPPER = new YAMLMapper();

    private static final Pattern RANGE = Pattern.compile(" must be (-?[0-9.]+\\.\\.[0-9.]+|at least [0-9]+), not ");
    private static final Pattern LITERAL = Pattern.compile("`([^`]*)`");

    /** By what a key ends with. */
    private static final Map<String, String> UNITS = Map.of(
            "-seconds", "s",
            "-minutes", "min",
            "-hours", "h",
            "-ms", "ms",
            "-micros-max", "µs",
            "-mib", "MiB",
            "-bytes", "bytes",
            "-percent", "%",
            "-mbit", "Mbit/s",
            "-per-second", "1/s");

    private final Class<T> type;
    private final Function<T, R> settle;
    private final JsonNode example;
    private final R made;

    /**
     * @param settle as for {@link ConfigFile}
     * @param example YAML that has every section, and in it nothing but what is required
     */
    public ConfigReference(Class<T> type, Function<T, R> settle, String example) {
        this.type = type;
        this.settle = settle;
        this.example = MAPPER.readTree(example);
        this.made = ConfigFile.parse(example, type, settle);
    }

    /** Every key that the parser knows, from the top; of lists of mappings {@code collectors[].name}. */
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        walk(KnownKeys.of(type), "", row -> keys.add(row.path));
        return keys;
    }

    /**
     * A table in Markdown.
     *
     * @param top the way to the top of the repository from where the page is: {@code ../..}
     * @throws IllegalStateException if a key says it has another default than the parser
     */
    public String table(String top) {
        StringBuilder out =
                new StringBuilder("| key | type | default | unit | allowed | meaning |\n|---|---|---|---|---|---|\n");
        walk(
                KnownKeys.of(type),
                "",
                row -> out.append(Arrays.asList(
                                "`" + row.path + "`",
                                typeName(row.known.type()),
                                otherwise(row),
                                unit(row),
                                allowed(row),
                                row.known.about().value().replace("](/", "](" + top + "/"))
                        .stream()
                        .map(cell -> cell.replace("|", "\\|"))
                        .collect(Collectors.joining(" | ", "| ", " |\n"))));
        return out.toString();
    }

    private record Row(String path, KnownKeys.Known known) {

        /** Of the first one, in lists. */
        String[] steps() {
            return path.replace("[]", ".0").split("\\.", -1);
        }
    }

    private static void walk(KnownKeys keys, String prefix, Consumer<Row> each) {
        keys.children().forEach((name, known) -> {
            each.accept(new Row(prefix + name, known));
            walk(known.below(), prefix + name + (known.isList() ? "[]." : "."), each);
        });
    }

    private String otherwise(Row row) {
        String said = row.known.about().or();
        if (at(example, row.steps()) != null && refused(without(row)).isPresent()) {
            return "required";
        }
        if (said.isEmpty()
                && !row.known.isList()
                && !row.known.below().children().isEmpty()) {
            return "";
        }
        if (said.isEmpty()) {
            return made(row)
                    .map(value -> shown(row, value))
                    .orElseThrow(() -> new IllegalStateException(row.path
                            + ": the record has no component of this name; @Key must say what holds without it"));
        }
        Matcher literal = LITERAL.matcher(said);
        if (literal.matches()) {
            R same = ConfigFile.parse(with(row, MAPPER.readTree(literal.group(1))), type, settle);
            boolean absent = at(example, row.steps()) == null;
            if (!same.equals(absent ? made : ConfigFile.parse(without(row), type, settle))) {
                throw new IllegalStateException(row.path + " is not " + said + " without the key");
            }
        }
        return said;
    }

    private static String shown(Row row, Object value) {
        return switch (value) {
            case Optional<?> maybe -> maybe.map(inside -> shown(row, inside)).orElse("none");
            case Enum<?> constant -> "`" + constant.name().toLowerCase(Locale.ROOT) + "`";
            case Collection<?> none when none.isEmpty() -> "`[]`";
            case Collection<?> some ->
                some.stream()
                        .map(one -> shown(row, one))
                        .map(text -> text.replace("`", ""))
                        .sorted()
                        .collect(Collectors.joining(", ", "`[", "]`"));
            case Map<?, ?> none when none.isEmpty() -> "`{}`";
            case String none when none.isEmpty() -> "none";
            default -> "`" + value + "`";
        };
    }

    private static String unit(Row row) {
        String said = row.known.about().unit();
        boolean number = row.known.type() instanceof Class<?> plain && Number.class.isAssignableFrom(plain);
        return !said.isEmpty() || !number
                ? said
                : UNITS.entrySet().stream()
                        .filter(unit -> row.path.endsWith(unit.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("");
    }

    private String allowed(Row row) {
        Type[] inside = row.known.type() instanceof ParameterizedType generic
                ? generic.getActualTypeArguments()
                : new Type[] {row.known.type()};
        Class<?> plain = (Class<?>) inside[inside.length - 1];
        if (plain.isEnum()) {
            return Arrays.stream(plain.getEnumConstants())
                    .map(constant -> "`" + ((Enum<?>) constant).name().toLowerCase(Locale.ROOT) + "`")
                    .collect(Collectors.joining(", "));
        }
        if (!Number.class.isAssignableFrom(plain)) {
            return "";
        }
        String refusal = refused(with(row, MAPPER.readTree(String.valueOf(Integer.MIN_VALUE))))
                .orElseThrow(() -> new IllegalStateException(row.path + " may be any number: give it bounds"));
        Matcher range = RANGE.matcher(refusal);
        if (!range.find()) {
            throw new IllegalStateException(row.path + ": the refusal does not tell the bounds: " + refusal);
        }
        return range.group(1);
    }

    private static String typeName(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] inside = generic.getActualTypeArguments();
            return generic.getRawType() == Map.class
                    ? "mapping to " + typeName(inside[1])
                    : "list of " + typeName(inside[0]) + "s";
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return "section";
        }
        return plain == Integer.class || plain == Long.class
                ? "integer"
                : plain == Double.class || plain == BigDecimal.class
                        ? "number"
                        : plain == Boolean.class
                                ? "`true`, `false`"
                                : plain == Path.class ? "path" : plain.isEnum() ? "word" : "text";
    }

    /** Why the text is refused; empty if it is not. */
    private Optional<String> refused(String text) {
        try {
            ConfigFile.parse(text, type, settle);
            return Optional.empty();
        } catch (ConfigException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private String with(Row row, JsonNode value) {
        JsonNode all = example.deepCopy();
        String[] steps = row.steps();
        JsonNode there = all;
        for (int i = 0; i < steps.length - 1; i++) {
            there = below(there, steps[i]);
        }
        ((ObjectNode) there).set(steps[steps.length - 1], value);
        return all.toString();
    }

    private String without(Row row) {
        JsonNode all = example.deepCopy();
        String[] steps = row.steps();
        JsonNode parent = at(all, Arrays.copyOf(steps, steps.length - 1));
        ((ObjectNode) Objects.requireNonNull(parent)).remove(steps[steps.length - 1]);
        return all.toString();
    }

    private static JsonNode below(JsonNode there, String step) {
        if (there instanceof ArrayNode list) {
            return list.get(Integer.parseInt(step));
        }
        JsonNode next = there.get(step);
        return next == null ? ((ObjectNode) there).putObject(step) : next;
    }

    private static @Nullable JsonNode at(JsonNode from, String... steps) {
        JsonNode there = from;
        for (String step : steps) {
            there = there instanceof ArrayNode list ? list.get(Integer.parseInt(step)) : there.get(step);
            if (there == null) {
                return null;
            }
        }
        return there;
    }

    /** What the process has under the key's name; empty if it has nothing of that name. */
    private Optional<Object> made(Row row) {
        Object there = made;
        KnownKeys keys = KnownKeys.of(type);
        for (String step : row.steps()) {
            while (there instanceof Optional<?> maybe) {
                if (maybe.isEmpty()) {
                    return Optional.empty();
                }
                there = maybe.get();
            }
            if (there instanceof List<?> list) {
                there = list.get(Integer.parseInt(step));
                continue;
            }
            KnownKeys.Known known = Objects.requireNonNull(keys.children().get(step));
            Optional<Object> next = component(there, known.component());
            if (next.isEmpty()) {
                return Optional.empty();
            }
            there = next.get();
            keys = known.below();
        }
        return Optional.of(there);
    }

    private static Optional<Object> component(Object record, String name) {
        if (!record.getClass().isRecord()) {
            return Optional.empty();
        }
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            if (component.getName().equals(name)) {
                try {
                    Method accessor = component.getAccessor();
                    accessor.setAccessible(true);
                    return Optional.ofNullable(accessor.invoke(record));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return Optional.empty();
    }
}
