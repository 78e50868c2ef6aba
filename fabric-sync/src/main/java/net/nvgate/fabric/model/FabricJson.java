package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.exc.InvalidFormatException;
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

    /** For what people and their programs send: of two values of one field nobody can tell which was meant. */
    private static final JsonMapper STRICT = MAPPER.rebuild()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private FabricJson() {}

    /** The mapper, for callers that stream or embed objects in larger documents. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** @throws ModelException naming the field, if the text is not JSON of this type, says a field twice or breaks a rule */
    public static <T> T read(String json, Class<T> type) {
        return read(STRICT, json, type);
    }

    /** As {@link #read(String, Class)}, by a mapper that was made from this one. */
    public static <T> T read(JsonMapper mapper, String json, Class<T> type) {
        try {
            return Rules.required(JsonProblem.label(type), "body", mapper.readValue(json, type));
        } catch (JacksonException e) {
            throw JsonProblem.of(type, e);
        }
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
        private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");

        @Override
        public Vsid deserialize(JsonParser in, DeserializationContext context) {
            int value = value(in);
            try {
                return new Vsid(value);
            } catch (ModelException e) {
                throw withCause(InvalidFormatException.from(in, e.getMessage(), value, Vsid.class), e);
            }
        }

        /** People quote numbers, too. */
        private static int value(JsonParser in) {
            if (in.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                return in.getIntValue();
            }
            String text =
                    in.currentToken() == JsonToken.VALUE_STRING ? in.getString().strip() : "";
            if (!DIGITS.matcher(text).matches()) {
                throw InvalidFormatException.from(in, "not a number", in.getString(), Vsid.class);
            }
            return Integer.parseInt(text);
        }
    }

    private static InvalidFormatException withCause(InvalidFormatException format, ModelException cause) {
        format.initCause(cause);
        return format;
    }
}
