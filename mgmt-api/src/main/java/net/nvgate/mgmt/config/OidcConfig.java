package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import net.nvgate.fabric.model.UserRole;
import org.jspecify.annotations.Nullable;

/**
 * The OpenID provider that says who people are.
 */
public record OidcConfig(
        String issuer,
        String clientId,
        Optional<Path> clientSecretFile,
        String externalUrl,
        String audience,
        String userClaim,
        String roleClaim,
        String tenantClaim,
        Map<String, UserRole> roles,
        Optional<Path> caFile) {

    public OidcConfig {
        requireUrl("auth.oidc.issuer", issuer);
        requireUrl("auth.oidc.external-url", externalUrl);
        if (!issuer.startsWith("https:") && !isLoopback(issuer)) {
            throw new ConfigException(
                    "auth.oidc.issuer",
                    "auth.oidc.issuer must have https: who sits in between would say who people are, and read the secret");
        }
        if (roles.isEmpty()) {
            throw new ConfigException(
                    "auth.oidc.roles", "auth.oidc.roles must say which role what the provider says means");
        }
        roles = Map.copyOf(roles);
    }

    private static void requireUrl(String key, String value) {
        String scheme;
        try {
            scheme = String.valueOf(URI.create(value).getScheme());
        } catch (IllegalArgumentException e) {
            scheme = "none";
        }
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new ConfigException(key, key + " must be a URL with https or http, not '" + value + "'");
        }
    }

    private static boolean isLoopback(String url) {
        String host = String.valueOf(URI.create(url).getHost());
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    @JsonCreator
    public static OidcConfig of(
            @Key("URL as in the provider's tokens, with https or on this machine; its discovery document is below"
                            + " it")
                    @Nullable
                    String issuer,
            @Key("of this manager at the provider") @Nullable String clientId,
            @Key(value = "read at the start", or = "none: a public client, with PKCE alone") @Nullable
                    Path clientSecretFile,
            @Key("of this manager, as browsers see it; the provider leads back to `external-"
                            + "url/api/v1/oidc/callback`")
                    @Nullable
                    String externalUrl,
            @Key(
                            value =
                                    "that bearer tokens must have; tokens of a login (of the client id) are none if it is another",
                            or = "the client id")
                    @Nullable
                    String audience,
            @Key("the name; letters, digits, `.`, `_`, `@`, `-`") @Nullable String userClaim,
            @Key("text or a list; inside of another claim with a dot: `realm_access.roles`") @Nullable String roleClaim,
            @Key("the tenant, with roles of tenants") @Nullable String tenantClaim,
            @Key("what the role claim has, to the role here; of several, the first in the order of the roles") @Nullable
                    Map<String, UserRole> roles,
            @Key(value = "PEM, who signed the provider's certificate", or = "the JDK's") @Nullable Path caFile) {
        String client = given("auth.oidc.client-id", clientId);
        return new OidcConfig(
                given("auth.oidc.issuer", issuer),
                client,
                Optional.ofNullable(clientSecretFile),
                given("auth.oidc.external-url", externalUrl).replaceFirst("/+$", ""),
                Defaults.or(audience, client),
                Defaults.or(userClaim, "preferred_username"),
                Defaults.or(roleClaim, "groups"),
                Defaults.or(tenantClaim, "nvgate_tenant"),
                Defaults.or(roles, Map.of()),
                Optional.ofNullable(caFile));
    }

    private static String given(String key, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new ConfigException(key, key + " is required");
        }
        return value;
    }
}
