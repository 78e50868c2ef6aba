package net.nvgate.mgmt.access;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.UserRole;

/**
 * Who asks, as far as the manager knows.
 *
 * @param user name
 * @param userId empty if nobody was asked
 * @param tenant with roles of tenants
 * @param mustChange may do nothing but change the password
 * @param credential id of the session or token
 * @param credentialName of a token
 */
public record Principal(
        String user,
        Optional<UUID> userId,
        UserRole role,
        Optional<String> tenant,
        boolean readOnly,
        boolean mustChange,
        Via via,
        Optional<UUID> credential,
        String credentialName,
        Optional<Instant> expiresAt) {

    /** How it is known. */
    public enum Via {
        /** It is not: {@code auth.mode} is none. */
        NONE,
        SESSION,
        TOKEN,
        /** A token of the OpenID provider. */
        OIDC
    }

    /** Anybody, where nobody is asked. */
    public static final Principal ANONYMOUS = new Principal(
            "anonymous",
            Optional.empty(),
            UserRole.ADMIN,
            Optional.empty(),
            false,
            false,
            Via.NONE,
            Optional.empty(),
            "",
            Optional.empty());

    /** Who has not said who he is, where everybody is asked; may do nothing. */
    public static final Principal NOBODY = reader("none", "");

    /** Anybody of a tenant, who sees what all of it see. */
    public static Principal ofTenant(String tenant) {
        return reader("anybody of " + tenant, tenant);
    }

    private static Principal reader(String user, String tenant) {
        return new Principal(
                user,
                Optional.empty(),
                UserRole.TENANT_READER,
                Optional.of(tenant),
                true,
                false,
                Via.NONE,
                Optional.empty(),
                "",
                Optional.empty());
    }

    /** As logs have it: {@code alice}, or {@code alice/backup} for her token of this name. */
    public String actor() {
        return via == Via.TOKEN ? user + "/" + credentialName : user;
    }
}
