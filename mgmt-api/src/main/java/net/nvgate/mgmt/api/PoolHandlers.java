package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.PoolAddress;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Kind;
import org.jspecify.annotations.Nullable;

/** The addresses of IP pools and who has them. */
final class PoolHandlers {

    private static final int LIMIT_DEFAULT = 100;

    private final FabricManager fabric;
    private final Tenancy tenancy;
    private final BlockingCalls blocking;

    PoolHandlers(FabricManager fabric, Tenancy tenancy, BlockingCalls blocking) {
        this.fabric = fabric;
        this.tenancy = tenancy;
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
        ListQuery query = ListQuery.of(context);
        blocking.run(() -> FabricJson.write(page(tenancy.scope(context), id, state, query, limit, offset)))
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    /** Without holders that are not the tenant's own: networks of its subscriptions may have VMs of others on them. */
    private PoolAddress shown(TenantScope own, PoolAddress address) {
        return new PoolAddress(
                address.address(),
                address.lastAddress(),
                address.state(),
                address.allocatedTo().stream()
                        .filter(holder ->
                                fabric.find(holder.id()).filter(own::has).isPresent())
                        .toList());
    }

    private Page page(
            Optional<TenantScope> scope, UUID id, @Nullable String state, ListQuery query, int limit, int offset) {
        Tenancy.get(scope, fabric, Kind.IP_POOL, id);
        List<PoolAddress> all = query.apply(
                PoolAddress.class,
                fabric.addresses(id).stream()
                        .map(address -> scope.map(own -> shown(own, address)).orElse(address))
                        .filter(address ->
                                state == null || address.state().name().equals(state))
                        .toList());
        int from = Math.min(offset, all.size());
        int to = Math.min(from + limit, all.size());
        return new Page(all.subList(from, to), all.size(), limit, offset);
    }
}
