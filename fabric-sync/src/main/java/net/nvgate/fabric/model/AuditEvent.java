package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * Something that was done or refused, of which the log of changes has nothing: a login, a refusal, a session that was ended
 * on a gateway. The name is the operation of the contract.
 *
 * @param actor user, {@code user/token}, or what was typed as one
 * @param address it came from
 * @param requestId as in the answer and the manager's log
 * @param status of the answer, HTTP
 * @param target path of the request
 * @param detail for people, may be empty
 * @param times how often within a short time; the rest is of the first
 */
public record AuditEvent(
        @JsonUnwrapped Meta meta,
        Instant at,
        String actor,
        String address,
        String requestId,
        int status,
        String target,
        String detail,
        int times)
        implements BesideFabric {

    public AuditEvent {
        String kind = Kind.AUDIT_EVENT.label();
        Rules.meta(Kind.AUDIT_EVENT, meta);
        Rules.required(kind, "at", at);
        Rules.required(kind, "actor", actor);
        Rules.required(kind, "address", address);
        Rules.required(kind, "requestId", requestId);
        Rules.required(kind, "target", target);
        Rules.required(kind, "detail", detail);
    }

    @Override
    public Kind kind() {
        return Kind.AUDIT_EVENT;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public AuditEvent withMeta(Meta meta) {
        return new AuditEvent(meta, at, actor, address, requestId, status, target, detail, times);
    }
}
