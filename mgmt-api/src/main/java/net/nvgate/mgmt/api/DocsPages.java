package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.nvgate.mgmt.docs.DocsSite;

/** Serves the documentation at {@code /docs/}, to everybody: it has no secrets. */
final class DocsPages {

    private static final String ROOT = "/docs/";

    private final DocsSite site;
    private final BlockingCalls blocking;

    /** Only files that exist are kept, so that it cannot outgrow the jar. */
    private final Map<String, WebUi.Asset> cache = new ConcurrentHashMap<>();

    DocsPages(DocsSite site, BlockingCalls blocking) {
        this.site = site;
        this.blocking = blocking;
    }

    static boolean wants(RoutingContext context) {
        String path = context.request().path();
        return WebUi.wants(context) && (path.equals("/docs") || path.startsWith(ROOT));
    }

    void handle(RoutingContext context) {
        String path = context.request().path();
        if (path.equals("/docs")) {
            context.response().setStatusCode(308).putHeader("Location", ROOT).end();
            return;
        }
        WebUi.Asset known = cache.get(path);
        if (known != null) {
            WebUi.send(context, known);
            return;
        }
        blocking.run(() -> find(path))
                .onSuccess(asset -> asset.ifPresentOrElse(a -> WebUi.send(context, a), () -> context.fail(404)))
                .onFailure(context::fail);
    }

    private Optional<WebUi.Asset> find(String path) throws IOException {
        Optional<WebUi.Asset> asset =
                site.file(path).map(bytes -> WebUi.Asset.of(path.equals(ROOT) ? "index.html" : path, bytes));
        asset.ifPresent(found -> cache.put(path, found));
        return asset;
    }
}
