package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.policy.NodeId;

/** What the gateway of a VM network really has of that network: what a tenant may see of its own. */
final class NetworkViewHandlers {

    private static final String NOTHING = "{\"items\":[],\"truncated\":false}";
    /** Tenants do not see the provider's lists. */
    private static final Map<String, String> OF_TENANT = Map.of("provider", "false");

    private final FabricManager fabric;
    private final Tenancy tenancy;
    private final NodeHandlers nodes;
    private final BlockingCalls blocking;

    NetworkViewHandlers(FabricManager fabric, Tenancy tenancy, NodeHandlers nodes, BlockingCalls blocking) {
        this.fabric = fabric;
        this.tenancy = tenancy;
        this.nodes = nodes;
        this.blocking = blocking;
    }

    void mount(RouterBuilder routes) {
        Operations.of(routes, "getVmNetworkSessions").addHandler(context -> view(context, "sessions", Map.of()));
        Operations.of(routes, "getVmNetworkTop").addHandler(context -> view(context, "top", Map.of()));
        Operations.of(routes, "getVmNetworkDrops").addHandler(context -> view(context, "drops", Map.of()));
        Operations.of(routes, "getVmNetworkPortAcls").addHandler(context -> view(context, "port-acls", OF_TENANT));
        Operations.of(routes, "getVmNetworkMtu").addHandler(context -> view(context, "mtu", Map.of()));
        Operations.of(routes, "endVmNetworkSessions").addHandler(this::endSessions);
    }

    /** @param always asked for besides */
    private void view(RoutingContext context, String view, Map<String, String> always) {
        UUID id = Replies.id(context);
        int limit = Replies.integer(context, "limit", NodeHandlers.ROWS_DEFAULT);
        Map<String, String> filter = NodeHandlers.filter(context);
        filter.putAll(always);
        blocking.run(() -> {
                    VmNetwork network = network(tenancy.scope(context), id);
                    filter.put("rdid", network.rdid().toString());
                    Optional<NodeId> gateway = gateway(network);
                    return gateway.isEmpty() ? NOTHING : nodes.rows(gateway.get(), view, filter, limit);
                })
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    private void endSessions(RoutingContext context) {
        UUID id = Replies.id(context);
        Map<String, String> filter = NodeHandlers.endFilter(context);
        blocking.run(() -> {
                    VmNetwork network = network(tenancy.scope(context), id);
                    requireSome(filter);
                    filter.put("rdid", network.rdid().toString());
                    NodeId gateway = gateway(network)
                            .orElseThrow(() -> new ProblemException(
                                    ProblemCode.NOT_FOUND, "the VM network " + network.name() + " has no gateway"));
                    return nodes.ended(gateway, filter);
                })
                .onSuccess(json -> NodeHandlers.ended(context, filter, json))
                .onFailure(context::fail);
    }

    /**
     * The gateway of the request's VM network, whose RDID is added to what is asked. May block.
     *
     * @throws ProblemException if it has none
     */
    NodeId own(RoutingContext context, Map<String, String> filter) {
        VmNetwork network = network(tenancy.scope(context), Replies.id(context));
        filter.put("rdid", network.rdid().toString());
        return gateway(network)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND, "the VM network " + network.name() + " has no gateway"));
    }

    /** Every session of a network ends by {@code all=true} and nothing else, not because somebody forgot to say which. */
    private static void requireSome(Map<String, String> filter) {
        boolean all = "true".equals(filter.remove("all"));
        boolean some = filter.keySet().stream().anyMatch(field -> !field.equals("max") && !field.equals("dryRun"));
        if (all == some) {
            throw new ProblemException(
                    ProblemCode.INVALID_VALUE,
                    all ? "'all' stands alone" : "say which sessions shall end, or all=true");
        }
    }

    private VmNetwork network(Optional<TenantScope> scope, UUID id) {
        return (VmNetwork) Tenancy.get(scope, fabric, Kind.VM_NETWORK, id);
    }

    private Optional<NodeId> gateway(VmNetwork network) {
        return fabric.list(Kind.VM_NETWORK_GATEWAY).stream()
                .map(VmNetworkGateway.class::cast)
                .filter(attached -> attached.vmNetworkId().equals(network.id()))
                .findFirst()
                .map(attached -> nodes.node(Kind.GATEWAY, attached.gatewayId()));
    }
}
