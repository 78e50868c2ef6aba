package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Lets one node get its first certificate, once; its name is the node's.
 *
 * @param secretHash SHA-256 of the secret, hexadecimal; the secret itself is not kept
 * @param usedAt when the node joined with it
 * @param usedBy SHA-256 of the key (SubjectPublicKeyInfo) that it joined with, hexadecimal: it may ask again, if the answer was lost
 */
public record JoinToken(
        @JsonUnwrapped Meta meta,
        NodeRole role,
        String secretHash,
        Instant expiresAt,
        Optional<Instant> usedAt,
        Optional<String> usedBy)
        implements BesideFabric {

    public JoinToken {
        String kind = Kind.JOIN_TOKEN.label();
        Rules.meta(Kind.JOIN_TOKEN, meta);
        Rules.required(kind, "role", role);
        Rules.required(kind, "secretHash", secretHash);
        Rules.required(kind, "expiresAt", expiresAt);
    }

    @Override
    public Kind kind() {
        return Kind.JOIN_TOKEN;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public JoinToken withMeta(Meta meta) {
        return new JoinToken(meta, role, secretHash, expiresAt, usedAt, usedBy);
    }
}
