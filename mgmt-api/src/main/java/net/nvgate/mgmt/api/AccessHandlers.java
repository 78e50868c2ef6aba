package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import net.nvgate.fabric.model.ApiToken;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.User;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.Origin;
import net.nvgate.mgmt.access.Access;
import net.nvgate.mgmt.access.AccessException;
import net.nvgate.mgmt.access.Logins;
import net.nvgate.mgmt.access.Principal;
import net.nvgate.mgmt.access.Tokens;
import net.nvgate.mgmt.access.Users;
import net.nvgate.mgmt.api.Changes.Answer;

/** Login and logout, users, API tokens, the audit log. */
final class AccessHandlers {

    private static final int AUDIT_ROWS_DEFAULT = 1000;

    private final Access access;
    private final AccessGuard guard;
    private final SessionCookie cookie;
    private final IdempotentRequests idempotent;
    private final BlockingCalls blocking;

    AccessHandlers(
            Access access,
            AccessGuard guard,
            SessionCookie cookie,
            IdempotentRequests idempotent,
            BlockingCalls blocking) {
        this.access = access;
        this.guard = guard;
        this.cookie = cookie;
        this.idempotent = idempotent;
        this.blocking = blocking;
    }

    record LoginRequest(String user, String password) {}

    record PasswordRequest(String current, String password) {}

    void mount(RouterBuilder routes) {
        route(routes, "login", this::login);
        route(routes, "logout", this::logout);
        route(routes, "getSession", context -> {
            Principal principal = AccessGuard.principal(context);
            Replies.json(context, 200, AccessViews.Session.of(principal, access.permissions()));
        });
        route(routes, "changePassword", this::changePassword);
        route(routes, "listUsers", context -> {
            Principal principal = AccessGuard.principal(context);
            ListQuery query = ListQuery.of(context);
            answer(
                    context,
                    () -> Answer.of(
                            200,
                            AccessViews.users(access.users().list(principal)).of(AccessViews.User.class, query)));
        });
        route(routes, "createUser", this::createUser);
        route(routes, "getUser", context -> {
            Principal principal = AccessGuard.principal(context);
            String name = Replies.pathText(context, "name");
            answer(context, () -> {
                User user = access.users().get(principal, name);
                return Answer.of(200, user, AccessViews.User.of(user));
            });
        });
        route(routes, "updateUser", this::updateUser);
        route(routes, "deleteUser", this::deleteUser);
        route(routes, "listTokens", context -> {
            Principal principal = AccessGuard.principal(context);
            ListQuery query = ListQuery.of(context);
            answer(
                    context,
                    () -> Answer.of(
                            200,
                            AccessViews.tokens(access.tokens().list(principal)).of(AccessViews.Token.class, query)));
        });
        route(routes, "createToken", this::createToken);
        route(routes, "getToken", context -> {
            Principal principal = AccessGuard.principal(context);
            UUID id = Replies.id(context);
            answer(context, () -> {
                Tokens.Owned owned = access.tokens().get(principal, id);
                return Answer.of(200, owned.token(), AccessViews.Token.of(owned.token(), owned.user()));
            });
        });
        route(routes, "deleteToken", this::deleteToken);
        route(routes, "listAudit", this::audit);
    }

    private static void route(RouterBuilder routes, String operation, Consumer<RoutingContext> handler) {
        Operations.of(routes, operation).addHandler(handler::accept);
    }

    private void answer(RoutingContext context, Callable<Answer> call) {
        blocking.run(call).onSuccess(answer -> Replies.send(context, answer)).onFailure(context::fail);
    }

    private void login(RoutingContext context) {
        LoginRequest request = FabricJson.read(Changes.body(context), LoginRequest.class);
        if (!access.required()) {
            context.fail(new ProblemException(ProblemCode.CONFLICT, "auth.mode is none: nobody needs to log in"));
            return;
        }
        String address = AccessGuard.address(context);
        String network = AccessGuard.network(address);
        Optional<Duration> wait = access.throttle().begin(request.user(), network);
        if (wait.isPresent()) {
            // Not by name: who is kept waiting must not fill the log with names that he makes up.
            guard.record(context, "login", "none", 429, "too many failures");
            long seconds = wait.get().toSeconds() + 1;
            context.response().putHeader("Retry-After", Long.toString(seconds));
            context.fail(new ProblemException(
                    ProblemCode.TOO_MANY_ATTEMPTS, "Too many logins have failed; try again in " + seconds + " s"));
            return;
        }
        blocking.run(() -> access.logins().login(request.user(), request.password(), address))
                .onSuccess(login -> {
                    access.throttle().succeeded(request.user(), network);
                    loggedIn(context, login);
                })
                .onFailure(e -> {
                    if (!(e instanceof AccessException)) {
                        // Neither the name nor the password was wrong: the store, say, is away.
                        access.throttle().succeeded(request.user(), network);
                    }
                    if (e instanceof AccessException) {
                        guard.record(context, "login", request.user(), 401, String.valueOf(e.getMessage()));
                    }
                    context.fail(e);
                });
    }

    private void loggedIn(RoutingContext context, Logins.Login login) {
        guard.record(context, "login", login.principal().user(), 200, "");
        context.response().addCookie(cookie.of(login.secret()));
        Replies.json(context, 200, AccessViews.Session.of(login.principal(), access.permissions()));
    }

    private void logout(RoutingContext context) {
        Principal principal = AccessGuard.principal(context);
        Origin origin = Actors.of(context).withComment("logout");
        blocking.run(() -> {
                    if (principal.via() == Principal.Via.SESSION) {
                        access.logins().logout(principal, origin);
                    }
                    return true;
                })
                .onSuccess(_ -> {
                    guard.record(context, "logout", principal.actor(), 204, "");
                    context.response()
                            .addCookie(cookie.gone())
                            .setStatusCode(204)
                            .end();
                })
                .onFailure(context::fail);
    }

    private void changePassword(RoutingContext context) {
        Principal principal = AccessGuard.principal(context);
        PasswordRequest request = FabricJson.read(Changes.body(context), PasswordRequest.class);
        Origin origin = Actors.of(context).withComment("password changed");
        String network = AccessGuard.network(AccessGuard.address(context));
        Optional<Duration> wait = access.throttle().begin(principal.user(), network);
        if (wait.isPresent()) {
            long seconds = wait.get().toSeconds() + 1;
            context.response().putHeader("Retry-After", Long.toString(seconds));
            context.fail(new ProblemException(
                    ProblemCode.TOO_MANY_ATTEMPTS, "Too many attempts have failed; try again in " + seconds + " s"));
            return;
        }
        answer(context, () -> {
            boolean judged = false;
            try {
                access.users().changePassword(principal, request.current(), request.password(), origin);
                judged = true;
            } catch (AccessException e) {
                judged = true;
                if (e.code() != AccessException.Code.LOGIN_FAILED) {
                    access.throttle().succeeded(principal.user(), network);
                    throw e;
                }
                guard.record(context, "changePassword", principal.actor(), 401, String.valueOf(e.getMessage()));
                throw e;
            } finally {
                if (!judged) {
                    access.throttle().succeeded(principal.user(), network);
                }
            }
            access.throttle().succeeded(principal.user(), network);
            return Answer.empty(204);
        });
    }

    private void createUser(RoutingContext context) {
        Principal principal = AccessGuard.principal(context);
        Users.Request request = FabricJson.read(Changes.body(context), Users.Request.class);
        BookRequest asked = BookChanges.making(context, Actors.of(context));
        idempotent.answer(
                context,
                blocking,
                FabricJson.write(request.withoutPassword()),
                asked,
                how -> BookChanges.answer(
                        how,
                        access.users().create(principal, request, how),
                        this::shown,
                        made -> made(made.stored(made.result()))),
                before -> {
                    User user = IdempotentRequests.after(before, User.class);
                    if (!access.users().isPassword(user, request.password())) {
                        throw IdempotentRequests.usedByAnother(before.revision());
                    }
                    return made(user);
                });
    }

    private static Answer made(User user) {
        return Answer.of(201, user, AccessViews.User.of(user)).at(ObjectHandlers.API_ROOT + "users/" + user.name());
    }

    /** As GET shows it; sessions are nobody's to see. */
    private Optional<Object> shown(FabricObject object) {
        return switch (object) {
            case User user -> Optional.of(AccessViews.User.of(user));
            case ApiToken token ->
                Optional.of(AccessViews.Token.of(token, access.users().nameOf(token.userId())));
            default -> Optional.empty();
        };
    }

    private void updateUser(RoutingContext context) {
        Principal principal = AccessGuard.principal(context);
        String name = Replies.pathText(context, "name");
        String body = Changes.body(context);
        BookRequest how = BookChanges.of(context, Actors.of(context));
        answer(context, () -> {
            Users.Change change = FabricJson.read(body, Users.Change.class);
            return BookChanges.answer(how, access.users().update(principal, name, change, how), this::shown, made -> {
                User user = made.stored(made.result());
                return Answer.of(200, user, AccessViews.User.of(user));
            });
        });
    }

    private void deleteUser(RoutingContext context) {
        Principal principal = AccessGuard.principal(context);
        String name = Replies.pathText(context, "name");
        BookRequest how = BookChanges.of(context, Actors.of(context));
        answer(
                context,
                () -> BookChanges.answer(
                        how, access.users().delete(principal, name, how), this::shown, _ -> Answer.empty(204)));
    }

    private void createToken(RoutingContext context) {
        Principal principal = AccessGuard.principal(context);
        String body = Changes.body(context);
        BookRequest asked = BookChanges.making(context, Actors.of(context));
        idempotent.answer(
                context,
                blocking,
                body,
                asked,
                how -> {
                    Tokens.Request request = FabricJson.read(body, Tokens.Request.class);
                    return BookChanges.answer(
                            how, access.tokens().create(principal, request, how), this::shown, made -> {
                                ApiToken token = made.stored(made.result().token());
                                return Answer.of(
                                                201,
                                                token,
                                                AccessViews.NewToken.of(
                                                        token, made.result().secret(), principal))
                                        .at(ObjectHandlers.API_ROOT + "tokens/" + token.id());
                            });
                },
                before -> {
                    ApiToken token = IdempotentRequests.after(before, ApiToken.class);
                    throw IdempotentRequests.shownOnce(
                            "token '" + token.name() + "', " + ObjectHandlers.API_ROOT + "tokens/" + token.id());
                });
    }

    private void deleteToken(RoutingContext context) {
        Principal principal = AccessGuard.principal(context);
        UUID id = Replies.id(context);
        BookRequest how = BookChanges.of(context, Actors.of(context));
        answer(
                context,
                () -> BookChanges.answer(
                        how, access.tokens().delete(principal, id, how), this::shown, _ -> Answer.empty(204)));
    }

    private void audit(RoutingContext context) {
        Optional<UUID> before =
                Optional.ofNullable(Replies.text(context, "before")).map(UUID::fromString);
        Optional<String> actor = Optional.ofNullable(Replies.text(context, "actor"));
        int limit = Replies.integer(context, "limit", AUDIT_ROWS_DEFAULT);
        answer(context, () -> Answer.of(200, AccessViews.audit(access.audit().list(before, actor, limit))));
    }
}
