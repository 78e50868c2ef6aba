package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Somebody who may log in; the name is what is typed. Not an object of the fabric: managers keep it beside it.
 *
 * @param tenant account that subscriptions have as owner or co-administrator; with roles of tenants only
 * @param passwordHash as PHC string; the password itself is not kept
 * @param mustChange the password was given by somebody else, and is good only for giving another one
 * @param disabled cannot log in, and tokens and sessions do not work
 */
public record User(
        @JsonUnwrapped Meta meta,
        UserRole role,
        Optional<String> tenant,
        String passwordHash,
        boolean mustChange,
        boolean disabled,
        Instant passwordChangedAt)
        implements BesideFabric {

    public User {
        String kind = Kind.USER.label();
        Rules.meta(Kind.USER, meta);
        Rules.required(kind, "role", role);
        Rules.required(kind, "passwordHash", passwordHash);
        Rules.required(kind, "passwordChangedAt", passwordChangedAt);
        UserRole.check(kind, role, tenant);
    }

    /** With another password. */
    public User withPassword(String hash, boolean mustChangeIt, Instant at) {
        return new User(meta, role, tenant, hash, mustChangeIt, disabled, at);
    }

    @Override
    public Kind kind() {
        return Kind.USER;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public User withMeta(Meta meta) {
        return new User(meta, role, tenant, passwordHash, mustChange, disabled, passwordChangedAt);
    }

    @Override
    public User shown() {
        return new User(meta, role, tenant, "", mustChange, disabled, passwordChangedAt);
    }
}
