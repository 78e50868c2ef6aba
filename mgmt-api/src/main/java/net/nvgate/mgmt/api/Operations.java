package net.nvgate.mgmt.api;

import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;

/** Finds the routes of the contract's operations. */
final class Operations {

    private Operations() {}

    /** @throws IllegalStateException if the contract has no such operation: code and contract differ */
    static OpenAPIRoute of(RouterBuilder routes, String operationId) {
        OpenAPIRoute route = routes.getRoute(operationId);
        if (route == null) {
            throw new IllegalStateException("openapi.yaml has no operation " + operationId);
        }
        return route;
    }

    /** @throws IllegalStateException if an operation of the contract has no handler */
    static void requireAll(RouterBuilder routes) {
        for (OpenAPIRoute route : routes.getRoutes()) {
            if (route.getHandlers().isEmpty()) {
                throw new IllegalStateException(
                        "no handler for operation " + route.getOperation().getOperationId());
            }
        }
    }
}
