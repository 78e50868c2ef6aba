package net.nvgate.mgmt.api;

import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import net.nvgate.fabric.store.Origin;

/** Whom a request's changes are put down to. Without accounts that is where it came from. */
final class Actors {

    private Actors() {}

    static Origin of(RoutingContext context) {
        SocketAddress remote = context.request().remoteAddress();
        String host = remote == null ? "unknown" : remote.hostAddress();
        return new Origin("anonymous@" + (host == null ? "local" : host), "");
    }
}
