package net.nvgate.mgmt.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.ApiToken;
import net.nvgate.fabric.model.AuditEvent;
import net.nvgate.fabric.model.UserRole;
import net.nvgate.mgmt.access.OidcUsers;
import net.nvgate.mgmt.access.Permissions;
import net.nvgate.mgmt.access.Principal;
import net.nvgate.mgmt.access.Tokens;

/** Users, sessions, tokens and audit events as the contract has them: without hashes. */
final class AccessViews {

    private AccessViews() {}

    record Items<T>(List<T> items) {

        Items<T> of(Class<T> type, ListQuery query) {
            return new Items<>(query.apply(type, items));
        }
    }

    record Session(
            String user,
            UserRole role,
            Optional<String> tenant,
            boolean readOnly,
            Principal.Via via,
            boolean mustChangePassword,
            Set<String> permissions,
            Optional<UUID> tokenId,
            Optional<String> expiresAt) {

        static Session of(Principal principal, Permissions permissions) {
            return new Session(
                    principal.user(),
                    principal.role(),
                    principal.tenant(),
                    principal.readOnly(),
                    principal.via(),
                    principal.mustChange(),
                    permissions.of(principal),
                    principal.credential().filter(_ -> principal.via() == Principal.Via.TOKEN),
                    principal.expiresAt().map(Object::toString));
        }
    }

    record User(
            String name,
            String description,
            UserRole role,
            Optional<String> tenant,
            boolean mustChangePassword,
            boolean disabled,
            boolean external,
            String passwordChangedAt,
            String createdBy,
            String changedBy,
            long changedRevision) {

        static User of(net.nvgate.fabric.model.User user) {
            return new User(
                    user.name(),
                    user.description(),
                    user.role(),
                    user.tenant(),
                    user.mustChange(),
                    user.disabled(),
                    OidcUsers.isExternal(user),
                    user.passwordChangedAt().toString(),
                    user.meta().createdBy(),
                    user.meta().changedBy(),
                    user.changedRevision());
        }
    }

    static Items<User> users(List<net.nvgate.fabric.model.User> users) {
        return new Items<>(users.stream().map(User::of).toList());
    }

    record Token(
            UUID id,
            String name,
            String user,
            UserRole role,
            Optional<String> tenant,
            boolean readOnly,
            String createdAt,
            String expiresAt,
            Optional<String> lastUsedAt,
            long changedRevision) {

        static Token of(ApiToken token, String user) {
            return new Token(
                    token.id(),
                    token.name(),
                    user,
                    token.role(),
                    token.tenant(),
                    token.readOnly(),
                    token.createdAt().toString(),
                    token.expiresAt().toString(),
                    token.lastUsedAt().map(Object::toString),
                    token.changedRevision());
        }
    }

    static Items<Token> tokens(List<Tokens.Owned> tokens) {
        return new Items<>(tokens.stream()
                .map(owned -> Token.of(owned.token(), owned.user()))
                .toList());
    }

    /** The only place where a secret goes out. */
    record NewToken(Token token, String secret) {

        static NewToken of(ApiToken token, String secret, Principal principal) {
            return new NewToken(Token.of(token, principal.user()), secret);
        }
    }

    record Event(
            UUID id,
            String at,
            String operation,
            String actor,
            String address,
            String requestId,
            int status,
            String target,
            String detail,
            int times) {

        static Event of(AuditEvent event) {
            return new Event(
                    event.id(),
                    event.at().toString(),
                    event.name(),
                    event.actor(),
                    event.address(),
                    event.requestId(),
                    event.status(),
                    event.target(),
                    event.detail(),
                    event.times());
        }
    }

    static Items<Event> audit(List<AuditEvent> events) {
        return new Items<>(events.stream().map(Event::of).toList());
    }
}
