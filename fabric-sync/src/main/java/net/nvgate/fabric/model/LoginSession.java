package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * A browser in which a user is logged in; the name is the user's. Every manager of the store knows it.
 *
 * @param secretHash SHA-256 of what the cookie has, hexadecimal
 * @param lastUsedAt to within some minutes
 */
public record LoginSession(
        @JsonUnwrapped Meta meta, UUID userId, String secretHash, Instant createdAt, Instant lastUsedAt, String address)
        implements BesideFabric {

    public LoginSession {
        String kind = Kind.LOGIN_SESSION.label();
        Rules.meta(Kind.LOGIN_SESSION, meta);
        Rules.required(kind, "userId", userId);
        Rules.required(kind, "secretHash", secretHash);
        Rules.required(kind, "createdAt", createdAt);
        Rules.required(kind, "lastUsedAt", lastUsedAt);
        Rules.required(kind, "address", address);
    }

    public LoginSession usedAt(Instant at) {
        return new LoginSession(meta, userId, secretHash, createdAt, at, address);
    }

    @Override
    public Kind kind() {
        return Kind.LOGIN_SESSION;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public LoginSession withMeta(Meta meta) {
        return new LoginSession(meta, userId, secretHash, createdAt, lastUsedAt, address);
    }

    @Override
    public LoginSession shown() {
        return new LoginSession(meta, userId, "", createdAt, lastUsedAt, address);
    }
}
