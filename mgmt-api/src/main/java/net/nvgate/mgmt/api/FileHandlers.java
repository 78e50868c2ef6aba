package net.nvgate.mgmt.api;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import net.nvgate.fabric.file.FabricFiles;
import net.nvgate.fabric.file.FileOptions;
import net.nvgate.fabric.file.FilePlan;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.FabricJson;

/** The whole fabric as one file: plan, apply, export. */
final class FileHandlers {

    /** Paths whose bodies are fabric files. */
    static final Set<String> PATHS = Set.of(ObjectHandlers.API_ROOT + "plan", ObjectHandlers.API_ROOT + "apply");

    private final FabricManager fabric;
    private final FabricFiles files;
    private final BlockingCalls blocking;

    FileHandlers(FabricManager fabric, FabricFiles files, BlockingCalls blocking) {
        this.fabric = fabric;
        this.files = files;
        this.blocking = blocking;
    }

    void mount(RouterBuilder routes) {
        Operations.of(routes, "planFile").addHandler(context -> run(context, files::plan));
        Operations.of(routes, "applyFile").addHandler(context -> run(context, files::apply));
        Operations.of(routes, "exportFile").addHandler(this::export);
    }

    private interface Work {
        FilePlan on(FabricManager actor, String yaml, FileOptions options);
    }

    private void run(RoutingContext context, Work work) {
        FabricManager actor = fabric.as(Actors.of(context));
        FileOptions options = new FileOptions(Replies.flag(context, "prune"), Replies.flag(context, "replace"));
        String yaml = context.body().buffer().toString(StandardCharsets.UTF_8);
        Future<String> answer = BodyLimits.hold(
                context, blocking.run(() -> FabricJson.write(FileAnswer.of(work.on(actor, yaml, options)))));
        SignsOfLife.during(context, answer)
                .onSuccess(json -> Replies.jsonText(context, 200, json))
                .onFailure(context::fail);
    }

    private void export(RoutingContext context) {
        String name = Replies.text(context, "name");
        SignsOfLife.during(context, blocking.run(() -> FabricFiles.export(fabric, name == null ? "fabric" : name)))
                .onSuccess(yaml -> Replies.text(context, "application/yaml", yaml))
                .onFailure(context::fail);
    }
}
