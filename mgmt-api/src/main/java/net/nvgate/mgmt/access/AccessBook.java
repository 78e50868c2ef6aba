package net.nvgate.mgmt.access;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.ApiToken;
import net.nvgate.fabric.model.AuditEvent;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LoginSession;
import net.nvgate.fabric.model.User;
import net.nvgate.fabric.store.BookChange;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ObjectBook;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Transaction;

/** Users, tokens, sessions and audit events as the store has them, found by name and by the hash of a secret. */
public final class AccessBook implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ObjectBook book;
    private volatile View view = View.of(new ObjectBook.View(-1, Map.of()));

    /** @param store outlives this */
    public AccessBook(FabricStore store) {
        this.book = new ObjectBook(store, "users", Kind::isOfAccess, PATIENCE, () -> {});
    }

    /** All as of one revision; immutable. */
    record View(
            ObjectBook.View all,
            Map<String, User> users,
            Map<String, ApiToken> tokensByHash,
            Map<String, LoginSession> sessionsByHash,
            List<AuditEvent> audit) {

        static View of(ObjectBook.View all) {
            Map<String, User> users = new HashMap<>();
            all.all(User.class).forEach(user -> users.put(key(user.name()), user));
            Map<String, ApiToken> tokens = new HashMap<>();
            all.all(ApiToken.class).forEach(token -> tokens.put(token.secretHash(), token));
            Map<String, LoginSession> sessions = new HashMap<>();
            all.all(LoginSession.class).forEach(session -> sessions.put(session.secretHash(), session));
            List<AuditEvent> audit = all.all(AuditEvent.class).stream()
                    .sorted(Comparator.comparing(AuditEvent::at)
                            .thenComparing(AuditEvent::id)
                            .reversed())
                    .toList();
            return new View(all, users, tokens, sessions, audit);
        }

        Optional<User> user(String name) {
            return Optional.ofNullable(users.get(key(name)));
        }

        Optional<User> user(UUID id) {
            return all.objects().get(id) instanceof User user ? Optional.of(user) : Optional.empty();
        }

        List<ApiToken> tokens() {
            return List.copyOf(tokensByHash.values());
        }

        List<LoginSession> sessions() {
            return List.copyOf(sessionsByHash.values());
        }
    }

    /** Names differ by more than case. */
    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The same for every manager: a name has one user. */
    static UUID userId(String name) {
        return UUID.nameUUIDFromBytes(("user/" + key(name)).getBytes(StandardCharsets.UTF_8));
    }

    @SuppressWarnings("ReferenceEquality") // the book keeps the map while nothing in it changes
    View view() {
        View known = view;
        ObjectBook.View now = book.view();
        if (known.all().objects() == now.objects()) {
            return known;
        }
        View made = View.of(now);
        view = made;
        return made;
    }

    /** Pure; may be called again with a later view. */
    interface Planner<R> {
        ObjectBook.Plan<R> plan(View view);
    }

    /** Commits one transaction, and returns when it is seen here. */
    <R> R change(Origin origin, Planner<R> planner) {
        return change(BookRequest.of(origin), planner).result();
    }

    /** As {@link #change(Origin, Planner)}, or without committing anything; says what was changed, or would be. */
    <R> BookChange<R> change(BookRequest request, Planner<R> planner) {
        return book.<R, RuntimeException>change(request, all -> planner.plan(View.of(all)));
    }

    static Transaction.Change put(FabricObject object) {
        return new Transaction.Put(object, Set.of(), Set.of());
    }

    static Transaction.Change delete(FabricObject object) {
        return new Transaction.Delete(object);
    }

    @Override
    public void close() {
        book.close();
    }
}
