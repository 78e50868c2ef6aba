package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
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
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.mgmt.access.Principal;
import net.nvgate.mgmt.api.Changes.Answer;

/**
 * Changes that clients send with a key, so that they can send them again when they do not know whether the first time was
 * heard. The key is committed with the change itself: there is either both or neither, whichever manager gets the request,
 * and whatever happens to it in the middle. The answer of the first time is made again from the log.
 */
final class IdempotentRequests {

    static final String REPLAYED = "Idempotency-Replayed";

    private static final String HEADER = "Idempotency-Key";
    private static final int KEY_LENGTH_MAX = 128;

    private static final long AWAIT_NANOS_MAX = 5_000_000_000L;
    private static final long AWAIT_STEP_NANOS = 5_000_000;

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
                    requireNew();
                }

                @Override
                public List<Transaction.Change> besides(List<FabricObject> results) {
                    return List.of(new Transaction.Put(key(results), Set.of(), Set.of()));
                }
            };
        }

        /** The same change of what is kept beside the fabric, by which the key is committed too. */
        BookRequest remembered(BookRequest how) {
            return how.with(planned -> {
                requireNew();
                List<FabricObject> made = planned.stream()
                        .filter(Transaction.Put.class::isInstance)
                        .map(Transaction.Change::object)
                        .toList();
                return List.of(new Transaction.Put(key(made), Set.of(), Set.of()));
            });
        }

        private void requireNew() {
            if (fabric.find(Kind.IDEMPOTENCY_KEY, id).isPresent()) {
                throw FabricException.busy("the same request was made at the same time");
            }
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

    /**
     * Answers a change of what is kept beside the fabric: users, tokens, identities.
     *
     * @param text what makes the request another one than others: without passwords, of which no quick hash is to be kept
     * @param change makes it; called off the event loop, as the next
     * @param again answers from what the revision of the first time has changed
     */
    void answer(
            RoutingContext context,
            BlockingCalls blocking,
            String text,
            BookRequest how,
            Function<BookRequest, Answer> change,
            Function<RevisionChanges, Answer> again) {
        Optional<Request> keyed = how.dryRun() ? Optional.empty() : of(context, text);
        blocking.run(() -> beside(keyed, how, change, again))
                .onSuccess(made -> {
                    keyed.filter(Request::replayed)
                            .ifPresent(_ -> context.response().putHeader(REPLAYED, "true"));
                    Replies.send(context, made);
                })
                .onFailure(context::fail);
    }

    private Answer beside(
            Optional<Request> keyed,
            BookRequest how,
            Function<BookRequest, Answer> change,
            Function<RevisionChanges, Answer> again) {
        Optional<RevisionChanges> before = keyed.flatMap(this::madeBefore);
        if (before.isPresent()) {
            return again.apply(before.get());
        }
        try {
            return change.apply(keyed.map(request -> request.remembered(how)).orElse(how));
        } catch (RuntimeException e) {
            if (keyed.isEmpty()) {
                throw e;
            }
            // Somebody may have sent the same at the same time, and the fabric see it later than the book.
            awaitHead();
            return again.apply(keyed.flatMap(this::madeBefore).orElseThrow(() -> e));
        }
    }

    private void awaitHead() {
        long head = log.head();
        long end = System.nanoTime() + AWAIT_NANOS_MAX;
        while (fabric.revision() < head
                && System.nanoTime() < end
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(AWAIT_STEP_NANOS);
        }
    }

    private Optional<FabricChange> replay(Request request) {
        return madeBefore(request).map(revision -> change(revision, key(request).orElseThrow()));
    }

    private Optional<IdempotencyKey> key(Request request) {
        return fabric.find(Kind.IDEMPOTENCY_KEY, request.id).map(IdempotencyKey.class::cast);
    }

    private Optional<RevisionChanges> madeBefore(Request request) {
        Optional<IdempotencyKey> known = key(request);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        IdempotencyKey key = known.get();
        if (!key.requestHash().equals(request.hash)) {
            throw usedByAnother(key.meta().createdRevision());
        }
        RevisionChanges revision = made(key);
        request.replayed = true;
        return Optional.of(revision);
    }

    /** What the first time has made. */
    static <T extends FabricObject> T after(RevisionChanges revision, Class<T> type) {
        return revision.changes().stream()
                .sorted(Comparator.comparing(change -> change.before().isPresent()))
                .flatMap(change -> change.after().stream())
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("revision " + revision.revision() + " made no " + type));
    }

    /** The key is that of another request. */
    static ProblemException usedByAnother(long revision) {
        return new ProblemException(Problem.of(
                        ProblemCode.IDEMPOTENCY_KEY_USED,
                        "this key was used by another request, which made revision " + revision)
                .atField(HEADER));
    }

    /** The request was made before, and its answer had a secret that nobody keeps. */
    static ProblemException shownOnce(String what) {
        return new ProblemException(Problem.of(
                        ProblemCode.SECRET_SHOWN_ONCE,
                        "this request made " + what + "; its secret was in the first answer alone")
                .atField(HEADER));
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
