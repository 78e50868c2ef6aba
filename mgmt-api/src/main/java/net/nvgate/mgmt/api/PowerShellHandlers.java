package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.UUID;
import net.nvgate.fabric.hyperv.HostPolicyDocument;
import net.nvgate.fabric.hyperv.HostScripts;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.policy.PolicySource;

/** Scripts for Hyper-V hosts, to be carried there by people. */
final class PowerShellHandlers {

    private static final String TEXT = "text/plain; charset=us-ascii";

    private final FabricManager fabric;
    private final PolicySource policy;
    private final StoreAdmin store;
    private final BlockingCalls blocking;

    PowerShellHandlers(FabricManager fabric, PolicySource policy, StoreAdmin store, BlockingCalls blocking) {
        this.fabric = fabric;
        this.policy = policy;
        this.store = store;
        this.blocking = blocking;
    }

    void mount(RouterBuilder routes) {
        Operations.of(routes, "getHostPowershell").addHandler(this::ofHost);
        Operations.of(routes, "getPowershell")
                .addHandler(context -> Replies.text(context, TEXT, HostScripts.named(context.pathParam("script"))));
    }

    private void ofHost(RoutingContext context) {
        UUID id = Replies.id(context);
        blocking.run(() -> script(id))
                .onSuccess(text -> Replies.text(context, TEXT, text))
                .onFailure(context::fail);
    }

    private String script(UUID id) {
        Host host = (Host) fabric.get(Kind.HOST, id);
        if (host.hostType() != Host.HostType.HYPER_V) {
            throw new ProblemException(Problem.of(
                            ProblemCode.INVALID_VALUE,
                            "host " + host.name() + " is no Hyper-V host but " + host.hostType())
                    .aboutObject(Kind.HOST.label()));
        }
        return HostScripts.forHost(HostPolicyDocument.of(
                store.view().fabricId().toString(), host.name(), policy.snapshot(FabricOverview.nodeId(host))));
    }
}
