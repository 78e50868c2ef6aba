package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the API and the web UI.
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
            @Key(
                            value =
                                    "`required`: every request needs a login or a token. `none`: whoever reaches the address may do "
                                            + "everything",
                            or =
                                    "`required`; `none` if `http.address` is a loopback address, or if `http.allow-unauthenticated`")
                    @Nullable
                    Mode mode,
            @Key(
                            value =
                                    "has the password of the first user, `admin`; also by the variable `NVGATE_ADMIN_PASSWORD_FILE`",
                            or = "none: one is made up")
                    @Nullable
                    Path adminPasswordFile,
            @Key("after which a login that is not used ends") @Nullable Integer sessionIdleMinutes,
            @Key("after which every login ends") @Nullable Integer sessionHours,
            @Key("that the audit log keeps") @Nullable Integer auditEvents,
            @Key(
                            value =
                                    "[an OpenID provider](/mgmt-api/docs/access.md#openid-connect) that says who people are",
                            or = "none")
                    @Nullable
                    OidcConfig oidc) {
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
