package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.config.Defaults;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the API and the web UI.
 *
 * @param mode absent = required, but not on loopback addresses
 * @param adminPasswordFile has the password of {@code admin}, which is made if there is no user; absent = one is made up
 * @param sessionIdleMinutes after which a login that is not used ends
 * @param sessionHours after which every login ends
 * @param auditEvents that the audit log keeps
 * @param oidc absent = people have passwords here only
 */
public record AuthConfig(
        Optional<Mode> mode,
        Optional<Path> adminPasswordFile,
        int sessionIdleMinutes,
        int sessionHours,
        int auditEvents,
        Optional<OidcConfig> oidc) {

    /** Whether anybody is asked who he is. */
    public enum Mode {
        NONE,
        REQUIRED
    }

    public AuthConfig {
        Defaults.range("auth.session-idle-minutes", sessionIdleMinutes, 1, 24 * 60);
        Defaults.range("auth.session-hours", sessionHours, 1, 24 * 30);
        Defaults.range("auth.audit-events", auditEvents, 100, 100_000);
    }

    public static AuthConfig of(
            @Nullable Mode mode,
            @Nullable Path adminPasswordFile,
            @Nullable Integer sessionIdleMinutes,
            @Nullable Integer sessionHours,
            @Nullable Integer auditEvents) {
        return of(mode, adminPasswordFile, sessionIdleMinutes, sessionHours, auditEvents, null);
    }

    @JsonCreator
    public static AuthConfig of(
            @Nullable Mode mode,
            @Nullable Path adminPasswordFile,
            @Nullable Integer sessionIdleMinutes,
            @Nullable Integer sessionHours,
            @Nullable Integer auditEvents,
            @Nullable OidcConfig oidc) {
        return new AuthConfig(
                Optional.ofNullable(mode),
                Optional.ofNullable(adminPasswordFile),
                Defaults.or(sessionIdleMinutes, 30),
                Defaults.or(sessionHours, 12),
                Defaults.or(auditEvents, 10_000),
                Optional.ofNullable(oidc));
    }

    /** Nobody is asked. */
    public static AuthConfig none() {
        return of(Mode.NONE, null, null, null, null);
    }

    AuthConfig orElse(Mode otherwise) {
        return new AuthConfig(
                Optional.of(mode.orElse(otherwise)),
                adminPasswordFile,
                sessionIdleMinutes,
                sessionHours,
                auditEvents,
                oidc);
    }

    /** True if every request needs a login or a token. */
    public boolean required() {
        return mode.filter(Mode.REQUIRED::equals).isPresent();
    }
}
