package net.nvgate.mgmt.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.ApiToken;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.User;
import net.nvgate.fabric.model.UserRole;
import net.nvgate.fabric.store.BookChange;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.ObjectBook;

/** API tokens of users. Methods block. */
public final class Tokens {

    private static final int PER_USER_MAX = 100;
    private static final int EXPIRY_DAYS_DEFAULT = 90;

    private final AccessBook book;
    private final Permissions permissions;
    private final Logins logins;
    private final Clock clock;
    private final Duration externalMax;

    /**
     * @param logins know of uses that the store does not have yet
     * @param externalMax tokens of users live whom a provider can take what they may without this manager's knowing
     */
    public Tokens(AccessBook book, Permissions permissions, Logins logins, Clock clock, Duration externalMax) {
        this.externalMax = externalMax;
        this.book = book;
        this.permissions = permissions;
        this.logins = logins;
        this.clock = clock;
    }

    /** What is asked for; what is absent is as with who asks. */
    public record Request(
            String name,
            Optional<UserRole> role,
            Optional<String> tenant,
            Optional<Boolean> readOnly,
            Optional<Integer> expiryDays) {}

    /** @param secret is known to the caller alone */
    public record Made(ApiToken token, String secret) {}

    /** A token with the name of its user. */
    public record Owned(ApiToken token, String user) {}

    /**
     * Own ones, and those of users that the principal looks after; by user and name. Who may not see all users sees none
     * that is worth more than who asks, or another tenant's.
     */
    public List<Owned> list(Principal principal) {
        AccessBook.View view = book.view();
        return view.tokens().stream()
                .filter(token -> seesAll(principal) || covers(principal, token))
                .flatMap(token -> view
                        .user(token.userId())
                        .filter(user -> sees(principal, Permissions.USERS_READ, user))
                        .map(user -> new Owned(withLastUse(token), user.name()))
                        .stream())
                .sorted(Comparator.comparing(Owned::user)
                        .thenComparing(owned -> owned.token().name())
                        .thenComparing(owned -> owned.token().id()))
                .toList();
    }

    private boolean seesAll(Principal principal) {
        return !principal.role().ofTenant() && permissions.of(principal).contains(Permissions.USERS_READ);
    }

    private ApiToken withLastUse(ApiToken token) {
        Instant stored = token.lastUsedAt().orElse(Instant.EPOCH);
        Instant last = logins.lastUse(token.id(), stored);
        return last.equals(stored) ? token : token.usedAt(last);
    }

    private boolean covers(Principal principal, ApiToken token) {
        return covers(principal, token.role(), token.tenant());
    }

    private boolean covers(Principal principal, UserRole role, Optional<String> tenant) {
        return Logins.covers(permissions, principal.role(), principal.tenant(), role, tenant);
    }

    private boolean sees(Principal principal, String permission, User user) {
        if (principal.userId().equals(Optional.of(user.id()))) {
            return true;
        }
        return permissions.of(principal).contains(permission)
                && (!principal.role().ofTenant() || principal.tenant().equals(user.tenant()));
    }

    /** @throws AccessException FORBIDDEN if it would be worth more than who asks, CONFLICT also if who asks is gone */
    public BookChange<Made> create(Principal principal, Request request, BookRequest how) {
        UUID userId = principal
                .userId()
                .orElseThrow(() -> new AccessException(
                        AccessException.Code.CONFLICT, "auth.mode is none: tokens are of users, and nobody is asked"));
        UserRole role = request.role().orElse(principal.role());
        Optional<String> tenant = request.tenant().or(() -> role.ofTenant() ? principal.tenant() : Optional.empty());
        boolean readOnly = request.readOnly().orElse(principal.readOnly());
        if (!covers(principal, role, tenant) || (principal.readOnly() && !readOnly)) {
            throw new AccessException(
                    AccessException.Code.FORBIDDEN, "role", "a token cannot be worth more than who makes it");
        }
        Instant now = clock.instant();
        Duration asked = Duration.ofDays(request.expiryDays().orElse(EXPIRY_DAYS_DEFAULT));
        boolean external =
                book.view().user(userId).filter(OidcUsers::isExternal).isPresent();
        Instant end = now.plus(external && asked.compareTo(externalMax) > 0 ? externalMax : asked);
        // A token that a token makes does not outlive it.
        Instant expiresAt = principal.via() == Principal.Via.TOKEN || principal.via() == Principal.Via.OIDC
                ? principal.expiresAt().filter(mine -> mine.isBefore(end)).orElse(end)
                : end;
        String secret = Secrets.TOKEN_PREFIX + Secrets.random();
        ApiToken token = new ApiToken(
                Meta.of(UUID.randomUUID(), request.name(), ""),
                userId,
                role,
                tenant,
                readOnly,
                Secrets.hash(secret),
                now,
                expiresAt,
                Optional.empty());
        return book.change(how, view -> {
            requireStanding(view, principal, userId, token);
            long mine = view.tokens().stream()
                    .filter(other -> other.userId().equals(userId))
                    .count();
            if (mine >= PER_USER_MAX) {
                throw new AccessException(
                        AccessException.Code.CONFLICT, "a user has " + PER_USER_MAX + " tokens at most");
            }
            return new ObjectBook.Plan<>(List.of(AccessBook.put(token)), new Made(token, secret));
        });
    }

    /** What was true when the request came may not be any more. */
    private void requireStanding(AccessBook.View view, Principal principal, UUID userId, ApiToken token) {
        boolean shown =
                principal.credential().filter(view.all().objects()::containsKey).isPresent();
        boolean covered = view.user(userId)
                .filter(user -> !user.disabled()
                        && Logins.covers(permissions, user.role(), user.tenant(), token.role(), token.tenant()))
                .isPresent();
        if (!shown || !covered) {
            throw new AccessException(
                    AccessException.Code.CONFLICT, "who asks for the token was logged out or changed meanwhile");
        }
    }

    /** @throws AccessException NOT_FOUND, also if the principal does not see this one */
    public Owned get(Principal principal, UUID id) {
        return list(principal).stream()
                .filter(owned -> owned.token().id().equals(id))
                .findFirst()
                .orElseThrow(Tokens::missing);
    }

    private static AccessException missing() {
        return new AccessException(AccessException.Code.NOT_FOUND, "there is no such token");
    }

    /**
     * That the store has noted a use of the token makes another version of it.
     *
     * @throws AccessException NOT_FOUND, also if the principal does not look after this one
     */
    public BookChange<Boolean> delete(Principal principal, UUID id, BookRequest how) {
        return book.change(how, view -> {
            ApiToken token = Optional.ofNullable(view.all().objects().get(id))
                    .filter(ApiToken.class::isInstance)
                    .map(ApiToken.class::cast)
                    .filter(found -> covers(principal, found))
                    .filter(found -> view.user(found.userId())
                            .filter(user -> sees(principal, Permissions.USERS_CHANGE, user))
                            .isPresent())
                    .map(how::version)
                    .orElseThrow(Tokens::missing);
            return new ObjectBook.Plan<>(List.of(AccessBook.delete(token)), true);
        });
    }
}
