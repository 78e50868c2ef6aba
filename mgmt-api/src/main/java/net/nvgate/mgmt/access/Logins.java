package net.nvgate.mgmt.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import net.nvgate.fabric.model.ApiToken;
import net.nvgate.fabric.model.LoginSession;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.User;
import net.nvgate.fabric.model.UserRole;
import net.nvgate.fabric.store.ObjectBook;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who shows a session or a token, and logins by password. What is shown is looked up in memory; a revocation by any manager
 * holds as soon as this one has seen it.
 */
public final class Logins {

    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
    private static final int SESSIONS_PER_USER_MAX = 32;

    /** How exact the times of last use are that others see. */
    private static final Duration USE_EXACT_TO = Duration.ofMinutes(5);

    private static final String WRONG = "wrong name or password";

    private final AccessBook book;
    private final Permissions permissions;
    private final Passwords passwords;
    private final Clock clock;
    private final Duration idleMax;
    private final Duration lifeMax;
    /** Last use of sessions and tokens here, by id; what is newer than the store has it. */
    private final Map<UUID, Instant> uses = new ConcurrentHashMap<>();
    /** Of the thread that saves. */
    private Instant usesSavedAt = Instant.EPOCH;

    /**
     * @param idleMax a session that is not used for so long ends
     * @param lifeMax a session ends
     */
    public Logins(
            AccessBook book,
            Permissions permissions,
            Passwords passwords,
            Clock clock,
            Duration idleMax,
            Duration lifeMax) {
        this.book = book;
        this.permissions = permissions;
        this.passwords = passwords;
        this.clock = clock;
        this.idleMax = idleMax;
        this.lifeMax = lifeMax;
    }

    /** @param secret for the cookie */
    public record Login(String secret, Principal principal) {}

    /**
     * Logs somebody in. Blocks, and takes as long for a name that nobody has.
     *
     * @throws AccessException LOGIN_FAILED, with the same words whatever is wrong
     */
    public Login login(String name, String password, String address) {
        Optional<User> found = book.view().user(name);
        if (found.isEmpty()) {
            passwords.matchesNobody(password);
            throw new AccessException(AccessException.Code.LOGIN_FAILED, WRONG);
        }
        User user = found.get();
        if (OidcUsers.isExternal(user)) {
            passwords.matchesNobody(password);
            throw new AccessException(AccessException.Code.LOGIN_FAILED, WRONG);
        }
        if (!passwords.matches(password, user.passwordHash()) || user.disabled()) {
            throw new AccessException(AccessException.Code.LOGIN_FAILED, WRONG);
        }
        return enter(user, address);
    }

    /**
     * Makes a session for somebody who has proved who he is. Blocks.
     *
     * @throws AccessException LOGIN_FAILED if he was changed meanwhile
     */
    public Login enter(User user, String address) {
        String secret = Secrets.random();
        Instant now = clock.instant();
        LoginSession session = new LoginSession(
                Meta.of(UUID.randomUUID(), user.name(), ""), user.id(), Secrets.hash(secret), now, now, address);
        Origin origin = new Origin(user.name() + "@" + address, "login");
        boolean made = book.change(origin, view -> {
            boolean same = view.user(user.id())
                    .filter(current -> current.passwordHash().equals(user.passwordHash()) && !current.disabled())
                    .isPresent();
            if (!same) {
                return new ObjectBook.Plan<>(List.of(), false);
            }
            List<Transaction.Change> changes = new ArrayList<>(List.of(AccessBook.put(session)));
            over(view, user.id()).forEach(old -> changes.add(AccessBook.delete(old)));
            return new ObjectBook.Plan<>(changes, true);
        });
        if (!made) {
            throw new AccessException(AccessException.Code.LOGIN_FAILED, WRONG);
        }
        return new Login(secret, of(session, user));
    }

    /** Sessions that have ended, and of this user the oldest if there are too many. */
    private List<LoginSession> over(AccessBook.View view, UUID userId) {
        List<LoginSession> ended = new ArrayList<>(view.sessions().stream()
                .filter(session -> !isGood(session))
                .limit(1000)
                .toList());
        List<LoginSession> mine = view.sessions().stream()
                .filter(session -> session.userId().equals(userId) && isGood(session))
                .sorted(Comparator.comparing(LoginSession::createdAt).reversed())
                .toList();
        if (mine.size() >= SESSIONS_PER_USER_MAX) {
            ended.addAll(mine.subList(SESSIONS_PER_USER_MAX - 1, mine.size()));
        }
        return ended;
    }

    private boolean isGood(LoginSession session) {
        Instant now = clock.instant();
        return session.createdAt().plus(lifeMax).isAfter(now)
                && lastUse(session.id(), session.lastUsedAt()).plus(idleMax).isAfter(now);
    }

    /** Last use of a session or token as far as it is known here. */
    Instant lastUse(UUID id, Instant stored) {
        Instant here = uses.get(id);
        return here != null && here.isAfter(stored) ? here : stored;
    }

    private Principal of(LoginSession session, User user) {
        return new Principal(
                user.name(),
                Optional.of(user.id()),
                user.role(),
                user.tenant(),
                false,
                user.mustChange(),
                Principal.Via.SESSION,
                Optional.of(session.id()),
                "",
                Optional.of(session.createdAt().plus(lifeMax)));
    }

    /** Who shows this cookie; empty if it is none that is good. Does not block. */
    public Optional<Principal> bySession(String secret) {
        AccessBook.View view = book.view();
        return Optional.ofNullable(view.sessionsByHash().get(Secrets.hash(secret)))
                .filter(this::isGood)
                .flatMap(session -> view.user(session.userId())
                        .filter(user -> !user.disabled())
                        .map(user -> {
                            uses.put(session.id(), clock.instant());
                            return of(session, user);
                        }));
    }

    /** Who shows this token; empty if it is none that is good. Does not block. */
    public Optional<Principal> byToken(String secret) {
        AccessBook.View view = book.view();
        return Optional.ofNullable(view.tokensByHash().get(Secrets.hash(secret)))
                .filter(token -> token.expiresAt().isAfter(clock.instant()))
                .flatMap(token -> view.user(token.userId())
                        .filter(user -> !user.disabled() && covers(user, token))
                        .map(user -> {
                            uses.put(token.id(), clock.instant());
                            return of(token, user);
                        }));
    }

    private boolean covers(User user, ApiToken token) {
        return covers(permissions, user.role(), user.tenant(), token.role(), token.tenant());
    }

    /** Whether somebody may give away a role, if it is a tenant's with this tenant. */
    static boolean covers(
            Permissions permissions,
            UserRole role,
            Optional<String> tenant,
            UserRole other,
            Optional<String> otherTenant) {
        return permissions.covers(role, other) && (tenant.isEmpty() || tenant.equals(otherTenant));
    }

    /**
     * Whom the OpenID provider's token is about.
     *
     * @param until when the token ends
     */
    public static Principal ofProvider(User user, Instant until) {
        return new Principal(
                user.name(),
                Optional.of(user.id()),
                user.role(),
                user.tenant(),
                false,
                false,
                Principal.Via.OIDC,
                Optional.of(user.id()),
                "",
                Optional.of(until));
    }

    private static Principal of(ApiToken token, User user) {
        return new Principal(
                user.name(),
                Optional.of(user.id()),
                token.role(),
                token.tenant(),
                token.readOnly(),
                false,
                Principal.Via.TOKEN,
                Optional.of(token.id()),
                token.name(),
                Optional.of(token.expiresAt()));
    }

    /** Whether a principal that was good still is what it was. Does not count as a use. */
    public boolean stands(Principal principal) {
        if (principal.credential().isEmpty()) {
            return principal.equals(Principal.ANONYMOUS);
        }
        AccessBook.View view = book.view();
        return switch (view.all().objects().get(principal.credential().orElseThrow())) {
            case LoginSession session ->
                isGood(session)
                        && view.user(session.userId())
                                .filter(user ->
                                        !user.disabled() && of(session, user).equals(principal))
                                .isPresent();
            case ApiToken token ->
                token.expiresAt().isAfter(clock.instant())
                        && view.user(token.userId())
                                .filter(user -> !user.disabled() && covers(user, token))
                                .isPresent();
            case User user ->
                !user.disabled()
                        && principal
                                .expiresAt()
                                .filter(clock.instant()::isBefore)
                                .isPresent()
                        && user.role() == principal.role()
                        && user.tenant().equals(principal.tenant());
            case null, default -> false;
        };
    }

    /** Ends the session, if it is one. */
    public void logout(Principal principal, Origin origin) {
        principal
                .credential()
                .ifPresent(id -> book.change(
                        origin,
                        view -> new ObjectBook.Plan<>(
                                view.all().objects().get(id) instanceof LoginSession session
                                        ? List.of(AccessBook.delete(session))
                                        : List.of(),
                                true)));
    }

    /**
     * Lets the store know of uses, all together every some minutes. Blocks; a store that does not answer is no reason to
     * keep anybody out.
     *
     * @param last does not wait for these minutes to pass
     */
    public void saveUses(boolean last) {
        Instant now = clock.instant();
        if (uses.isEmpty() || (!last && usesSavedAt.plus(USE_EXACT_TO).isAfter(now))) {
            return;
        }
        usesSavedAt = now;
        try {
            book.change(Origin.SYSTEM.withComment("last use of sessions and tokens"), view -> {
                List<Transaction.Change> changes = new ArrayList<>();
                uses.forEach((id, use) -> used(view, id, use).ifPresent(changes::add));
                return new ObjectBook.Plan<>(changes, true);
            });
            AccessBook.View stored = book.view();
            uses.entrySet()
                    .removeIf(use -> used(stored, use.getKey(), use.getValue()).isEmpty());
        } catch (StoreException e) {
            LOG.warn("the last use of tokens cannot be stored: {}", e.getMessage());
        }
    }

    /** Empty if the store knows, or has nothing of this id. */
    private static Optional<Transaction.Change> used(AccessBook.View view, UUID id, Instant use) {
        return switch (view.all().objects().get(id)) {
            case ApiToken token
            when token.lastUsedAt().orElse(Instant.EPOCH).isBefore(use) ->
                Optional.of(AccessBook.put(token.usedAt(use)));
            case LoginSession session
            when session.lastUsedAt().isBefore(use) -> Optional.of(AccessBook.put(session.usedAt(use)));
            case null, default -> Optional.empty();
        };
    }
}
