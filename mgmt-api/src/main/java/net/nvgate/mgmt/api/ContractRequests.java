package net.nvgate.mgmt.api;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.impl.RequestParameterImpl;
import io.vertx.openapi.validation.impl.ValidatableRequestImpl;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.nvgate.mgmt.access.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Hands the parts of a request to the validator. Unlike the library's extractor it refuses unknown and repeated query
 * parameters and other media types than JSON, decodes a query once, and keeps text that looks like a number text.
 */
final class ContractRequests implements RequestExtractor {

    private static final String KEY = "nvgate.operation";

    private final AccessGuard guard;

    private final RequestTraces traces;

    ContractRequests(AccessGuard guard, RequestTraces traces) {
        this.guard = guard;
        this.traces = traces;
    }

    /** Operation id of the request, "none" if the contract has no such operation. */
    static String operationOf(RoutingContext context) {
        String id = context.get(KEY);
        return id == null ? "none" : id;
    }

    @Override
    public Future<ValidatableRequest> extractValidatableRequest(RoutingContext context, Operation operation) {
        context.put(KEY, operation.getOperationId());
        try {
            if (!AccessGuard.principal(context).equals(Principal.NOBODY)) {
                traces.begin(context, operation);
            }
            guard.authorize(context, operation);
            RequestTraces.step(context, "permission");
            Map<String, RequestParameter> path = new HashMap<>();
            Map<String, RequestParameter> query = new HashMap<>();
            Map<String, RequestParameter> header = new HashMap<>();
            for (Parameter parameter : operation.getParameters()) {
                String name = parameter.getName();
                if (parameter.getIn() == Location.PATH) {
                    path.put(name, value(parameter, List.of(context.pathParam(name))));
                } else if (parameter.getIn() == Location.QUERY) {
                    query.put(name, value(parameter, context.queryParam(name)));
                } else if (parameter.getIn() == Location.HEADER) {
                    header.put(
                            name, value(parameter, context.request().headers().getAll(name)));
                }
            }
            if (!operation.getOpenAPIModel().getBoolean("x-nvgate-open-query", false)) {
                refuseUnknown(context.queryParams(), query);
            }
            refuseNameless(context.request().query());
            if (operation.getRequestBody() == null) {
                return Future.succeededFuture(new ValidatableRequestImpl(Map.of(), header, path, query));
            }
            Buffer body = context.body().buffer();
            if (FileHandlers.PATHS.contains(context.request().path())) {
                return Future.succeededFuture(file(context, body, header, path, query));
            }
            requireJson(context);
            return Future.succeededFuture(new ValidatableRequestImpl(
                    Map.of(), header, path, query, new RequestParameterImpl(body), "application/json"));
        } catch (ProblemException e) {
            return Future.failedFuture(e);
        }
    }

    /** A fabric file is looked at by who reads it. The router's copy of the contract knows it as text. */
    private static ValidatableRequest file(
            RoutingContext context,
            Buffer body,
            Map<String, RequestParameter> header,
            Map<String, RequestParameter> path,
            Map<String, RequestParameter> query) {
        require(context, "application/yaml");
        if (body == null || body.length() == 0) {
            throw new ProblemException(ProblemCode.MISSING_FIELD, "The body is required");
        }
        return new ValidatableRequestImpl(Map.of(), header, path, query, new RequestParameterImpl(body), "text/plain");
    }

    private static RequestParameter value(Parameter parameter, List<String> values) {
        if (values.size() > 1) {
            throw new ProblemException(Problem.of(ProblemCode.INVALID_VALUE, "The parameter must be given once")
                    .atField(parameter.getName()));
        }
        if (values.isEmpty()) {
            return new RequestParameterImpl(null);
        }
        String text = values.getFirst();
        // The validator decodes values as JSON: quoted, "1.5" stays the text it is.
        return new RequestParameterImpl(parameter.getSchemaType() == SchemaType.STRING ? Json.encode(text) : text);
    }

    private static void refuseUnknown(MultiMap given, Map<String, RequestParameter> known) {
        for (String name : given.names()) {
            if (!known.containsKey(name)) {
                throw new ProblemException(
                        Problem.of(ProblemCode.UNKNOWN_PARAMETER, "This path has no parameter of this name")
                                .atField(name));
            }
        }
    }

    private static void refuseNameless(@Nullable String query) {
        if (query != null && RequestTargets.hasNameless(query)) {
            throw new ProblemException(ProblemCode.UNKNOWN_PARAMETER, "A parameter of the query has no name");
        }
    }

    /** A page of another site cannot send this type without asking first (CORS preflight), which nobody answers. */
    private static void requireJson(RoutingContext context) {
        require(context, "application/json");
    }

    private static void require(RoutingContext context, String wanted) {
        String type = context.request().getHeader("Content-Type");
        String condensed = type == null ? "" : type.replace(" ", "").toLowerCase(Locale.ROOT);
        boolean right = condensed.equals(wanted)
                || condensed.equals(wanted + ";charset=utf-8")
                || condensed.equals(wanted + ";charset=\"utf-8\"");
        if (!right || context.request().getHeader("Content-Encoding") != null) {
            throw new ProblemException(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body must be " + wanted + " in UTF-8 without content encoding, not '" + type + "'");
        }
    }
}
