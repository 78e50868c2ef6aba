package net.nvgate.mgmt.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.time.Instant;
import java.util.Optional;
import net.nvgate.fabric.model.User;
import net.nvgate.fabric.store.Origin;
import net.nvgate.mgmt.access.Access;
import net.nvgate.mgmt.access.AccessException;
import net.nvgate.mgmt.access.Logins;
import net.nvgate.mgmt.access.OidcUsers;
import net.nvgate.mgmt.access.Principal;
import org.jspecify.annotations.Nullable;

/** Logins of people whom an OpenID provider knows, and the provider's tokens. */
final class OidcHandlers {

    private static final String COOKIE_PATH = ObjectHandlers.API_ROOT + "oidc";

    /** Of the pages, which tell of a login that failed. */
    private static final String REFUSED = "/?login=failed";

    /** Of the pages, which say that the session here has ended, and whether the provider's has. */
    private static final String SIGNED_OUT_HERE = "/?signed-out=here";

    private static final String SIGNED_OUT = "/?signed-out=provider";

    /** The token of the login, for the provider to know by whose session is to end. */
    private static final String TOKEN_COOKIE = "nvgate-oidc-id";

    /** Browsers keep 4096 bytes of a cookie with its name and attributes (RFC 6265 section 6.1). */
    private static final int TOKEN_COOKIE_MAX = 3800;

    /** The state of a logout that was begun. */
    private static final String LOGOUT_COOKIE = "nvgate-oidc-out";

    private final Access access;
    private final SessionCookie cookie;
    private final Optional<OidcClient> client;
    private final BlockingCalls blocking;

    OidcHandlers(Vertx vertx, Access access, SessionCookie cookie, BlockingCalls blocking) {
        this.access = access;
        this.cookie = cookie;
        this.client = access.oidc().map(config -> new OidcClient(vertx, config));
        this.blocking = blocking;
    }

    /** Ways to log in. */
    record LoginMethods(boolean password, boolean oidc) {}

    void mount(RouterBuilder routes, AccessGuard guard) {
        Operations.of(routes, "getLoginMethods")
                .addHandler(context -> Replies.json(
                        context, 200, new LoginMethods(access.required(), access.required() && client.isPresent())));
        Operations.of(routes, "beginOidcLogin").addHandler(this::begin);
        Operations.of(routes, "endOidcLogin").addHandler(context -> end(context, guard));
        Operations.of(routes, "beginOidcLogout").addHandler(context -> leave(context, guard));
        Operations.of(routes, "endOidcLogout").addHandler(this::left);
    }

    private OidcClient client() {
        return client.orElseThrow(() ->
                new ProblemException(ProblemCode.CONFLICT, "auth.oidc is not configured: log in with a password"));
    }

    private OidcUsers users() {
        return access.oidcUsers().orElseThrow();
    }

    private void begin(RoutingContext context) {
        OidcAttempt attempt = OidcAttempt.begin();
        client().loginUrl(attempt)
                .onSuccess(url -> {
                    context.response().addCookie(attemptCookie(attempt.cookie()).setMaxAge(OidcAttempt.SECONDS_MAX));
                    redirect(context, url);
                })
                .onFailure(e -> context.fail(failed("the OpenID provider cannot be asked: " + e.getMessage())));
    }

    private Cookie attemptCookie(String value) {
        return cookie(OidcAttempt.COOKIE, value);
    }

    private Cookie cookie(String name, String value) {
        // Lax: the browser comes back from another site.
        return Cookie.cookie(name, value)
                .setPath(COOKIE_PATH)
                .setHttpOnly(true)
                .setSecure(cookie.tls())
                .setSameSite(CookieSameSite.LAX);
    }

    private static void redirect(RoutingContext context, String url) {
        context.response()
                .setStatusCode(302)
                .putHeader("Location", url)
                .putHeader("Cache-Control", "no-store")
                .end();
    }

    private static ProblemException failed(String why) {
        return new ProblemException(ProblemCode.LOGIN_FAILED, why);
    }

    private void end(RoutingContext context, AccessGuard guard) {
        OidcClient provider = client();
        Cookie kept = context.request().getCookie(OidcAttempt.COOKIE);
        context.response().addCookie(attemptCookie("").setMaxAge(0));
        Optional<OidcAttempt> attempt =
                Optional.ofNullable(kept).flatMap(found -> OidcAttempt.of(String.valueOf(found.getValue())));
        String state = Replies.text(context, "state");
        String code = Replies.text(context, "code");
        if (attempt.isEmpty() || !attempt.get().state().equals(state)) {
            guard.record(context, "login", "none", 401, "no login by OpenID was begun in this browser");
            refuse(context, failed("no login was begun in this browser, or too long ago; begin again"));
            return;
        }
        if (code == null) {
            guard.record(context, "login", "none", 401, "OpenID: the provider let nobody in");
            refuse(context, failed("the OpenID provider let nobody in: " + Replies.text(context, "error")));
            return;
        }
        String address = AccessGuard.address(context);
        provider.exchange(code, attempt.get())
                .recover(e -> Future.failedFuture(failed("the OpenID provider's answer is not good")))
                .compose(said -> blocking.run(() -> login(said.claims(), address))
                        .onSuccess(login -> {
                            guard.record(context, "login", login.principal().user(), 302, "OpenID");
                            context.response().addCookie(cookie.of(login.secret()));
                            if (said.idToken().length() <= TOKEN_COOKIE_MAX) {
                                context.response().addCookie(cookie(TOKEN_COOKIE, said.idToken()));
                            }
                            redirect(context, "/");
                        }))
                .onFailure(e -> {
                    guard.record(context, "login", "none", 401, "OpenID: " + e.getMessage());
                    refuse(context, e);
                });
    }

    /** A person looks at what the browser was led to: the pages say it. Programs get the problem. */
    private static void refuse(RoutingContext context, Throwable why) {
        String accepted = context.request().getHeader("Accept");
        if (accepted != null && accepted.contains("text/html")) {
            redirect(context, REFUSED);
        } else {
            context.fail(why);
        }
    }

    private Logins.Login login(JsonObject claims, String address) {
        User user = users().user(users().claimed(claims), address);
        return access.logins().enter(user, address);
    }

    /** @param location where the browser is to go next */
    record LogoutPlace(String location) {}

    /** The session here ends whatever the provider says. */
    private void leave(RoutingContext context, AccessGuard guard) {
        OidcClient provider = client();
        Principal principal = AccessGuard.principal(context);
        Origin origin = Actors.of(context).withComment("logout");
        Optional<String> idToken = Optional.ofNullable(context.request().getCookie(TOKEN_COOKIE))
                .map(Cookie::getValue)
                .filter(OidcClient::isJwt);
        String state = OidcAttempt.random();
        blocking.run(() -> {
                    boolean external = principal.via() == Principal.Via.SESSION
                            && OidcUsers.isExternal(access.users().get(principal, principal.user()));
                    if (principal.via() == Principal.Via.SESSION) {
                        access.logins().logout(principal, origin);
                    }
                    return external;
                })
                .compose(external -> external
                        ? provider.logoutUrl(idToken, state)
                        : Future.succeededFuture(Optional.<String>empty()))
                .onSuccess(place -> {
                    guard.record(
                            context, "logout", principal.actor(), 200, place.isPresent() ? "and of the provider" : "");
                    context.response()
                            .addCookie(cookie.gone())
                            .addCookie(cookie(TOKEN_COOKIE, "").setMaxAge(0));
                    if (place.isPresent()) {
                        context.response()
                                .addCookie(cookie(LOGOUT_COOKIE, state).setMaxAge(OidcAttempt.SECONDS_MAX));
                    }
                    Replies.json(context, 200, new LogoutPlace(place.orElse(SIGNED_OUT_HERE)));
                })
                .onFailure(context::fail);
    }

    /** The provider leads back: nothing is ended by it, and only who has left here is told so. */
    private void left(RoutingContext context) {
        client();
        Cookie begun = context.request().getCookie(LOGOUT_COOKIE);
        boolean ours = begun != null && begun.getValue().equals(Replies.text(context, "state"));
        if (ours) {
            context.response().addCookie(cookie(LOGOUT_COOKIE, "").setMaxAge(0));
        }
        redirect(context, ours ? SIGNED_OUT : "/");
    }

    /** True if the provider may have made this token. */
    boolean isOurs(@Nullable String token) {
        return client.isPresent() && token != null && OidcClient.isJwt(token);
    }

    /** Who shows a token of the provider. Fails if it is not good. */
    Future<Principal> bearer(String token, String address) {
        return client().verify(token).compose(claims -> {
            Instant until = Instant.ofEpochSecond(claims.getLong("exp"));
            OidcUsers.Claimed claimed;
            try {
                claimed = users().claimed(claims);
            } catch (AccessException e) {
                return Future.failedFuture(e);
            }
            return users().present(claimed)
                    .map(Future::succeededFuture)
                    .orElseGet(() -> blocking.run(() -> users().user(claimed, address)))
                    .map(user -> Logins.ofProvider(user, until));
        });
    }
}
