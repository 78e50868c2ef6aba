package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A change that a client made under a key of its own, so that the same request, sent again, gets the same answer and changes
 * nothing. It is committed in the transaction of the change: its {@code createdRevision} is the change's, and what the change
 * did is in the log.
 *
 * @param requestHash SHA-256 of method, path and body, hexadecimal
 * @param results ids of what the operations left, in their order
 */
public record IdempotencyKey(@JsonUnwrapped Meta meta, String requestHash, Instant createdAt, List<UUID> results)
        implements BesideFabric {

    public IdempotencyKey {
        String kind = Kind.IDEMPOTENCY_KEY.label();
        Rules.meta(Kind.IDEMPOTENCY_KEY, meta);
        Rules.required(kind, "requestHash", requestHash);
        Rules.required(kind, "createdAt", createdAt);
        results = List.copyOf(Rules.required(kind, "results", results));
    }

    @Override
    public Kind kind() {
        return Kind.IDEMPOTENCY_KEY;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public IdempotencyKey withMeta(Meta meta) {
        return new IdempotencyKey(meta, requestHash, createdAt, results);
    }
}
