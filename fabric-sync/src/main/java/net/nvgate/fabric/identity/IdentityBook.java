package net.nvgate.fabric.identity;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.CertificateAuthority;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.JoinToken;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.store.BookChange;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ObjectBook;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.fabric.store.UniqueKey;

/**
 * CAs, identities and join tokens as the store has them: one watch keeps them up to date, so that what one manager revokes
 * the others know at once. Changes are transactions that are planned again when another manager was faster.
 */
final class IdentityBook implements AutoCloseable {

    private final Listeners listeners = new Listeners();
    private final ObjectBook book;

    /** @param patience how long a change that is durable may take until it is seen here */
    IdentityBook(FabricStore store, Duration patience) {
        this.book = new ObjectBook(store, "identities", Kind::isOfIdentity, patience, listeners::tell);
    }

    /** Everything as of one revision; immutable. */
    record View(ObjectBook.View all) {

        Map<UUID, FabricObject> objects() {
            return all.objects();
        }

        private <T extends FabricObject> List<T> all(Class<T> type) {
            return all.all(type);
        }

        /** The issuing one first, then newest first. */
        List<CertificateAuthority> authorities() {
            List<CertificateAuthority> authorities = all(CertificateAuthority.class);
            authorities.sort(Comparator.comparing(CertificateAuthority::state)
                    .thenComparing(CertificateAuthority::createdRevision, Comparator.reverseOrder()));
            return authorities;
        }

        List<NodeIdentity> identities() {
            return all(NodeIdentity.class);
        }

        List<JoinToken> tokens() {
            return all(JoinToken.class);
        }

        Optional<NodeIdentity> identity(NodeRole role, String name) {
            return Optional.ofNullable(objects().get(identityId(role, name))).map(NodeIdentity.class::cast);
        }

        Optional<JoinToken> token(NodeRole role, String name) {
            return Optional.ofNullable(objects().get(tokenId(role, name))).map(JoinToken.class::cast);
        }

        Optional<JoinToken> tokenBySecret(String secretHash) {
            return tokens().stream()
                    .filter(token -> token.secretHash().equals(secretHash))
                    .findFirst();
        }
    }

    /** The same for every manager: a node has one identity. */
    static UUID identityId(NodeRole role, String name) {
        return nameBased("identity", role, name);
    }

    /** A node has one token at most. */
    static UUID tokenId(NodeRole role, String name) {
        return nameBased("join-token", role, name);
    }

    private static UUID nameBased(String what, NodeRole role, String name) {
        return UUID.nameUUIDFromBytes((what + "/" + role.label() + "/" + name).getBytes(StandardCharsets.UTF_8));
    }

    View view() {
        return new View(book.view());
    }

    /** Told of every change, from the watch's thread. */
    Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }

    /**
     * What to commit, and what the caller gets when it is.
     *
     * @param changes empty = nothing to do
     */
    record Plan<R>(List<Transaction.Change> changes, R result) {}

    /** Pure; may be called again with a later view. */
    interface Planner<R, E extends Exception> {
        Plan<R> plan(View view) throws E;
    }

    /**
     * Commits one transaction, and returns when it is seen here.
     *
     * @throws E of the planner
     * @throws net.nvgate.fabric.store.StoreException if it cannot be committed
     */
    <R, E extends Exception> R change(Origin origin, Planner<R, E> planner) throws E {
        return change(BookRequest.of(origin), planner).result();
    }

    /** As {@link #change(Origin, Planner)}, or without committing anything; says what was changed, or would be. */
    <R, E extends Exception> BookChange<R> change(BookRequest request, Planner<R, E> planner) throws E {
        return book.change(request, view -> {
            Plan<R> plan = planner.plan(new View(view));
            return new ObjectBook.Plan<>(plan.changes(), plan.result());
        });
    }

    /**
     * Returns when this has seen what any manager had committed before the call: for what is not found here.
     *
     * @throws net.nvgate.fabric.store.StoreException if the store cannot be asked
     */
    void catchUp() {
        book.catchUp();
    }

    static Transaction.Put put(CertificateAuthority authority) {
        Set<UniqueKey> keys = authority.state() == CertificateAuthority.State.ISSUING
                ? Set.of(new UniqueKey("certificate-authority", "issuing"))
                : Set.of();
        return new Transaction.Put(authority, keys, Set.of());
    }

    static Transaction.Put put(NodeIdentity identity) {
        return new Transaction.Put(identity, Set.of(), Set.of());
    }

    static Transaction.Put put(JoinToken token) {
        return new Transaction.Put(token, Set.of(), Set.of());
    }

    @Override
    public void close() {
        book.close();
    }
}
