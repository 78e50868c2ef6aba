package net.nvgate.fabric.sync;

import com.google.protobuf.ByteString;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Checks the JSON that followers send, since the manager's API hands it on as it is. */
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** @throws ProtocolException if the text is not one JSON object */
    static void requireObject(ByteString text, String what) {
        require(text, what, JsonToken.START_OBJECT, "object");
    }

    /** @throws ProtocolException if the text is not one JSON array */
    static void requireArray(ByteString text, String what) {
        require(text, what, JsonToken.START_ARRAY, "array");
    }

    private static void require(ByteString text, String what, JsonToken first, String shape) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text.toByteArray())) {
            if (parser.nextToken() != first) {
                throw new ProtocolException(what + " is not a JSON " + shape);
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new ProtocolException(what + " goes on after its JSON " + shape);
            }
        } catch (JacksonException e) {
            throw new ProtocolException(what + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }
}
