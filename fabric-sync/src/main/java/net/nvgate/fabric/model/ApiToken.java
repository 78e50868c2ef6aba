package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Lets a program act for a user, with the user's rights or fewer. The name is for people.
 *
 * @param userId whose it is; it works while the user may log in
 * @param role no more than that of the user when it is used
 * @param tenant with roles of tenants only
 * @param readOnly whatever the role allows, nothing can be changed with it
 * @param secretHash SHA-256 of the secret, hexadecimal; the secret itself is not kept
 * @param lastUsedAt to within some minutes
 */
public record ApiToken(
        @JsonUnwrapped Meta meta,
        UUID userId,
        UserRole role,
        Optional<String> tenant,
        boolean readOnly,
        String secretHash,
        Instant createdAt,
        Instant expiresAt,
        Optional<Instant> lastUsedAt)
        implements BesideFabric {

    public ApiToken {
        String kind = Kind.API_TOKEN.label();
        Rules.meta(Kind.API_TOKEN, meta);
        Rules.required(kind, "userId", userId);
        Rules.required(kind, "role", role);
        Rules.required(kind, "secretHash", secretHash);
        Rules.required(kind, "createdAt", createdAt);
        Rules.required(kind, "expiresAt", expiresAt);
        UserRole.check(kind, role, tenant);
    }

    public ApiToken usedAt(Instant at) {
        return new ApiToken(meta, userId, role, tenant, readOnly, secretHash, createdAt, expiresAt, Optional.of(at));
    }

    @Override
    public Kind kind() {
        return Kind.API_TOKEN;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public ApiToken withMeta(Meta meta) {
        return new ApiToken(meta, userId, role, tenant, readOnly, secretHash, createdAt, expiresAt, lastUsedAt);
    }

    @Override
    public ApiToken shown() {
        return new ApiToken(meta, userId, role, tenant, readOnly, "", createdAt, expiresAt, lastUsedAt);
    }
}
