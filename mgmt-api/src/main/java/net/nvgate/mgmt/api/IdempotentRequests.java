package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.manager.ChangeCheck;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IdempotencyKey;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.mgmt.access.Principal;

/**
 * Changes that clients send with a key, so that they can send them again when they do not know whether the first time was
 * heard. The key is committed with the change itself: there is either both or neither, whichever manager gets the request,
 * and whatever happens to it in the middle. The answer of the first time is made again from the log.
 */
final class IdempotentRequests {

    static final String REPLAYED = "Idempotency-Replayed";

    private static final String HEADER = "Idempotency-Key";
    private static final int KEY_LENGTH_MAX = 128;

    /** A key has the ids of all results. */
    private static final int RESULTS_MAX = 1000;

    private final FabricManager fabric;
    private final ChangeLog log;
    private final Clock clock;

    IdempotentRequests(FabricManager fabric, ChangeLog log, Clock clock) {
        this.fabric = fabric;
        this.log = log;
        this.clock = clock;
    }

    /** A request with a key. */
    final class Request {
        private final UUID id;
        private final String hash;
        private volatile boolean replayed;

        Request(UUID id, String hash) {
            this.id = id;
            this.hash = hash;
        }

        boolean replayed() {
            return replayed;
        }

        /** The same check, by which the key is committed too. */
        ChangeCheck remembered(ChangeCheck check) {
            return new ChangeCheck() {
                @Override
                public void check(Collection<ObjectChange> changes) {
                    check.check(changes);
                    if (fabric.find(Kind.IDEMPOTENCY_KEY, id).isPresent()) {
                        throw FabricException.busy("the same request was made at the same time");
                    }
                }

                @Override
                public List<Transaction.Change> besides(List<FabricObject> results) {
                    return List.of(new Transaction.Put(key(results), Set.of(), Set.of()));
                }
            };
        }

        private IdempotencyKey key(List<FabricObject> results) {
            if (results.size() > RESULTS_MAX) {
                throw new ProblemException(Problem.of(
                                ProblemCode.INVALID_VALUE,
                                HEADER + ": a batch with a key has at most " + RESULTS_MAX + " operations")
                        .atField(HEADER));
            }
            return new IdempotencyKey(
                    Meta.of(id, "request-" + id, ""),
                    hash,
                    clock.instant(),
                    results.stream().map(FabricObject::id).toList());
        }
    }

    /**
     * Empty if the request has no key.
     *
     * @throws ProblemException if the key is none
     */
    Optional<Request> of(RoutingContext context, String body) {
        String key = context.request().getHeader(HEADER);
        if (key == null) {
            return Optional.empty();
        }
        if (key.isBlank() || key.length() > KEY_LENGTH_MAX) {
            throw new ProblemException(
                    Problem.of(ProblemCode.INVALID_VALUE, HEADER + " must have 1.." + KEY_LENGTH_MAX + " characters")
                            .atField(HEADER));
        }
        Principal principal = AccessGuard.principal(context);
        String owner = principal.user() + "\n" + principal.tenant().orElse("") + "\n" + key;
        String request = context.request().method() + " " + context.request().uri() + "\n"
                + context.request().getHeader("If-Match") + "\n" + body;
        return Optional.of(
                new Request(UUID.nameUUIDFromBytes(owner.getBytes(StandardCharsets.UTF_8)), sha256(request)));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Makes the change, or says what it did when it was made before. Blocks.
     *
     * @throws ProblemException if the key is another request's
     */
    FabricChange once(Optional<Request> request, Supplier<FabricChange> change) {
        Optional<FabricChange> before = request.flatMap(this::replay);
        if (before.isPresent()) {
            return before.get();
        }
        try {
            return change.get();
        } catch (FabricException e) {
            // Somebody may have sent the same at the same time, here or to another manager.
            return request.flatMap(this::replay).orElseThrow(() -> e);
        }
    }

    private Optional<FabricChange> replay(Request request) {
        Optional<IdempotencyKey> known =
                fabric.find(Kind.IDEMPOTENCY_KEY, request.id).map(IdempotencyKey.class::cast);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        IdempotencyKey key = known.get();
        if (!key.requestHash().equals(request.hash)) {
            throw new ProblemException(Problem.of(
                            ProblemCode.IDEMPOTENCY_KEY_USED,
                            "this key was used by another request, which made revision "
                                    + key.meta().createdRevision())
                    .atField(HEADER));
        }
        RevisionChanges revision = made(key);
        request.replayed = true;
        return Optional.of(change(revision, key));
    }

    private RevisionChanges made(IdempotencyKey key) {
        long revision = key.meta().createdRevision();
        try {
            return log.revision(revision);
        } catch (FabricException e) {
            if (e.code() != FabricException.Code.NOT_FOUND) {
                throw e;
            }
            throw new ProblemException(Problem.of(
                            ProblemCode.IDEMPOTENCY_KEY_USED,
                            "this request made revision " + revision + ", which the log no longer has")
                    .atField(HEADER));
        }
    }

    private FabricChange change(RevisionChanges revision, IdempotencyKey key) {
        List<ObjectChange> changes = revision.changes().stream()
                .filter(change -> change.any().kind().isOfFabric())
                .toList();
        List<FabricObject> results = key.results().stream()
                .flatMap(id -> changes.stream()
                        .filter(change -> change.id().equals(id))
                        .map(ObjectChange::any)
                        .findFirst()
                        .or(() -> fabric.find(id))
                        .stream())
                .toList();
        return new FabricChange(
                revision.revision() - 1, revision.revision(), true, revision.origin(), results, changes);
    }
}
