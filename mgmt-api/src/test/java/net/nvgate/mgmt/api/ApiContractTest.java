package net.nvgate.mgmt.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.RequestBody;
import io.vertx.openapi.contract.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.nvgate.fabric.model.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The document itself. */
class ApiContractTest {

    private static StrictContract contract;

    @BeforeAll
    static void load() throws Exception {
        contract = new StrictContract();
    }

    @AfterAll
    static void close() throws Exception {
        contract.close();
    }

    /** A start does not look: the router is built from a document that this test has seen. */
    @Test
    void isValidOpenApi() {
        Vertx vertx = Vertx.vertx();
        try {
            JsonObject document =
                    ApiContract.routerDocument(ApiContract.load().json().getMap());
            OpenAPIContract checked = OpenAPIContract.from(vertx, document).await();
            assertThat(ApiContract.load().forRouter().operations())
                    .extracting(Operation::getOperationId)
                    .containsExactlyInAnyOrderElementsOf(checked.operations().stream()
                            .map(Operation::getOperationId)
                            .toList());
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void everyExampleFollowsItsSchema() {
        List<String> wrong = new ArrayList<>();
        int examples = 0;
        for (Operation operation : contract.contract().operations()) {
            for (MediaType media : mediaTypes(operation)) {
                JsonObject named = media.getOpenAPIModel().getJsonObject("examples");
                if (named == null) {
                    continue;
                }
                Object value = plain(named.getJsonObject("example").getJsonObject("value"));
                examples++;
                OutputUnit result = contract.contract()
                        .getSchemaRepository()
                        .validator(media.getSchema())
                        .validate(value);
                if (!Boolean.TRUE.equals(result.getValid())) {
                    wrong.add(operation.getOperationId() + ": " + value + ": " + result.getErrors());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(examples).isGreaterThan(200);
    }

    /** Without the members that the resolver adds. */
    private static Object plain(Object node) {
        return switch (node) {
            case JsonObject object -> {
                JsonObject copy = new JsonObject();
                object.fieldNames().stream()
                        .filter(name -> !name.startsWith("__"))
                        .forEach(name -> copy.put(name, plain(object.getValue(name))));
                yield copy;
            }
            case JsonArray array ->
                new JsonArray(array.stream().map(ApiContractTest::plain).toList());
            default -> node;
        };
    }

    private static List<MediaType> mediaTypes(Operation operation) {
        RequestBody body = operation.getRequestBody();
        Collection<MediaType> request =
                body == null ? List.of() : body.getContent().values();
        List<MediaType> all = new ArrayList<>(request);
        IntStream.range(100, 600)
                .mapToObj(operation::getResponse)
                .filter(response -> response != null)
                .forEach(response -> all.addAll(response.getContent().values()));
        all.addAll(operation.getDefaultResponse().getContent().values());
        return all;
    }

    @Test
    void listsEveryErrorCode() {
        Set<String> written = ApiContract.load()
                .json()
                .getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject("ProblemCode")
                .getJsonArray("enum")
                .stream()
                .map(Object::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(written)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ProblemCode.values())
                        .map(ProblemCode::text)
                        .toList());
    }

    @Test
    void thePageOfErrorsHasEveryCode() throws java.io.IOException {
        assertThat(java.nio.file.Files.readAllLines(java.nio.file.Path.of("docs/api.md")))
                .containsAll(Arrays.stream(ProblemCode.values())
                        .map(code -> "| `" + code.text() + "` | " + code.status() + " | " + code.hint() + " |")
                        .toList());
    }

    @Test
    void everyOperationSaysWhatCanGoWrong() {
        for (Operation operation : contract.contract().operations()) {
            Set<Integer> statuses = contract.statuses(operation.getOperationId());
            if (operation.getRequestBody() != null) {
                assertThat(statuses).as(operation.getOperationId()).contains(400, 409, 413, 415, 503);
            }
            if (operation.getAbsoluteOpenAPIPath().contains("{id}")
                    && !operation.getOperationId().startsWith("create")) {
                assertThat(statuses).as(operation.getOperationId()).contains(400, 404, 503);
            }
            assertThat(operation.getDefaultResponse())
                    .as(operation.getOperationId())
                    .isNotNull();
        }
    }

    /** What is read, made or changed says its version; what changes or deletes it can insist on one. */
    @Test
    void everyKindHasVersions() {
        for (Kind kind : Kind.ofFabric()) {
            String name = ObjectHandlers.operationName(kind);
            assertThat(StrictContract.hasEtag(response("get" + name, 200)))
                    .as(name)
                    .isTrue();
            assertThat(StrictContract.hasEtag(response("create" + name, 201)))
                    .as(name)
                    .isTrue();
            assertThat(StrictContract.hasEtag(response("update" + name, 200)))
                    .as(name)
                    .isTrue();
            for (String operation : List.of("update" + name, "delete" + name)) {
                assertThat(contract.contract().operation(operation).getParameters())
                        .as(operation)
                        .anyMatch(parameter -> parameter.getName().equals("If-Match"));
                assertThat(contract.statuses(operation)).as(operation).contains(412);
            }
        }
    }

    /** Whoever adds a verb that changes something decides on both, or writes down why not. */
    @Test
    void everyChangeCanBeTriedAndCanInsistOnAVersion() {
        List<String> wrong = new ArrayList<>();
        int changes = 0;
        for (Operation operation : contract.contract().operations()) {
            if (Set.of("GET", "HEAD", "OPTIONS")
                    .contains(operation.getHttpMethod().name())) {
                continue;
            }
            changes++;
            decided(operation, "dryRun", "x-nvgate-no-dry-run", true, wrong);
            boolean ofSomething = operation.getAbsoluteOpenAPIPath().contains("{");
            decided(operation, "If-Match", "x-nvgate-no-if-match", ofSomething, wrong);
            boolean insists = hasParameter(operation, "If-Match");
            if (insists != contract.statuses(operation.getOperationId()).contains(412)
                    && !Set.of("runBatch", "planFile", "applyFile").contains(operation.getOperationId())) {
                wrong.add(operation.getOperationId() + ": 412 without If-Match, or the other way round");
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(changes).isGreaterThan(100);
    }

    /** What is sent again must not make a second one. */
    @Test
    void everyPostCanBeSentAgain() {
        List<String> wrong = new ArrayList<>();
        int keyed = 0;
        for (Operation operation : contract.contract().operations()) {
            if (operation.getHttpMethod().name().equals("POST")) {
                decided(operation, "Idempotency-Key", "x-nvgate-no-idempotency-key", true, wrong);
                keyed += hasParameter(operation, "Idempotency-Key") ? 1 : 0;
            }
            boolean makes = contract.statuses(operation.getOperationId()).contains(201);
            if (makes && !hasParameter(operation, "Idempotency-Key")) {
                wrong.add(operation.getOperationId() + " makes something, and has no Idempotency-Key");
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(keyed).isGreaterThan(40);
    }

    private static void decided(
            Operation operation, String parameter, String reason, boolean needed, List<String> wrong) {
        boolean has = hasParameter(operation, parameter);
        String why = operation.getOpenAPIModel().getString(reason, "");
        if (has && !why.isEmpty()) {
            wrong.add(operation.getOperationId() + " has both " + parameter + " and " + reason);
        } else if (needed && !has && why.split(" ").length < 4) {
            wrong.add(operation.getOperationId() + " has neither " + parameter + " nor " + reason);
        }
    }

    private static boolean hasParameter(Operation operation, String name) {
        return operation.getParameters().stream()
                .anyMatch(parameter -> parameter.getName().equals(name));
    }

    private static Response response(String operation, int status) {
        return contract.contract().operation(operation).getResponse(status);
    }

    @Test
    void refersOnlyToWhatIsThere() {
        Map<String, Object> document = ApiContract.load().json().getMap();
        JsonObject json = new JsonObject(document);
        Set<String> missing = references(document)
                .filter(reference -> !resolves(json, reference))
                .collect(Collectors.toSet());
        assertThat(missing).isEmpty();
    }

    private static Stream<String> references(Object node) {
        return switch (node) {
            case JsonObject object -> references(object.getMap());
            case JsonArray array -> references(array.getList());
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .flatMap(entry -> entry.getKey().equals("$ref")
                                ? Stream.of((String) entry.getValue())
                                : references(entry.getValue()));
            case List<?> list -> list.stream().flatMap(ApiContractTest::references);
            default -> Stream.empty();
        };
    }

    private static boolean resolves(JsonObject document, String reference) {
        String[] steps = reference.split("/", -1);
        JsonObject components = document.getJsonObject(steps[1]);
        return steps.length == 4 && components.getJsonObject(steps[2]).containsKey(steps[3]);
    }
}
