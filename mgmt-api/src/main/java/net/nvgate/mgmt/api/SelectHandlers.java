package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists with the fields that are asked for, and no others. */
final class SelectHandlers {

    private static final int LIMIT_DEFAULT = 100;

    private final AccessGuard guard;
    private final ObjectHandlers objects;
    private final BlockingCalls blocking;

    SelectHandlers(AccessGuard guard, ObjectHandlers objects, BlockingCalls blocking) {
        this.guard = guard;
        this.objects = objects;
        this.blocking = blocking;
    }

    void mount(RouterBuilder routes) {
        Operations.of(routes, "selectObjects").addHandler(this::select);
    }

    private void select(RoutingContext context) {
        Kind kind = ChangeHandlers.kind(Replies.path(context, "kind"));
        guard.require(context, AccessGuard.principal(context), "list" + ObjectHandlers.words(kind.path()));
        int limit = Replies.integer(context, "limit", LIMIT_DEFAULT);
        int offset = Replies.integer(context, "offset", 0);
        String given = Replies.text(context, "fields");
        Set<String> fields = Set.of(given == null ? new String[0] : distinct(given));
        for (String field : fields) {
            if (!RecordFields.has(kind.type(), field)) {
                throw new ProblemException(Problem.of(
                                ProblemCode.INVALID_VALUE,
                                "fields: there is no field '" + field + "', but " + RecordFields.names(kind.type()))
                        .atField("fields"));
            }
        }
        ListQuery query = ListQuery.of(context);
        blocking.run(() -> {
                    ObjectHandlers.Page page = objects.page(context, kind, null, query, limit, offset);
                    return FabricJson.write(selected(page, fields));
                })
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    private static String[] distinct(String fields) {
        return List.of(fields.split(",", -1)).stream().distinct().toArray(String[]::new);
    }

    private static ObjectNode selected(ObjectHandlers.Page page, Set<String> fields) {
        ObjectNode answer = FabricJson.mapper().createObjectNode();
        ArrayNode items = answer.putArray("items");
        Function<FabricObject, ObjectNode> tree = FabricJson.mapper()::valueToTree;
        page.items().forEach(object -> items.add(tree.apply(object).retain(fields)));
        return answer.put("total", page.total()).put("limit", page.limit()).put("offset", page.offset());
    }
}
