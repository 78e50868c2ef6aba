package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import net.nvgate.fabric.model.FabricJson;
import org.jspecify.annotations.Nullable;

/** Small helpers of the handlers: parameters in, JSON out. */
final class Replies {

    private Replies() {}

    static void json(RoutingContext context, int status, Object value) {
        jsonText(context, status, FabricJson.write(value));
    }

    static void jsonText(RoutingContext context, int status, String json) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(json);
    }

    static void send(RoutingContext context, Changes.Answer answer) {
        if (!answer.etag().isEmpty()) {
            context.response().putHeader("ETag", answer.etag());
        }
        if (!answer.location().isEmpty()) {
            context.response().putHeader("Location", answer.location());
        }
        if (answer.json().isEmpty()) {
            context.response().setStatusCode(answer.status()).end();
        } else {
            jsonText(context, answer.status(), answer.json());
        }
    }

    static void text(RoutingContext context, String contentType, String body) {
        context.response()
                .putHeader("Content-Type", contentType)
                .putHeader("Cache-Control", "no-store")
                .end(body);
    }

    /** The request after validation against the contract. */
    static ValidatedRequest request(RoutingContext context) {
        return context.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
    }

    /** The path parameter {@code id}; the contract has checked that it is a UUID. */
    static UUID id(RoutingContext context) {
        return uuid(context, "id");
    }

    /** A path parameter; the contract has checked that it is a UUID. */
    static UUID uuid(RoutingContext context, String parameter) {
        return UUID.fromString(pathText(context, parameter));
    }

    static String pathText(RoutingContext context, String parameter) {
        return parameter(request(context).getPathParameters(), parameter).getString();
    }

    static long pathNumber(RoutingContext context, String parameter) {
        return parameter(request(context).getPathParameters(), parameter).getLong();
    }

    static String path(RoutingContext context, String parameter) {
        return parameter(request(context).getPathParameters(), parameter).getString();
    }

    static long number(RoutingContext context, String parameter, long whenAbsent) {
        return parameter(request(context).getQuery(), parameter).getLong(whenAbsent);
    }

    /** False if it is absent. */
    static boolean flag(RoutingContext context, String parameter) {
        return Boolean.TRUE.equals(
                parameter(request(context).getQuery(), parameter).getBoolean());
    }

    static int integer(RoutingContext context, String parameter, int whenAbsent) {
        return parameter(request(context).getQuery(), parameter).getInteger(whenAbsent);
    }

    static @Nullable String text(RoutingContext context, String parameter) {
        return parameter(request(context).getQuery(), parameter).getString();
    }

    /** Every parameter of the contract is in the map, absent ones with a null value. */
    private static RequestParameter parameter(Map<String, RequestParameter> parameters, String name) {
        return Objects.requireNonNull(parameters.get(name), () -> "the contract has no parameter " + name);
    }
}
