package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The JSON form of fabric objects and of requests for them: field names are those of the records, addresses, prefixes
 * and MACs are text, a VSID is a number, an absent Optional is left out, an unknown field is an error.
 */
public final class FabricJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(valueTypes())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .build();

    private FabricJson() {}

    /** The mapper, for callers that stream or embed objects in larger documents. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** @throws ModelException naming the field, if the text is not JSON of this type or breaks a rule */
    public static <T> T read(String json, Class<T> type) {
        return read(MAPPER, json, type);
    }

    /** As {@link #read(String, Class)}, by a mapper that was made from this one. */
    public static <T> T read(JsonMapper mapper, String json, Class<T> type) {
        try {
            return Rules.required(label(type), "body", mapper.readValue(json, type));
        } catch (JacksonException e) {
            throw explain(type, e);
        }
    }

    private static ModelException explain(Class<?> type, JacksonException e) {
        String path = path(e.getPath());
        if (e.getCause() instanceof ModelException rule) {
            boolean wholeObject = path.isEmpty() || !(e instanceof InvalidFormatException);
            return wholeObject ? rule : new ModelException(label(type), path, rule.value(), rule.rule());
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            return new ModelException(label(type), path, unknown.getPropertyName(), "is not a field of this object");
        }
        if (e instanceof InvalidFormatException format) {
            return new ModelException(
                    label(type),
                    path,
                    format.getValue(),
                    "must be a " + format.getTargetType().getSimpleName());
        }
        return new ModelException(label(type), path.isEmpty() ? "body" : path, null, e.getOriginalMessage());
    }

    private static String path(List<JacksonException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference reference : references) {
            if (reference.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
            } else if (reference.getIndex() >= 0) {
                path.append('[').append(reference.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    /** VmSubnet and VmSubnetSpec are both called vm-subnet. */
    private static String label(Class<?> type) {
        String name = type.getSimpleName().replaceAll("Spec$", "");
        return name.replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static SimpleModule valueTypes() {
        SimpleModule module = new SimpleModule("nvgate");
        text(module, IpAddress.class, IpAddress::parse);
        text(module, IpPrefix.class, IpPrefix::parse);
        text(module, MacAddress.class, MacAddress::parse);
        module.addSerializer(Vsid.class, new VsidWriter());
        module.addDeserializer(Vsid.class, new VsidReader());
        return module;
    }

    private static <T> void text(SimpleModule module, Class<T> type, Function<String, T> parse) {
        module.addSerializer(type, new TextWriter<>());
        module.addDeserializer(type, new TextReader<>(type, parse));
    }

    private static final class TextWriter<T> extends ValueSerializer<T> {
        @Override
        public void serialize(T value, JsonGenerator out, SerializationContext context) {
            out.writeString(value.toString());
        }
    }

    private static final class TextReader<T> extends ValueDeserializer<T> {
        private final Class<T> type;
        private final Function<String, T> parse;

        TextReader(Class<T> type, Function<String, T> parse) {
            this.type = type;
            this.parse = parse;
        }

        @Override
        public @Nullable T deserialize(JsonParser in, DeserializationContext context) {
            String text = in.getValueAsString();
            try {
                return parse.apply(text == null ? "" : text);
            } catch (ModelException e) {
                throw withCause(InvalidFormatException.from(in, e.getMessage(), text, type), e);
            }
        }
    }

    private static final class VsidWriter extends ValueSerializer<Vsid> {
        @Override
        public void serialize(Vsid value, JsonGenerator out, SerializationContext context) {
            out.writeNumber(value.value());
        }
    }

    private static final class VsidReader extends ValueDeserializer<Vsid> {
        @Override
        public Vsid deserialize(JsonParser in, DeserializationContext context) {
            try {
                return new Vsid(in.getIntValue());
            } catch (ModelException e) {
                throw withCause(InvalidFormatException.from(in, e.getMessage(), in.getIntValue(), Vsid.class), e);
            }
        }
    }

    private static InvalidFormatException withCause(InvalidFormatException format, ModelException cause) {
        format.initCause(cause);
        return format;
    }
}
