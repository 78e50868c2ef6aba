package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import net.nvgate.fabric.convergence.Convergence;
import net.nvgate.fabric.convergence.NodeConvergence;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.GatewayNetworks;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.sync.Followers;
import net.nvgate.mgmt.api.Changes.Answer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Takes gateways out of use and back, and says what is left on them. */
final class DrainHandlers {

    /** Networks that an answer names; all are counted. */
    private static final int ROWS_MAX = 1000;

    private final FabricManager fabric;
    private final Followers followers;
    private final Convergence convergence;
    private final Changes changes;
    private final BlockingCalls blocking;
    private final ReentrantLock looking = new ReentrantLock();
    private @Nullable GatewayNetworks last;

    DrainHandlers(
            FabricManager fabric,
            Followers followers,
            Convergence convergence,
            Changes changes,
            BlockingCalls blocking) {
        this.fabric = fabric;
        this.followers = followers;
        this.convergence = convergence;
        this.changes = changes;
        this.blocking = blocking;
    }

    enum State {
        /** VM networks may come. */
        SERVING,
        /** None comes; networks or sessions are left, or the gateway has not said that it has let them go. */
        DRAINING,
        /** It has said here that nothing is left. */
        DRAINED
    }

    record Moved(UUID vmNetworkId, String vmNetwork, UUID vmNetworkGatewayId, UUID gatewayId, String gateway) {}

    /** @param stays why no other gateway can take it now; empty if one can */
    record Left(UUID vmNetworkId, String vmNetwork, UUID vmNetworkGatewayId, Optional<String> stays) {}

    /**
     * @param movedNetworks by this request, of {@code moved} the first
     * @param leftNetworks that the gateway serves, of {@code left} the first
     * @param sessions that the gateway last said it has; empty if it is not connected here, or has not said: then they may be any
     */
    record Drain(
            UUID gatewayId,
            String gateway,
            State state,
            long revision,
            int movedNetworks,
            List<Moved> moved,
            int leftNetworks,
            List<Left> left,
            Optional<Long> sessions,
            boolean connected) {}

    void mount(RouterBuilder routes) {
        Operations.of(routes, "getGatewayDrain").addHandler(this::get);
        Operations.of(routes, "drainGateway").addHandler(this::drain);
        Operations.of(routes, "undrainGateway").addHandler(this::undrain);
    }

    private void get(RoutingContext context) {
        UUID id = Replies.id(context);
        blocking.run(() -> Answer.of(200, state(id, fabric.revision(), List.of())))
                .onSuccess(answer -> Replies.send(context, answer))
                .onFailure(context::fail);
    }

    private void drain(RoutingContext context) {
        UUID id = Replies.id(context);
        boolean move = !Replies.flag(context, "keepNetworks");
        Optional<Long> ifRevision = Etags.ifMatch(context);
        changes.make(
                context,
                () -> ChangeRequest.of(new Operation.Drain(id, move, ifRevision)),
                change -> answer(id, change));
    }

    private void undrain(RoutingContext context) {
        UUID id = Replies.id(context);
        Optional<Long> ifRevision = Etags.ifMatch(context);
        changes.make(
                context,
                () -> ChangeRequest.of(
                        new Operation.Update(Kind.GATEWAY, id, Patch.read("{\"draining\":false}"), ifRevision)),
                change -> answer(id, change));
    }

    private Answer answer(UUID id, FabricChange change) {
        List<ObjectChange> moved = change.changes().stream()
                .filter(each -> each.after().orElse(null) instanceof VmNetworkGateway)
                .toList();
        Answer answer = Answer.of(200, state(id, change.revision(), moved));
        return new Answer(
                answer.status(), answer.json(), Etags.of(change.results().getFirst()), "");
    }

    private Drain state(UUID id, long revision, List<ObjectChange> moved) {
        GatewayNetworks found = networks(id);
        Gateway gateway = found.gateway();
        NodeId node = FabricOverview.nodeId(gateway);
        Optional<NodeConvergence> far = convergence.find(node);
        Optional<Long> sessions =
                followers.find(node).filter(Followers.Follower::connected).flatMap(DrainHandlers::sessions);
        // That nothing is missing says little while policy is behind the moves.
        boolean level =
                far.filter(each -> each.state() == NodeConvergence.State.LEVEL).isPresent()
                        && convergence.has(node, Math.max(revision, found.revision()));
        boolean noSessions = sessions.filter(count -> count == 0).isPresent();
        boolean empty = found.count() == 0 && noSessions && level;
        return new Drain(
                id,
                gateway.name(),
                !gateway.draining() ? State.SERVING : empty ? State.DRAINED : State.DRAINING,
                revision,
                moved.size(),
                moved.stream().limit(ROWS_MAX).map(this::moved).toList(),
                found.count(),
                found.networks().stream()
                        .map(each -> new Left(
                                each.network().id(),
                                each.network().name(),
                                each.attachment().id(),
                                each.stays()))
                        .toList(),
                sessions,
                far.filter(NodeConvergence::connected).isPresent());
    }

    /** One after the other, and again only when something has changed: who waits for a drain asks twice a second. */
    private GatewayNetworks networks(UUID id) {
        looking.lock();
        try {
            GatewayNetworks found = last;
            if (found == null || !found.gateway().id().equals(id) || found.revision() != fabric.revision()) {
                found = fabric.networks(id, ROWS_MAX);
                last = found;
            }
            return found;
        } finally {
            looking.unlock();
        }
    }

    private Moved moved(ObjectChange change) {
        VmNetworkGateway attachment = (VmNetworkGateway) change.after().orElseThrow();
        return new Moved(
                attachment.vmNetworkId(),
                name(Kind.VM_NETWORK, attachment.vmNetworkId()),
                attachment.id(),
                attachment.gatewayId(),
                name(Kind.GATEWAY, attachment.gatewayId()));
    }

    /** Of what may have been deleted since. */
    private String name(Kind kind, UUID id) {
        return fabric.find(kind, id).map(object -> object.name()).orElse("");
    }

    private static Optional<Long> sessions(Followers.Follower follower) {
        try {
            JsonNode sessions =
                    FabricJson.mapper().readTree(follower.statusJson()).path("sessions");
            return sessions.isIntegralNumber() ? Optional.of(sessions.asLong()) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
