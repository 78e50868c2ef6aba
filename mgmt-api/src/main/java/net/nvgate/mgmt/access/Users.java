package net.nvgate.mgmt.access;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.ApiToken;
import net.nvgate.fabric.model.LoginSession;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.User;
import net.nvgate.fabric.model.UserRole;
import net.nvgate.fabric.store.BookChange;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.ObjectBook;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Transaction;

/**
 * The users, as those who look after them see and change them: administrators all, owners of a tenant those of the tenant.
 * Methods block.
 */
public final class Users {

    private static final int USERS_MAX = 10_000;
    private static final String ADMIN = "admin";

    private final AccessBook book;
    private final Permissions permissions;
    private final Passwords passwords;
    private final Clock clock;

    public Users(AccessBook book, Permissions permissions, Passwords passwords, Clock clock) {
        this.book = book;
        this.permissions = permissions;
        this.passwords = passwords;
        this.clock = clock;
    }

    /** What is asked for of a new user. */
    public record Request(
            String name, Optional<String> description, UserRole role, Optional<String> tenant, String password) {

        public Request withoutPassword() {
            return new Request(name, description, role, tenant, "");
        }
    }

    /** What is to change of a user. */
    public record Change(
            Optional<String> description,
            Optional<UserRole> role,
            Optional<String> tenant,
            Optional<Boolean> disabled,
            Optional<String> password) {}

    /**
     * Makes {@code admin} if there is no user at all.
     *
     * @param mustChange the password is good only for giving another one
     * @return false if there are users
     */
    public boolean makeFirst(String password, boolean mustChange) {
        if (!book.view().users().isEmpty()) {
            return false;
        }
        User admin = new User(
                Meta.of(AccessBook.userId(ADMIN), ADMIN, "made by the manager's first start"),
                UserRole.ADMIN,
                Optional.empty(),
                passwords.hash(password),
                mustChange,
                false,
                clock.instant());
        return book.change(
                Origin.SYSTEM.withComment("first start"),
                view -> view.users().isEmpty()
                        ? new ObjectBook.Plan<>(List.of(AccessBook.put(admin)), true)
                        : new ObjectBook.Plan<>(List.of(), false));
    }

    public boolean isEmpty() {
        return book.view().users().isEmpty();
    }

    private static boolean sees(Principal principal, User user) {
        return !principal.role().ofTenant() || principal.tenant().equals(user.tenant());
    }

    /** Those that this principal sees, by name. */
    public List<User> list(Principal principal) {
        return book.view().users().values().stream()
                .filter(user -> sees(principal, user))
                .sorted(Comparator.comparing(User::name))
                .toList();
    }

    /** @throws AccessException NOT_FOUND, also if the principal does not see this one */
    public User get(Principal principal, String name) {
        return existing(book.view(), principal, name);
    }

    /** What an id is called; the id itself if it is of nobody any more. */
    public String nameOf(UUID id) {
        return book.view().user(id).map(User::name).orElseGet(id::toString);
    }

    private static User existing(AccessBook.View view, Principal principal, String name) {
        return view.user(name)
                .filter(user -> sees(principal, user))
                .orElseThrow(() -> new AccessException(AccessException.Code.NOT_FOUND, "there is no such user"));
    }

    /** @throws AccessException NAME_TAKEN, INVALID, FORBIDDEN */
    public BookChange<User> create(Principal principal, Request request, BookRequest how) {
        Rules.visible("user", "name", request.name());
        requireGood(request.name(), request.password());
        requireCovered(principal, request.role(), request.tenant());
        User user = new User(
                Meta.of(
                        AccessBook.userId(request.name()),
                        request.name(),
                        request.description().orElse("")),
                request.role(),
                request.tenant(),
                passwords.hash(request.password()),
                true,
                false,
                clock.instant());
        return book.change(how, view -> {
            if (view.user(request.name()).isPresent()) {
                throw new AccessException(AccessException.Code.NAME_TAKEN, "name", "another user has this name");
            }
            if (view.users().size() >= USERS_MAX) {
                throw new AccessException(AccessException.Code.CONFLICT, "there are " + USERS_MAX + " users already");
            }
            return new ObjectBook.Plan<>(List.of(AccessBook.put(user)), user);
        });
    }

    /** Takes as long as a login. */
    public boolean isPassword(User user, String password) {
        return passwords.matches(password, user.passwordHash());
    }

    private static void requireGood(String name, String password) {
        String objection = Passwords.objection(name, password);
        if (!objection.isEmpty()) {
            throw new AccessException(AccessException.Code.INVALID, "password", objection);
        }
    }

    private void requireCovered(Principal principal, UserRole role, Optional<String> tenant) {
        if (!Logins.covers(permissions, principal.role(), principal.tenant(), role, tenant)) {
            throw new AccessException(
                    AccessException.Code.FORBIDDEN, "role", "nobody gives away more than his own role and tenant");
        }
    }

    /** @throws AccessException NOT_FOUND, INVALID, FORBIDDEN, CONFLICT for the last administrator */
    public BookChange<User> update(Principal principal, String name, Change change, BookRequest how) {
        change.password().ifPresent(password -> requireGood(name, password));
        Optional<String> hash = change.password().map(passwords::hash);
        return book.change(how, view -> {
            User before = how.version(existing(view, principal, name));
            requireCovered(principal, before.role(), before.tenant());
            if (hash.isPresent() && OidcUsers.isExternal(before)) {
                throw new AccessException(
                        AccessException.Code.CONFLICT, "password", "the password is the OpenID provider's to give");
            }
            UserRole role = change.role().orElse(before.role());
            Optional<String> tenant = change.tenant().or(() -> role.ofTenant() ? before.tenant() : Optional.empty());
            User after = changed(before, change, role, tenant, hash);
            requireCovered(principal, after.role(), after.tenant());
            requireAdmin(view, before, Optional.of(after));
            List<Transaction.Change> changes = new ArrayList<>(List.of(AccessBook.put(after)));
            if (hash.isPresent()
                    || after.disabled()
                    || after.role() != before.role()
                    || !tenant.equals(before.tenant())) {
                sessions(view, before.id()).forEach(session -> changes.add(AccessBook.delete(session)));
            }
            return new ObjectBook.Plan<>(changes, after);
        });
    }

    private User changed(User before, Change change, UserRole role, Optional<String> tenant, Optional<String> hash) {
        try {
            return new User(
                    before.meta().renamed(before.name(), change.description().orElse(before.description())),
                    role,
                    tenant,
                    hash.orElse(before.passwordHash()),
                    hash.isPresent() || before.mustChange(),
                    change.disabled().orElse(before.disabled()),
                    hash.isPresent() ? clock.instant() : before.passwordChangedAt());
        } catch (ModelException e) {
            throw new AccessException(AccessException.Code.INVALID, e.field(), String.valueOf(e.getMessage()));
        }
    }

    private static void requireAdmin(AccessBook.View view, User before, Optional<User> after) {
        boolean was = before.role() == UserRole.ADMIN && !before.disabled();
        boolean is = after.filter(user -> user.role() == UserRole.ADMIN && !user.disabled())
                .isPresent();
        boolean another = view.users().values().stream()
                .anyMatch(user -> user.role() == UserRole.ADMIN
                        && !user.disabled()
                        && !user.id().equals(before.id()));
        if (was && !is && !another) {
            throw new AccessException(AccessException.Code.CONFLICT, "this is the last ADMIN that can log in");
        }
    }

    private static List<LoginSession> sessions(AccessBook.View view, UUID userId) {
        return view.sessions().stream()
                .filter(session -> session.userId().equals(userId))
                .toList();
    }

    private static List<ApiToken> tokens(AccessBook.View view, UUID userId) {
        return view.tokens().stream()
                .filter(token -> token.userId().equals(userId))
                .toList();
    }

    /** With tokens and sessions. */
    public BookChange<Boolean> delete(Principal principal, String name, BookRequest how) {
        return book.change(how, view -> {
            User user = how.version(existing(view, principal, name));
            requireCovered(principal, user.role(), user.tenant());
            requireAdmin(view, user, Optional.empty());
            List<Transaction.Change> changes = new ArrayList<>(List.of(AccessBook.delete(user)));
            sessions(view, user.id()).forEach(session -> changes.add(AccessBook.delete(session)));
            tokens(view, user.id()).forEach(token -> changes.add(AccessBook.delete(token)));
            return new ObjectBook.Plan<>(changes, true);
        });
    }

    /**
     * A user gives himself another password; his other sessions end.
     *
     * @throws AccessException LOGIN_FAILED if the present one is wrong, INVALID if the new one is bad
     */
    public void changePassword(Principal principal, String current, String password, Origin origin) {
        User user = principal
                .userId()
                .flatMap(id -> book.view().user(id))
                .orElseThrow(() -> new AccessException(AccessException.Code.CONFLICT, "nobody is logged in"));
        if (OidcUsers.isExternal(user)) {
            throw new AccessException(AccessException.Code.CONFLICT, "the password is the OpenID provider's to change");
        }
        if (!passwords.matches(current, user.passwordHash())) {
            throw new AccessException(AccessException.Code.LOGIN_FAILED, "current", "the present password is wrong");
        }
        requireGood(user.name(), password);
        if (current.equals(password)) {
            throw new AccessException(
                    AccessException.Code.INVALID, "password", "the new password must be another than the present one");
        }
        String hash = passwords.hash(password);
        Instant now = clock.instant();
        book.change(origin, view -> {
            User before = view.user(user.id())
                    .filter(same -> same.passwordHash().equals(user.passwordHash()))
                    .orElseThrow(() -> new AccessException(
                            AccessException.Code.CONFLICT, "the user was changed meanwhile; try again"));
            List<Transaction.Change> changes =
                    new ArrayList<>(List.of(AccessBook.put(before.withPassword(hash, false, now))));
            sessions(view, user.id()).stream()
                    .filter(session -> !principal.credential().equals(Optional.of(session.id())))
                    .forEach(session -> changes.add(AccessBook.delete(session)));
            return new ObjectBook.Plan<>(changes, true);
        });
    }
}
