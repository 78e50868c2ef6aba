package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.VirtualNetworkSpec;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.mgmt.api.Changes.Answer;

/** What tenants do with their subscriptions: whole networks at once, and what they use. */
final class TenantHandlers {

    private final FabricManager fabric;
    private final Tenancy tenancy;
    private final Changes changes;
    private final BlockingCalls blocking;

    TenantHandlers(FabricManager fabric, Tenancy tenancy, Changes changes, BlockingCalls blocking) {
        this.fabric = fabric;
        this.tenancy = tenancy;
        this.changes = changes;
        this.blocking = blocking;
    }

    /** What a virtual network consists of when it is new. */
    record VirtualNetwork(
            VmNetwork vmNetwork,
            VmSubnet vmSubnet,
            List<IpPool> ipPools,
            Optional<VmNetworkGateway> vmNetworkGateway,
            Optional<NatConnection> natConnection) {

        static VirtualNetwork of(FabricChange change) {
            return new VirtualNetwork(
                    made(change, VmNetwork.class).getFirst(),
                    made(change, VmSubnet.class).getFirst(),
                    made(change, IpPool.class),
                    made(change, VmNetworkGateway.class).stream().findFirst(),
                    made(change, NatConnection.class).stream().findFirst());
        }

        private static <T extends FabricObject> List<T> made(FabricChange change, Class<T> type) {
            return change.changes().stream()
                    .map(ObjectChange::after)
                    .flatMap(Optional::stream)
                    .filter(type::isInstance)
                    .map(type::cast)
                    .toList();
        }
    }

    void mount(RouterBuilder routes) {
        Operations.of(routes, "getSubscriptionUsage").addHandler(this::usage);
        Operations.of(routes, "createVirtualNetwork").addHandler(this::create);
        Operations.of(routes, "deleteVirtualNetwork").addHandler(this::delete);
    }

    private void usage(RoutingContext context) {
        UUID id = Replies.id(context);
        blocking.run(() -> {
                    requireOwn(context, id);
                    return Answer.of(200, fabric.usage(id));
                })
                .onSuccess(answer -> Replies.send(context, answer))
                .onFailure(context::fail);
    }

    /** @throws net.nvgate.fabric.manager.FabricException NOT_FOUND if it is another tenant's */
    private void requireOwn(RoutingContext context, UUID subscription) {
        Tenancy.get(tenancy.scope(context), fabric, Kind.SUBSCRIPTION, subscription);
    }

    private void create(RoutingContext context) {
        UUID id = Replies.id(context);
        String body = Changes.body(context);
        changes.make(
                context,
                () -> {
                    requireOwn(context, id);
                    return fabric.newVirtualNetwork(id, FabricJson.read(body, VirtualNetworkSpec.class));
                },
                change -> {
                    VirtualNetwork made = VirtualNetwork.of(change);
                    return Answer.of(201, made)
                            .at(ObjectHandlers.API_ROOT + Kind.VM_NETWORK.path() + "/"
                                    + made.vmNetwork().id());
                });
    }

    private void delete(RoutingContext context) {
        UUID id = Replies.id(context);
        UUID vmNetworkId = UUID.fromString(Replies.path(context, "vmNetworkId"));
        Optional<Long> ifRevision = Etags.ifMatch(context);
        changes.make(
                context,
                () -> {
                    requireOwn(context, id);
                    return insisting(
                            fabric.endOfVirtualNetwork(
                                    id, vmNetworkId, tenancy.scope(context).isEmpty()),
                            vmNetworkId,
                            ifRevision);
                },
                _ -> Answer.empty(204));
    }

    /** The same, if the VM network is of the version that the client has seen. */
    private static ChangeRequest insisting(ChangeRequest request, UUID vmNetworkId, Optional<Long> ifRevision) {
        List<Operation> operations = request.operations().stream()
                .map(operation -> operation instanceof Operation.Delete delete
                                && delete.id().equals(vmNetworkId)
                        ? new Operation.Delete(delete.kind(), delete.id(), ifRevision)
                        : operation)
                .toList();
        return new ChangeRequest(operations, request.anyOrder(), request.numbered());
    }
}
