package net.nvgate.mgmt.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.manager.ObjectUser;

/**
 * An error as clients see it: RFC 9457 problem details.
 *
 * @param detail for people; never a stack trace or a class name
 * @param field JSON path of the field or name of the parameter at fault
 * @param object kind of the object concerned, singular
 * @param users objects that use the one to be deleted
 * @param operation which operation of a batch was refused, counted from 0
 */
record Problem(
        ProblemCode code,
        String detail,
        Optional<String> field,
        Optional<String> object,
        List<ObjectUser> users,
        Optional<Integer> operation) {

    /** Prefix of the member {@code type}: a name, not an address. */
    private static final String TYPE = "urn:nvgate:problem:";

    Problem {
        users = List.copyOf(users);
    }

    static Problem of(ProblemCode code, String detail) {
        return new Problem(code, detail, Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }

    /** The same in other words. */
    Problem said(String words) {
        return new Problem(code, words, field, object, users, Optional.empty());
    }

    Problem atField(String name) {
        return new Problem(code, detail, Optional.of(name), object, users, operation);
    }

    Problem aboutObject(String kind) {
        return new Problem(code, detail, field, Optional.of(kind), users, operation);
    }

    Problem atOperation(int place) {
        return new Problem(code, "operation " + place + ": " + detail, field, object, users, Optional.of(place));
    }

    JsonObject toJson(String requestId) {
        JsonObject json = new JsonObject()
                .put("type", TYPE + code.text())
                .put("title", code.title())
                .put("status", code.status())
                .put("detail", detail)
                .put("code", code.text())
                .put("hint", code.hint());
        field.ifPresent(name -> json.put("field", name));
        object.ifPresent(kind -> json.put("object", kind));
        if (!users.isEmpty()) {
            JsonArray list = new JsonArray();
            for (ObjectUser user : users) {
                list.add(new JsonObject()
                        .put("kind", user.kind())
                        .put("id", user.id().toString())
                        .put("name", user.name()));
            }
            json.put("users", list);
        }
        operation.ifPresent(place -> json.put("operation", place));
        return json.put("requestId", requestId);
    }
}
