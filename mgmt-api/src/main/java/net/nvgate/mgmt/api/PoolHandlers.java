package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.PoolAddress;
import net.nvgate.fabric.model.FabricJson;
import org.jspecify.annotations.Nullable;

/** The addresses of IP pools and who has them. */
final class PoolHandlers {

    private static final int LIMIT_DEFAULT = 100;

    private final FabricManager fabric;
    private final BlockingCalls blocking;

    PoolHandlers(FabricManager fabric, BlockingCalls blocking) {
        this.fabric = fabric;
        this.blocking = blocking;
    }

    /** A page of a list, as in the contract. */
    record Page(List<PoolAddress> items, int total, int limit, int offset) {}

    void mount(RouterBuilder routes) {
        Operations.of(routes, "getIpPoolAddresses").addHandler(this::addresses);
    }

    private void addresses(RoutingContext context) {
        UUID id = Replies.id(context);
        String state = Replies.text(context, "state");
        int limit = Replies.integer(context, "limit", LIMIT_DEFAULT);
        int offset = Replies.integer(context, "offset", 0);
        blocking.run(() -> FabricJson.write(page(id, state, limit, offset)))
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    private Page page(UUID id, @Nullable String state, int limit, int offset) {
        List<PoolAddress> all = fabric.addresses(id).stream()
                .filter(address -> state == null || address.state().name().equals(state))
                .toList();
        int from = Math.min(offset, all.size());
        int to = Math.min(from + limit, all.size());
        return new Page(all.subList(from, to), all.size(), limit, offset);
    }
}
