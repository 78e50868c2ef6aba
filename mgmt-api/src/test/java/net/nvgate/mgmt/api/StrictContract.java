package net.nvgate.mgmt.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Response;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The contract with every object closed, so that an answer with a field nobody wrote down is found. */
public final class StrictContract implements AutoCloseable {

    /** Any operation: its default response is the problem that paths outside of the contract get. */
    private static final String ANY = "getFabric";

    private final Vertx vertx = Vertx.vertx();
    private final OpenAPIContract contract;
    private final ResponseValidator validator;

    public StrictContract() throws Exception {
        JsonObject document = ApiContract.load().json();
        JsonObject schemas = document.getJsonObject("components").getJsonObject("schemas");
        for (String name : schemas.fieldNames()) {
            JsonObject schema = schemas.getJsonObject(name);
            if (schema.containsKey("properties") && !schema.containsKey("additionalProperties")) {
                schema.put("additionalProperties", false);
            }
        }
        contract = ApiContract.forRouter(document.getMap());
        validator = ResponseValidator.create(vertx, contract);
    }

    OpenAPIContract contract() {
        return contract;
    }

    /** Fails unless the contract has this answer to this request. */
    public void check(String method, String path, int status, Map<String, String> headers, String body)
            throws Exception {
        Operation operation = contract.findOperation(path, HttpMethod.valueOf(method));
        checkAnswer(operation == null ? ANY : operation.getOperationId(), status, headers, body);
    }

    /** Fails unless the operation has this answer. */
    public void checkAnswer(String id, int status, Map<String, String> headers, String body) throws Exception {
        String type = headers.get("content-type");
        assertThat(headers).as(id).containsKey("x-request-id");
        checkEtag(id, status, headers, body);
        if (type == null) {
            validator
                    .validate(ValidatableResponse.create(status, new HashMap<>(headers)), id)
                    .await();
            return;
        }
        String routerType = ApiContract.routerMediaType(type);
        if (routerType.equals("text/plain")) {
            Response response = contract.operation(id).getResponse(status);
            assertThat(response.getContent()).containsOnlyKeys("text/plain");
            return;
        }
        assertThat(type)
                .isEqualTo(
                        status < 400 || (id.equals("getReadiness") && status == 503)
                                ? "application/json"
                                : ApiContract.PROBLEM_JSON);
        validator
                .validate(
                        ValidatableResponse.create(status, new HashMap<>(headers), Buffer.buffer(body), routerType), id)
                .await();
    }

    /** An entity tag is sent where the contract says so, and nowhere else; a dry run has none. */
    private void checkEtag(String operationId, int status, Map<String, String> headers, String body) {
        Response response = contract.operation(operationId).getResponse(status);
        boolean written = response != null && hasEtag(response);
        boolean sent = headers.containsKey("etag");
        boolean dryRun = body.startsWith("{\"dryRun\":true");
        assertThat(sent).as("ETag of %s %s", operationId, status).isEqualTo(written && !dryRun);
        if (sent) {
            assertThat(headers.get("etag")).matches("\"\\d{1,18}\"");
        }
    }

    static boolean hasEtag(Response response) {
        return response.getHeaders().stream()
                .anyMatch(header -> header.getName().equalsIgnoreCase("ETag"));
    }

    /** Status codes that the contract writes down for an operation, without default. */
    Set<Integer> statuses(String operationId) {
        Set<Integer> statuses = new TreeSet<>();
        JsonObject responses = contract.operation(operationId).getOpenAPIModel().getJsonObject("responses");
        responses.fieldNames().stream()
                .filter(name -> name.matches("\\d+"))
                .map(Integer::valueOf)
                .forEach(statuses::add);
        return statuses;
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
