package net.nvgate.mgmt.api;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import io.vertx.openapi.contract.Operation;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.mgmt.access.Access;
import net.nvgate.mgmt.access.AuditLog;
import net.nvgate.mgmt.access.Permissions;
import net.nvgate.mgmt.access.Principal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who asks, and whether he may. In two steps: before anything of a request is read, it is found out who sends it, and
 * strangers are sent away from all paths of the API but those for everybody; when the route is known, the operation that the
 * router is about to carry out is looked up in the contract, so that no spelling of a path or method leads around it.
 */
final class AccessGuard implements SecurityPolicyHandler {

    /** A header that no page of another site can send without asking first; for clients that send no Origin. */
    private static final String DETAIL = "nvgate.audit.detail";

    private static final String RECORDED = "nvgate.audit.recorded";

    static final String NO_BROWSER = "X-Nvgate-Session";

    private static final Logger LOG = LoggerFactory.getLogger(AccessGuard.class);
    private static final String KEY = "nvgate.principal";
    private static final Pattern BEARER = Pattern.compile("(?i)Bearer +([A-Za-z0-9._~+/=-]{1,8192})");

    private final Access access;
    private final OidcHandlers oidc;
    private final RateLimits limits;
    private final SessionCookie cookie;

    AccessGuard(Access access, OidcHandlers oidc, RateLimits limits, SessionCookie cookie) {
        this.oidc = oidc;
        this.access = access;
        this.limits = limits;
        this.cookie = cookie;
    }

    /** Who sends the request; {@link Principal#NOBODY} if that is not known. */
    static Principal principal(RoutingContext context) {
        Principal principal = context.get(KEY);
        return principal == null ? Principal.NOBODY : principal;
    }

    /** Where the request comes from. */
    static String address(RoutingContext context) {
        SocketAddress remote = context.request().remoteAddress();
        String host = remote == null ? "unknown" : remote.hostAddress();
        return host == null ? "local" : host;
    }

    /** Of an IPv6 address the first 64 bits: who has one has all of these. */
    static String network(String address) {
        String bare = address.split("%", 2)[0];
        if (!bare.contains(":")) {
            return bare;
        }
        StringBuilder prefix = new StringBuilder();
        byte[] bytes = IpAddress.parse(bare).toBytes();
        for (int i = 0; i < 8; i++) {
            prefix.append(String.format("%02x", bytes[i]));
        }
        return prefix.toString();
    }

    @Override
    public void handle(RoutingContext context) {
        if (!access.required()) {
            context.put(KEY, Principal.ANONYMOUS);
            context.next();
            return;
        }
        HttpServerRequest request = context.request();
        String authorization = request.getHeader("Authorization");
        Matcher bearer = authorization == null ? null : BEARER.matcher(authorization);
        String token = bearer != null && bearer.matches() ? bearer.group(1) : null;
        if (token != null && oidc.isOurs(token)) {
            limits.admit(context);
            // Nothing of a body may be lost meanwhile.
            request.pause();
            oidc.bearer(token, address(context)).onComplete(asked -> {
                request.resume();
                if (asked.cause() instanceof ProblemException busy) {
                    context.fail(busy);
                    return;
                }
                limits.admitted(context);
                if (asked.failed()) {
                    LOG.debug(
                            "a token of the OpenID provider is refused: {}",
                            asked.cause().getMessage());
                }
                proceed(context, authorization, Optional.ofNullable(asked.result()));
            });
            return;
        }
        Optional<Principal> known = authorization == null
                ? session(context)
                : Optional.ofNullable(token).flatMap(access.logins()::byToken);
        proceed(context, authorization, known);
    }

    private void proceed(RoutingContext context, @Nullable String authorization, Optional<Principal> known) {
        HttpServerRequest request = context.request();
        if (known.isEmpty() && authorization != null) {
            refuse(context, "none", "a token that is not good, or not any more");
            context.fail(limits.refusal(context, unauthenticated()));
            return;
        }
        if (known.isPresent()
                && known.get().via() == Principal.Via.SESSION
                && !reads(request.method())
                && !isOfOwnPage(request)) {
            refuse(context, known.get().actor(), "a change with the cookie, without Origin");
            context.fail(new ProblemException(
                    ProblemCode.FORBIDDEN_ORIGIN,
                    "With the cookie of a session, changes need an Origin header, or " + NO_BROWSER));
            return;
        }
        known.ifPresent(principal -> context.put(KEY, principal));
        boolean open = access.permissions().isOpen(request.method().name(), String.valueOf(request.path()));
        if (known.isEmpty() && !open && String.valueOf(request.path()).startsWith("/api/")) {
            context.fail(limits.refusal(context, unauthenticated()));
            return;
        }
        context.next();
    }

    /** Browsers send an Origin with every such request; that it is our own has been checked. */
    private static boolean isOfOwnPage(HttpServerRequest request) {
        return request.getHeader("Origin") != null || request.getHeader(NO_BROWSER) != null;
    }

    private Optional<Principal> session(RoutingContext context) {
        Cookie found = context.request().getCookie(cookie.name());
        return found == null ? Optional.empty() : access.logins().bySession(found.getValue());
    }

    private static boolean reads(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS);
    }

    private static ProblemException unauthenticated() {
        return new ProblemException(
                ProblemCode.UNAUTHENTICATED, "Log in, or send an API token: Authorization: Bearer TOKEN");
    }

    /**
     * Called with the operation that the router has found, before its parameters and body are looked at.
     *
     * @throws ProblemException if the sender may not do this
     */
    void authorize(RoutingContext context, Operation operation) {
        String permission = access.permissions().of(operation.getOperationId());
        if (permission.equals(Permissions.PUBLIC) || !access.required()) {
            return;
        }
        Principal principal = context.get(KEY);
        // The body may have come long after the headers.
        if (principal == null || !access.logins().stands(principal)) {
            throw unauthenticated();
        }
        if (principal.mustChange() && !permission.equals(Permissions.SELF)) {
            throw new ProblemException(
                    ProblemCode.PASSWORD_CHANGE_REQUIRED, "The password must be changed first: POST /api/v1/password");
        }
        require(context, principal, operation.getOperationId());
        if (operation.getOpenAPIModel().getBoolean("x-nvgate-audit", false)) {
            context.addEndHandler(_ -> record(
                    context,
                    operation.getOperationId(),
                    principal.actor(),
                    context.response().getStatusCode(),
                    context.get(DETAIL, "")));
        }
    }

    /** What the audit log says of the request besides its path; before the answer. */
    static void detail(RoutingContext context, String detail) {
        context.put(DETAIL, detail);
    }

    /** @throws ProblemException if this principal may not do this */
    void require(RoutingContext context, Principal principal, String operationId) {
        String permission = access.permissions().of(operationId);
        boolean reading =
                reads(context.request().method()) && !access.permissions().beyondReading(operationId);
        if (!access.permissions().allow(principal, permission, reading)) {
            record(context, operationId, principal.actor(), 403, "needs " + permission);
            throw new ProblemException(
                    ProblemCode.FORBIDDEN,
                    "This needs the permission " + permission + ", which "
                            + (principal.readOnly() ? "this read-only token" : "the role " + principal.role())
                            + " does not have");
        }
    }

    private void refuse(RoutingContext context, String actor, String why) {
        record(context, "refused", actor, 401, why);
    }

    /** A refusal that something else than this guard decided on, once for a request. */
    void refused(RoutingContext context, Problem problem) {
        if (problem.code().status() == 403 && context.get(RECORDED) == null) {
            record(
                    context,
                    ContractRequests.operationOf(context),
                    principal(context).actor(),
                    403,
                    problem.detail());
        }
    }

    void record(RoutingContext context, String operation, String actor, int status, String detail) {
        context.put(RECORDED, true);
        access.audit()
                .add(new AuditLog.Happened(
                        operation,
                        actor,
                        address(context),
                        RequestIds.of(context),
                        context.get(KEY) == null,
                        status,
                        String.valueOf(context.request().path()),
                        detail));
    }
}
