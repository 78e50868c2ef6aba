package net.nvgate.mgmt.api;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.nvgate.fabric.file.FabricFiles;
import net.nvgate.mgmt.docs.DocsSite;
import net.nvgate.mgmt.docs.DocsSource;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server. A request passes, in this order:
 *
 * <pre>
 * request id → metrics → Host and Origin → who asks → how often → body (64 KiB; batches 8 MiB, fabric files what is configured) → route of the contract → permission
 *            → media type, parameters, schema
 *            → handler (blocking work on a virtual thread) → answer, or problem+json
 * </pre>
 */
public final class ApiServer extends VerticleBase {

    private static final int HEADER_BYTES_MAX = 16 << 10;
    private static final int REQUEST_LINE_BYTES_MAX = 8 << 10;
    private static final int IDLE_SECONDS_MAX = 60;

    private static final int HANDSHAKE_SECONDS_MAX = 10;
    private static final Set<String> TLS_VERSIONS = Set.of("TLSv1.3", "TLSv1.2");

    /** RFC 6797: a browser that came here by TLS once does not come without for a year. */
    private static final String STRICT_TRANSPORT_SECURITY = "max-age=31536000";

    private final ApiContract contract;
    private final HttpOptions options;
    private final ApiBackend backend;
    private final RequestIds requestIds = new RequestIds();

    private final List<BlockingCalls> blocking = new ArrayList<>();
    private @Nullable EventStream events;
    private @Nullable WatchStream watch;
    private @Nullable HttpServer server;

    public ApiServer(ApiContract contract, HttpOptions options, ApiBackend backend) {
        this.contract = contract;
        this.options = options;
        this.backend = backend;
    }

    /** Fails if the contract and the handlers do not fit, or the address cannot be bound. */
    @Override
    public Future<?> start() {
        HttpServerOptions http = new HttpServerOptions()
                .setHost(options.address())
                .setPort(options.port())
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
                .setIdleTimeout(IDLE_SECONDS_MAX)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setCompressionSupported(true)
                .setHttp2ClearTextEnabled(false);
        options.keys()
                .ifPresent(keys -> http.setSsl(true)
                        .setKeyCertOptions(KeyCertOptions.wrap(keys))
                        .setEnabledSecureTransportProtocols(TLS_VERSIONS)
                        .setSslHandshakeTimeout(HANDSHAKE_SECONDS_MAX)
                        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS));
        // Seconds of a slow machine, which an event loop does not have.
        return vertx.executeBlocking(() -> router(contract.forRouter())).compose(router -> {
            HttpServer created = vertx.createHttpServer(http)
                    .invalidRequestHandler(this::invalid)
                    .requestHandler(hardened(router));
            server = created;
            return created.listen();
        });
    }

    private Handler<HttpServerRequest> hardened(Router router) {
        return request -> {
            if (options.tls()) {
                request.response().putHeader("Strict-Transport-Security", STRICT_TRANSPORT_SECURITY);
            }
            if (RequestTargets.areEscapesWhole(request.uri())) {
                router.handle(request);
            } else {
                refuse(request, 400);
            }
        };
    }

    private BlockingCalls calls() {
        BlockingCalls made = new BlockingCalls(vertx);
        blocking.add(made);
        return made;
    }

    private Router router(OpenAPIContract openApi) {
        BlockingCalls writes = calls();
        BlockingCalls calls = calls();
        BlockingCalls health = calls();
        FabricOverview overview = new FabricOverview(
                backend.fabric(),
                backend.policy(),
                backend.followers(),
                new LateNodes(backend.fabric(), backend.convergence()),
                backend.clock(),
                backend.version());
        Tenancy tenancy = new Tenancy(backend.fabric(), backend.access());
        EventStream stream = new EventStream(
                vertx,
                overview,
                tenancy,
                backend.access().logins(),
                backend.policy(),
                calls,
                backend.metrics().registry());
        events = stream;
        WatchStream watching = new WatchStream(
                vertx,
                backend.fabric(),
                backend.changes(),
                tenancy,
                backend.access().logins(),
                backend.policy(),
                calls,
                backend.metrics().registry());
        watch = watching;

        SessionCookie cookie = new SessionCookie(options.tls());
        RateLimits limits = new RateLimits(options.requestsPerSecond(), System::nanoTime);
        OidcHandlers oidc = new OidcHandlers(vertx, backend.access(), cookie, calls());
        AccessGuard guard = new AccessGuard(backend.access(), oidc, limits, cookie);
        RouterBuilder routes =
                RouterBuilder.create(vertx, openApi, new ContractRequests(guard, new RequestTraces(backend.traces())));
        routes.rootHandler(requestIds);
        routes.rootHandler(new RequestEnd());
        routes.rootHandler(new HttpMetrics(backend.metrics().registry()));
        routes.rootHandler(new OriginGuard(options.allowedHosts()));
        routes.rootHandler(guard);
        routes.rootHandler(limits);
        routes.rootHandler(new BodyLimits(options.fileBytes(), BodyLimits.BODY_MILLIS_MAX));
        IdempotentRequests idempotent = new IdempotentRequests(backend.fabric(), backend.changes(), backend.clock());
        Changes changes = new Changes(backend.fabric(), tenancy, backend.changes(), idempotent, writes);
        ObjectHandlers objects = new ObjectHandlers(backend.fabric(), tenancy, changes, calls);
        objects.mount(routes);
        new SelectHandlers(guard, objects, calls).mount(routes);
        new NicHandlers(changes).mount(routes);
        new TenantHandlers(backend.fabric(), tenancy, changes, calls).mount(routes);
        new PoolHandlers(backend.fabric(), tenancy, calls).mount(routes);
        new ChangeHandlers(backend.changes(), tenancy, guard, changes, calls).mount(routes);
        new FileHandlers(backend.fabric(), new FabricFiles(backend.changes()), writes).mount(routes);
        NodeHandlers nodes = new NodeHandlers(backend.fabric(), backend.policy(), backend.followers(), overview, calls);
        nodes.mount(routes);
        NetworkViewHandlers networks = new NetworkViewHandlers(backend.fabric(), tenancy, nodes, calls);
        networks.mount(routes);
        new TraceHandlers(vertx, nodes, networks, calls()).mount(routes);
        new FollowerHandlers(backend.convergence(), backend.policy(), backend.fabric(), backend.name(), calls, calls())
                .mount(routes);
        new DrainHandlers(backend.fabric(), backend.followers(), backend.convergence(), changes, calls).mount(routes);
        new PowerShellHandlers(backend.fabric(), backend.policy(), backend.store(), calls).mount(routes);
        new StoreHandlers(backend.store(), calls).mount(routes);
        new IdentityHandlers(backend.identities(), backend.clock(), idempotent, calls).mount(routes);
        new AccessHandlers(backend.access(), guard, cookie, idempotent, calls()).mount(routes);
        oidc.mount(routes, guard);
        new OperationHandlers(contract, backend, health).mount(routes);
        Operations.of(routes, "getFabric")
                .addHandler(context -> calls.run(
                                () -> tenancy.scope(context).map(overview::read).orElseGet(overview::read))
                        .onSuccess(value -> Replies.json(context, 200, value))
                        .onFailure(context::fail));
        Operations.of(routes, "getEvents").addHandler(stream::open);
        Operations.of(routes, "watchChanges").addHandler(watching::open);
        Operations.requireAll(routes);

        Router router = routes.createRouter();
        WebUi ui = new WebUi("/web", calls);
        DocsPages docs = new DocsPages(new DocsSite(DocsSource.classPath("/docs")), calls());
        router.route().last().handler(context -> unrouted(context, openApi, ui, docs));
        router.route().last().failureHandler(new ProblemResponses(tenancy, guard));
        return router;
    }

    private void unrouted(RoutingContext context, OpenAPIContract openApi, WebUi ui, DocsPages docs) {
        Path path = openApi.findPath(context.request().path());
        if (path != null) {
            String allowed = path.getOperations().stream()
                    .map(Operation::getHttpMethod)
                    .map(HttpMethod::name)
                    .sorted()
                    .collect(Collectors.joining(", "));
            context.response().putHeader("Allow", allowed);
            context.fail(new ProblemException(ProblemCode.METHOD_NOT_ALLOWED, "This path allows " + allowed));
        } else if (options.ui() && DocsPages.wants(context)) {
            docs.handle(context);
        } else if (options.ui() && WebUi.wants(context)) {
            ui.handle(context);
        } else {
            context.fail(404);
        }
    }

    /** What is not HTTP, or too long: there is no route to fail. */
    private void invalid(HttpServerRequest request) {
        String cause = String.valueOf(request.decoderResult().cause());
        refuse(request, cause.contains("TooLongHttpLine") ? 414 : cause.contains("TooLongHttpHeader") ? 431 : 400);
    }

    private void refuse(HttpServerRequest request, int status) {
        String id = requestIds.next();
        request.response()
                .setStatusCode(status)
                .putHeader(RequestIds.HEADER, id)
                .putHeader("Content-Type", ApiContract.PROBLEM_JSON)
                .putHeader("Connection", "close")
                .end(ProblemMapper.map(null, status).toJson(id).toBuffer())
                .onComplete(_ -> request.connection().close());
    }

    /** The port it listens on. */
    public int port() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server.actualPort();
    }

    /** Ends event streams, lets requests in flight finish for a second, then closes. */
    @Override
    public Future<?> stop() {
        if (events != null) {
            events.close();
        }
        if (watch != null) {
            watch.close();
        }
        Future<?> closed = server == null ? Future.succeededFuture() : server.shutdown(1, TimeUnit.SECONDS);
        return closed.onComplete(_ -> {
            blocking.forEach(BlockingCalls::close);
        });
    }
}
