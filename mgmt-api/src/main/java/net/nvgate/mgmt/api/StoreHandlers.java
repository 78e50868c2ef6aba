package net.nvgate.mgmt.api;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import net.nvgate.fabric.model.FabricJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store: where it is, its backup, its move to another place. */
final class StoreHandlers {

    private static final Logger LOG = LoggerFactory.getLogger(StoreHandlers.class);
    private static final String BACKUP_TYPE = "application/octet-stream";

    private final StoreAdmin store;
    private final BlockingCalls blocking;
    /** A backup reads the whole store and is kept in a file until it is sent. */
    private final AtomicBoolean busy = new AtomicBoolean();

    StoreHandlers(StoreAdmin store, BlockingCalls blocking) {
        this.store = store;
        this.blocking = blocking;
    }

    void mount(RouterBuilder routes) {
        Operations.of(routes, "getStore").addHandler(context -> answer(context, 200, store::view));
        Operations.of(routes, "moveStore").addHandler(context -> {
            StoreAdmin.MoveRequest request = FabricJson.read(context.body().asString(), StoreAdmin.MoveRequest.class);
            answer(context, 202, () -> move(request));
        });
        Operations.of(routes, "getBackup").addHandler(this::backup);
    }

    private void answer(RoutingContext context, int status, Callable<StoreAdmin.View> call) {
        blocking.run(() -> FabricJson.write(call.call()))
                .onSuccess(json -> Replies.jsonText(context, status, json))
                .onFailure(context::fail);
    }

    private StoreAdmin.View move(StoreAdmin.MoveRequest request) {
        try {
            return store.move(request);
        } catch (StoreAdmin.Refused e) {
            throw new ProblemException(ProblemCode.CONFLICT, String.valueOf(e.getMessage()));
        }
    }

    /** A backup on its way. */
    private record Written(Path file, StoreAdmin.Backup backup) {}

    private void backup(RoutingContext context) {
        if (!busy.compareAndSet(false, true)) {
            context.fail(new ProblemException(ProblemCode.BUSY, "another backup is being made; try again"));
            return;
        }
        context.addEndHandler(_ -> busy.set(false));
        blocking.run(this::write).onFailure(context::fail).onSuccess(written -> {
            StoreAdmin.Backup backup = written.backup();
            HttpServerResponse response = context.response()
                    .putHeader("Content-Type", BACKUP_TYPE)
                    .putHeader("Content-Encoding", "identity")
                    .putHeader("Cache-Control", "no-store")
                    .putHeader(
                            "Content-Disposition",
                            "attachment; filename=\"" + backup.fabricId() + "-" + backup.revision() + ".backup\"")
                    .putHeader("X-Nvgate-Sha256", backup.sha256());
            response.sendFile(written.file().toString()).onComplete(_ -> delete(written.file()));
        });
    }

    private Written write() throws IOException {
        Path file = Files.createTempFile(store.scratch(), "fabric-", ".backup");
        try {
            return new Written(file, store.backup(file));
        } catch (RuntimeException e) {
            delete(file);
            throw e;
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("cannot delete {}: {}", file, e.toString());
        }
    }
}
