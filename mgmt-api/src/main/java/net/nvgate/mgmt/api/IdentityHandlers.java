package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import net.nvgate.fabric.identity.IdentityAdministration;
import net.nvgate.fabric.model.CertificateAuthority;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.JoinToken;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.store.BookChange;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.mgmt.api.Changes.Answer;

/** Join tokens, identities of nodes, and the CA. */
final class IdentityHandlers {

    private static final int EXPIRY_SECONDS_DEFAULT = 3600;

    private final IdentityAdministration identities;
    private final Clock clock;
    private final IdempotentRequests idempotent;
    private final BlockingCalls blocking;

    IdentityHandlers(
            IdentityAdministration identities, Clock clock, IdempotentRequests idempotent, BlockingCalls blocking) {
        this.identities = identities;
        this.clock = clock;
        this.idempotent = idempotent;
        this.blocking = blocking;
    }

    /** @param kind as in API paths: {@code gateways} or {@code hosts} */
    record TokenRequest(String kind, String name, Optional<Integer> expirySeconds) {}

    void mount(RouterBuilder routes) {
        route(routes, "createJoinToken", this::createToken);
        route(routes, "listJoinTokens", context -> {
            ListQuery query = ListQuery.of(context);
            answer(context, () -> Answer.of(200, tokens().of(IdentityViews.Token.class, query)));
        });
        route(routes, "deleteJoinToken", this::deleteToken);
        route(routes, "listIdentities", context -> {
            ListQuery query = ListQuery.of(context);
            answer(context, () -> Answer.of(200, nodes().of(IdentityViews.Node.class, query)));
        });
        route(routes, "revokeIdentity", this::revoke);
        route(routes, "listCertificateAuthorities", context -> {
            ListQuery query = ListQuery.of(context);
            answer(context, () -> Answer.of(200, authorities().of(IdentityViews.Authority.class, query)));
        });
        route(routes, "rotateCertificateAuthority", this::rotate);
        route(routes, "retireCertificateAuthority", this::retire);
    }

    private static void route(RouterBuilder routes, String operation, Consumer<RoutingContext> handler) {
        Operations.of(routes, operation).addHandler(handler::accept);
    }

    private void answer(RoutingContext context, Callable<Answer> call) {
        blocking.run(call).onSuccess(answer -> Replies.send(context, answer)).onFailure(context::fail);
    }

    private static NodeRole role(String kind) {
        return switch (kind) {
            case "gateways" -> NodeRole.GATEWAY;
            case "hosts" -> NodeRole.HOST;
            default ->
                throw new ProblemException(
                        Problem.of(ProblemCode.INVALID_VALUE, "kind must be gateways or hosts, not '" + kind + "'")
                                .atField("kind"));
        };
    }

    private void createToken(RoutingContext context) {
        String body = Changes.body(context);
        BookRequest asked = BookChanges.making(context, Actors.of(context));
        idempotent.answer(context, blocking, body, asked, how -> create(body, how), before -> {
            JoinToken token = IdempotentRequests.after(before, JoinToken.class);
            throw IdempotentRequests.shownOnce(
                    "the join token of " + token.role().label() + "/" + token.name());
        });
    }

    private Answer create(String body, BookRequest how) {
        TokenRequest request = FabricJson.read(body, TokenRequest.class);
        String name = Rules.name("join-token", request.name());
        Duration life = Duration.ofSeconds(request.expirySeconds().orElse(EXPIRY_SECONDS_DEFAULT));
        try {
            return BookChanges.answer(
                    how, identities.createToken(role(request.kind()), name, life, how), this::shown, made -> {
                        JoinToken token = made.stored(made.result().token());
                        Optional<String> text = Optional.of(made.result().text());
                        return Answer.of(201, token, IdentityViews.Token.of(token, text, clock.instant()));
                    });
        } catch (IllegalStateException e) {
            throw conflict(e);
        }
    }

    /** As GET shows it. */
    private Optional<Object> shown(FabricObject object) {
        return switch (object) {
            case JoinToken token -> Optional.of(IdentityViews.Token.of(token, Optional.empty(), clock.instant()));
            case NodeIdentity node ->
                Optional.of(IdentityViews.Node.of(node, identities.authorities(), clock.instant()));
            case CertificateAuthority authority ->
                Optional.of(IdentityViews.Authority.of(authority, identities.identities(), clock.instant()));
            default -> Optional.empty();
        };
    }

    private static ProblemException conflict(IllegalStateException e) {
        return new ProblemException(ProblemCode.CONFLICT, String.valueOf(e.getMessage()));
    }

    private static ProblemException missing(String what) {
        return new ProblemException(ProblemCode.NOT_FOUND, "there is no " + what);
    }

    private IdentityViews.Items<IdentityViews.Token> tokens() {
        return new IdentityViews.Items<>(identities.tokens().stream()
                .map(token -> IdentityViews.Token.of(token, Optional.empty(), clock.instant()))
                .sorted(IdentityViews.Token.ORDER)
                .toList());
    }

    private void deleteToken(RoutingContext context) {
        NodeRole role = role(Replies.pathText(context, "kind"));
        String name = Replies.pathText(context, "name");
        BookRequest how = BookChanges.of(context, Actors.of(context));
        answer(context, () -> {
            BookChange<Boolean> change = identities.deleteToken(role, name, how);
            if (!change.result()) {
                throw missing("join token of " + role.label() + "/" + name);
            }
            return BookChanges.answer(how, change, this::shown, _ -> Answer.empty(204));
        });
    }

    private IdentityViews.Items<IdentityViews.Node> nodes() {
        List<CertificateAuthority> authorities = identities.authorities();
        return new IdentityViews.Items<>(identities.identities().stream()
                .map(node -> IdentityViews.Node.of(node, authorities, clock.instant()))
                .sorted(IdentityViews.Node.ORDER)
                .toList());
    }

    private void revoke(RoutingContext context) {
        NodeRole role = role(Replies.pathText(context, "kind"));
        String name = Replies.pathText(context, "name");
        BookRequest how = BookChanges.of(context, Actors.of(context));
        answer(context, () -> {
            BookChange<Optional<NodeIdentity>> change = identities.revoke(role, name, how);
            NodeIdentity revoked =
                    change.result().orElseThrow(() -> missing("identity of " + role.label() + "/" + name));
            return BookChanges.answer(how, change, this::shown, made -> {
                NodeIdentity node = made.stored(revoked);
                return Answer.of(200, node, IdentityViews.Node.of(node, identities.authorities(), clock.instant()));
            });
        });
    }

    private IdentityViews.Items<IdentityViews.Authority> authorities() {
        return new IdentityViews.Items<>(identities.authorities().stream()
                .map(authority -> IdentityViews.Authority.of(authority, identities.identities(), clock.instant()))
                .toList());
    }

    private void rotate(RoutingContext context) {
        BookRequest asked = BookChanges.making(context, Actors.of(context));
        idempotent.answer(
                context,
                blocking,
                "",
                asked,
                how -> {
                    try {
                        return BookChanges.answer(
                                how, identities.rotate(how), this::shown, made -> made(made.stored(made.result())));
                    } catch (IllegalStateException e) {
                        throw conflict(e);
                    }
                },
                before -> made(IdempotentRequests.after(before, CertificateAuthority.class)));
    }

    private Answer made(CertificateAuthority next) {
        return Answer.of(201, next, IdentityViews.Authority.of(next, identities.identities(), clock.instant()));
    }

    private void retire(RoutingContext context) {
        String name = Replies.pathText(context, "name");
        BookRequest how = BookChanges.of(context, Actors.of(context));
        answer(context, () -> {
            BookChange<Boolean> change = identities.retire(name, how);
            if (!change.result()) {
                throw missing("old CA named '" + name + "'; the one that signs cannot go");
            }
            return BookChanges.answer(how, change, this::shown, _ -> Answer.empty(204));
        });
    }
}
