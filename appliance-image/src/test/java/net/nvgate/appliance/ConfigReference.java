package net.nvgate.appliance;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.nvgate.fabric.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Keys of a configuration file, read off the records that it is bound to: key and type are those of the parameters of what makes a
 * record, the default is what that makes of nothing, the meaning is the record's {@code @param}.
 */
final class ConfigReference {

    /** What is given for keys that are required, so that the others have their defaults. */
    private static final String ANY = "https://example.org";

    private final Path repository;
    private final List<String> undescribed = new ArrayList<>();
    private final Map<String, String> sources = new HashMap<>();

    ConfigReference(Path repository) throws IOException {
        this.repository = repository;
        for (String module : List.of("fabric-sync", "gateway", "mgmt-api")) {
            try (Stream<Path> files = Files.walk(repository.resolve(module + "/src/main/java"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    String name = repository
                            .resolve(module + "/src/main/java")
                            .relativize(file)
                            .toString();
                    sources.put(name.replace(".java", "").replace('/', '.'), file.toString());
                }
            }
        }
    }

    /** Keys without a meaning. */
    List<String> undescribed() {
        return undescribed;
    }

    /**
     * One table.
     *
     * @param settings what the records make of a file that has only what is required, where they are not that themselves
     */
    String table(Class<?> type, Optional<Object> settings) throws ReflectiveOperationException, IOException {
        StringBuilder out = new StringBuilder("| key | type | default | meaning |\n|---|---|---|---|\n");
        rows(type, "", settings.or(() -> Optional.of(made(type))), settings.isPresent(), out);
        return out.toString();
    }

    private void rows(Class<?> type, String prefix, Optional<Object> made, boolean other, StringBuilder out)
            throws ReflectiveOperationException, IOException {
        List<String> required = required(type);
        for (Parameter parameter : creator(type).getParameters()) {
            String key = prefix + kebab(parameter.getName());
            Optional<Object> value = made.flatMap(all -> component(all, parameter.getName()));
            if (parameter.getType().isRecord()) {
                String there = required.contains(parameter.getName())
                        ? "required"
                        : value.isEmpty() || (value.get() instanceof Optional<?> none && none.isEmpty())
                                ? "none"
                                : "";
                described(type, parameter, key).ifPresent(meaning -> row(out, key, "section", there, meaning));
                Optional<Object> inside = value.map(v -> v instanceof Optional<?> maybe ? maybe.orElse(null) : v);
                if (inside.isEmpty() && !other) {
                    inside = Optional.of(made(parameter.getType()));
                }
                rows(parameter.getType(), key + ".", inside, other, out);
                continue;
            }
            String standard = required.contains(parameter.getName())
                    ? "required"
                    : value.map(ConfigReference::shown).orElse("none");
            String range = range(type, parameter.getName());
            Optional<String> meaning = described(type, parameter, key);
            if (meaning.isEmpty()) {
                undescribed.add(type.getName() + ": " + key);
            }
            row(out, key, type(parameter.getParameterizedType()), standard, meaning.orElse("") + range);
            Optional<Class<?>> element = sections(parameter.getParameterizedType());
            if (element.isPresent()) {
                rows(element.get(), key + "[].", Optional.of(made(element.get())), false, out);
            }
        }
    }

    /** Of what sections a list is, if it is one of sections. */
    private static Optional<Class<?>> sections(Type type) {
        return type instanceof ParameterizedType generic
                        && generic.getActualTypeArguments()[0] instanceof Class<?> inside
                        && inside.isRecord()
                ? Optional.of(inside)
                : Optional.empty();
    }

    private static void row(StringBuilder out, String key, String type, String standard, String meaning) {
        out.append("| `").append(key).append("` | ").append(type).append(" | ");
        out.append(
                standard.isEmpty() || standard.equals("required") || standard.equals("none")
                        ? standard
                        : "`" + standard + "`");
        out.append(" | ").append(meaning.replace("|", "\\|")).append(" |\n");
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** What binds a mapping to the record. */
    private static Executable creator(Class<?> type) {
        Optional<Method> factory = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(JsonCreator.class))
                .max(Comparator.comparing(Method::getParameterCount));
        if (factory.isPresent()) {
            return factory.get();
        }
        Class<?>[] components = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(components);
            return canonical;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object invoke(Executable creator, @Nullable Object[] arguments) throws InvocationTargetException {
        creator.setAccessible(true);
        try {
            return creator instanceof Method factory
                    ? factory.invoke(null, arguments)
                    : ((Constructor<?>) creator).newInstance(arguments);
        } catch (IllegalAccessException | InstantiationException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Tried(Object made, List<String> required) {}

    private static Object made(Class<?> type) {
        return tried(type).made();
    }

    private static List<String> required(Class<?> type) {
        return tried(type).required();
    }

    /** Makes the record of nothing, and gives it what it says is missing. */
    private static Tried tried(Class<?> type) {
        Executable creator = creator(type);
        Parameter[] parameters = creator.getParameters();
        @Nullable Object[] arguments = new Object[parameters.length];
        List<String> required = new ArrayList<>();
        while (true) {
            try {
                return new Tried(invoke(creator, arguments), required);
            } catch (InvocationTargetException e) {
                String why = String.valueOf(e.getCause().getMessage());
                int missing = -1;
                for (int i = 0; i < parameters.length; i++) {
                    boolean named = why.matches("(.*[. ])?" + Pattern.quote(kebab(parameters[i].getName())) + "[ :].*");
                    if (arguments[i] == null && named && e.getCause() instanceof ConfigException) {
                        missing = i;
                        break;
                    }
                }
                if (missing < 0) {
                    throw new IllegalStateException(type + " cannot be made: " + why, e);
                }
                required.add(parameters[missing].getName());
                arguments[missing] = any(parameters[missing].getParameterizedType());
            }
        }
    }

    private static Object any(Type type) {
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            if (Map.class.isAssignableFrom(raw)) {
                return Map.of("x", any(generic.getActualTypeArguments()[1]));
            }
            return List.of(any(generic.getActualTypeArguments()[0]));
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        }
        return raw == Path.class ? Path.of("x") : raw.isRecord() ? made(raw) : ANY;
    }

    /** What a record has of a name; a duration also if the key says its unit. */
    private static Optional<Object> component(Object record, String name) {
        for (String wanted : List.of(name, name.replaceAll("(Seconds|Ms|Millis|Minutes|Hours)$", ""), "v" + name)) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                boolean same = component.getName().equals(wanted)
                        || (component.getName().equals("vswitch") && wanted.equals("ovs"));
                if (same) {
                    try {
                        Method accessor = component.getAccessor();
                        accessor.setAccessible(true);
                        Object value = accessor.invoke(record);
                        return Optional.ofNullable(value instanceof Duration time ? unit(name, time) : value);
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Object unit(String name, Duration time) {
        return name.endsWith("Ms") || name.endsWith("Millis") ? time.toMillis() : time.toSeconds();
    }

    private static String shown(Object value) {
        return switch (value) {
            case Optional<?> maybe -> maybe.map(ConfigReference::shown).orElse("none");
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            case Collection<?> none when none.isEmpty() -> "[]";
            case Collection<?> made when made.stream().anyMatch(Record.class::isInstance) -> "none";
            case Map<?, ?> none when none.isEmpty() -> "{}";
            case String text when text.isEmpty() -> "none";
            default -> String.valueOf(value);
        };
    }

    private static String type(Type type) {
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            Type[] inside = generic.getActualTypeArguments();
            return Map.class.isAssignableFrom(raw)
                    ? "mapping to " + type(inside[1])
                    : "list of " + type(inside[0]);
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isEnum()) {
            return String.join(
                    " or ",
                    Arrays.stream(raw.getEnumConstants())
                            .map(constant -> "`" + shown(constant) + "`")
                            .toList());
        }
        return switch (raw.getSimpleName()) {
            case "Integer", "Long", "int", "long" -> "number";
            case "Boolean", "boolean" -> "`true` or `false`";
            case "Path" -> "file";
            case "String" -> "text";
            default -> raw.isRecord() ? "section" : raw.getSimpleName();
        };
    }

    /** The {@code @param} of the record. */
    private Optional<String> described(Class<?> type, Parameter parameter, String key) throws IOException {
        String name = parameter.getName();
        String doc = doc(type);
        String bare = name.replaceAll("(Seconds|Ms|Millis|Minutes|Hours)$", "");
        for (String wanted : List.of(name, bare)) {
            Matcher found = Pattern.compile("@param " + wanted + "\\s+(.*?)(?=@param|@throws|\\z)", Pattern.DOTALL)
                    .matcher(doc);
            if (found.find()) {
                return Optional.of(prose(found.group(1)));
            }
        }
        return Optional.empty();
    }

    private static String prose(String javadoc) {
        return javadoc.replaceAll("\\{@(?:code|link|value) #?([^}]*)}", "`$1`")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** The comment before the record, without its stars. */
    private String doc(Class<?> type) throws IOException {
        Matcher found = Pattern.compile(
                        "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*(?:(?:public|private|static)\\s+)*record "
                                + type.getSimpleName() + "\\b",
                        Pattern.DOTALL)
                .matcher(source(type));
        return found.find() ? found.group(1).replaceAll("(?m)^\\s*\\*", "") : "";
    }

    private String source(Class<?> type) throws IOException {
        Class<?> outer = type;
        while (outer.getEnclosingClass() != null) {
            outer = outer.getEnclosingClass();
        }
        return Files.readString(Path.of(sources.get(outer.getName())));
    }

    /** Where the record says it with numbers. */
    private String range(Class<?> type, String name) throws IOException {
        Matcher found = Pattern.compile("range\\(\\s*\"(?:[a-z0-9-]+\\.)*" + Pattern.quote(kebab(name))
                        + "\",[^;\"]*?,\\s*([0-9_]+),\\s*([0-9_]+)\\)")
                .matcher(source(type));
        return found.find()
                ? "; " + found.group(1).replace("_", "") + ".." + found.group(2).replace("_", "")
                : "";
    }
}
