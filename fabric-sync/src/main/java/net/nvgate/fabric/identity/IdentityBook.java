package net.nvgate.fabric.identity;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.CertificateAuthority;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.JoinToken;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreFollower;
import net.nvgate.fabric.store.StoreUnavailableException;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.fabric.store.UniqueKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CAs, identities and join tokens as the store has them: one watch keeps them up to date, so that what one manager revokes
 * the others know at once. Changes are transactions that are planned again when another manager was faster.
 */
final class IdentityBook implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityBook.class);
    private static final int ATTEMPTS_MAX = 10;

    private final FabricStore store;
    private final Duration patience;
    private final StoreFollower follower;
    private final Listeners listeners = new Listeners();
    private final Object moved = new Object();
    private volatile View view = new View(0, Map.of());

    /** @param patience how long a change that is durable may take until it is seen here */
    IdentityBook(FabricStore store, Duration patience) {
        this.store = store;
        this.patience = patience;
        this.follower = new StoreFollower(store, "identities", new Feed());
    }

    /** Everything as of one revision; immutable. */
    record View(long revision, Map<UUID, FabricObject> objects) {

        private <T extends FabricObject> List<T> all(Class<T> type) {
            List<T> found = new ArrayList<>();
            for (FabricObject object : objects.values()) {
                if (type.isInstance(object)) {
                    found.add(type.cast(object));
                }
            }
            return found;
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
            return Optional.ofNullable(objects.get(identityId(role, name))).map(NodeIdentity.class::cast);
        }

        Optional<JoinToken> token(NodeRole role, String name) {
            return Optional.ofNullable(objects.get(tokenId(role, name))).map(JoinToken.class::cast);
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

    private final class Feed implements StoreFollower.Reader {

        @Override
        public long restart() {
            var snapshot = store.snapshot();
            Map<UUID, FabricObject> objects = new HashMap<>();
            for (FabricObject object : snapshot.objects()) {
                if (!object.kind().isOfFabric()) {
                    objects.put(object.id(), object);
                }
            }
            become(new View(snapshot.revision(), Map.copyOf(objects)), true);
            return snapshot.revision();
        }

        @Override
        public void onRevision(RevisionChanges changes) {
            View before = view;
            if (changes.revision() <= before.revision()) {
                return;
            }
            Map<UUID, FabricObject> objects = null;
            for (ObjectChange change : changes.changes()) {
                if (!change.any().kind().isOfFabric()) {
                    objects = objects == null ? new HashMap<>(before.objects()) : objects;
                    if (change.after().isPresent()) {
                        objects.put(change.id(), change.after().get());
                    } else {
                        objects.remove(change.id());
                    }
                }
            }
            become(
                    new View(changes.revision(), objects == null ? before.objects() : Map.copyOf(objects)),
                    objects != null);
        }
    }

    private void become(View next, boolean changed) {
        view = next;
        synchronized (moved) {
            moved.notifyAll();
        }
        if (changed) {
            listeners.tell();
        }
    }

    View view() {
        return view;
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
     * @throws StoreException if it cannot be committed
     */
    <R, E extends Exception> R change(Origin origin, Planner<R, E> planner) throws E {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            View base = view;
            Plan<R> plan = planner.plan(base);
            if (plan.changes().isEmpty()) {
                return plan.result();
            }
            switch (store.apply(new Transaction(base.revision(), plan.changes(), Set.of(), origin))) {
                case Outcome.Committed(long revision) -> {
                    await(revision);
                    return plan.result();
                }
                case Outcome.Rejected(var conflict, long head) -> {
                    LOG.debug("planned again: {}", conflict);
                    await(head);
                }
            }
        }
        throw new StoreUnavailableException("identities change too fast; try again", null);
    }

    private void await(long revision) {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (moved) {
            while (view.revision() < revision) {
                long millis = (end - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    throw new StoreException("identities do not reach revision " + revision, null);
                }
                try {
                    moved.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new StoreException("interrupted", e);
                }
            }
        }
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
        follower.close();
    }
}
