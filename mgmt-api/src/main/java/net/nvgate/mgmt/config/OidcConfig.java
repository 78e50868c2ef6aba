package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.model.UserRole;
import org.jspecify.annotations.Nullable;

/**
 * The OpenID provider that says who people are.
 *
 * @param issuer URL, as the provider's tokens have it; its discovery document is below it
 * @param clientId of this manager at the provider
 * @param clientSecretFile absent = a public client, which has PKCE alone
 * @param externalUrl of this manager, as browsers see it
 * @param audience that API tokens must have; absent = the client id
 * @param userClaim becomes the user's name
 * @param roleClaim text or list of texts; inside of another claim with a dot
 * @param tenantClaim the tenant, with roles of tenants
 * @param roles what the role claim has, to the role it means; of several the first in the order of roles
 * @param caFile PEM, who signed the provider's certificate; absent = the JDK's
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
            @Nullable String issuer,
            @Nullable String clientId,
            @Nullable Path clientSecretFile,
            @Nullable String externalUrl,
            @Nullable String audience,
            @Nullable String userClaim,
            @Nullable String roleClaim,
            @Nullable String tenantClaim,
            @Nullable Map<String, UserRole> roles,
            @Nullable Path caFile) {
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
