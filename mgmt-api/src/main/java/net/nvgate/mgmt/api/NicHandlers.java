package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.mgmt.api.Changes.Answer;

/** What changes of a VM's NIC while the VM runs: learned addresses and the MAC. */
final class NicHandlers {

    private final Changes changes;

    NicHandlers(Changes changes) {
        this.changes = changes;
    }

    record LearnRequest(IpAddress address) {}

    record MacRequest(Optional<MacAddress> mac) {}

    void mount(RouterBuilder routes) {
        Operations.of(routes, "learnAddress").addHandler(this::learn);
        Operations.of(routes, "forgetAddress").addHandler(this::forget);
        Operations.of(routes, "changeMac").addHandler(this::changeMac);
    }

    private void learn(RoutingContext context) {
        UUID vm = Replies.id(context);
        UUID nic = Replies.uuid(context, "nicId");
        String body = Changes.body(context);
        Optional<Long> ifRevision = Etags.ifMatch(context);
        changes.make(
                context,
                () -> ChangeRequest.of(new Operation.Learn(
                        vm, nic, FabricJson.read(body, LearnRequest.class).address(), ifRevision)),
                NicHandlers::changed);
    }

    private void forget(RoutingContext context) {
        UUID vm = Replies.id(context);
        UUID nic = Replies.uuid(context, "nicId");
        String address = Replies.pathText(context, "address");
        Optional<Long> ifRevision = Etags.ifMatch(context);
        changes.make(
                context,
                () -> ChangeRequest.of(new Operation.Forget(vm, nic, IpAddress.parse(address), ifRevision)),
                NicHandlers::changed);
    }

    private void changeMac(RoutingContext context) {
        UUID vm = Replies.id(context);
        UUID nic = Replies.uuid(context, "nicId");
        String body = Changes.body(context);
        Optional<Long> ifRevision = Etags.ifMatch(context);
        changes.make(
                context,
                () -> ChangeRequest.of(new Operation.ChangeMac(
                        vm, nic, FabricJson.read(body, MacRequest.class).mac(), ifRevision)),
                NicHandlers::changed);
    }

    private static Answer changed(FabricChange change) {
        return Answer.of(200, change.results().getFirst());
    }
}
