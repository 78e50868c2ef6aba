package net.nvgate.mgmt.api;

import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.oauth2.OAuth2Auth;
import io.vertx.ext.auth.oauth2.OAuth2AuthorizationURL;
import io.vertx.ext.auth.oauth2.OAuth2FlowType;
import io.vertx.ext.auth.oauth2.OAuth2Options;
import io.vertx.ext.auth.oauth2.Oauth2Credentials;
import io.vertx.ext.auth.oauth2.providers.OpenIDConnectAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.mgmt.config.OidcConfig;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with the OpenID provider, by Vert.x's client. What the provider is like is asked for when it is first needed, and again
 * when a token is signed with a key that is not known: providers exchange keys. Used on one event loop.
 */
final class OidcClient {

    static final String CALLBACK = ObjectHandlers.API_ROOT + "oidc/callback";
    static final String LOGGED_OUT = ObjectHandlers.API_ROOT + "oidc/logged-out";

    private static final long ASKED_AGAIN_MILLIS_MIN = 10_000;
    private static final int CONNECT_MILLIS_MAX = 5000;

    /** For an answer of the provider, in seconds. */
    private static final int SILENCE_SECONDS_MAX = 10;

    /** After the provider could not be asked what it is like, until it is asked again. */
    private static final long FAILED_NANOS_MIN = 1_000_000_000;

    /** Tokens that wait to be checked: all wait for the provider, and anybody can send some. */
    private static final int CHECKS_MAX = 16;

    private final Vertx vertx;
    private final OidcConfig config;
    private final Optional<String> secret;
    private int checks;
    private long failedAt;
    private @Nullable Future<OAuth2Auth> provider;
    /** As the provider's discovery document has it. */
    private Optional<String> endSession = Optional.empty();

    private long askedAt;

    /** @throws ConfigException if the client's secret cannot be read */
    OidcClient(Vertx vertx, OidcConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.secret = config.clientSecretFile().map(OidcClient::secret);
    }

    /** One for all; asked for anew if that failed. */
    private Future<OAuth2Auth> provider() {
        Future<OAuth2Auth> known = provider;
        if (known != null && (!known.failed() || System.nanoTime() - failedAt < FAILED_NANOS_MIN)) {
            return known;
        }
        // Closes a connection on which no answer comes, too.
        HttpClientOptions http =
                new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS_MAX).setIdleTimeout(SILENCE_SECONDS_MAX);
        config.caFile().ifPresent(file -> http.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        OAuth2Options options = new OAuth2Options()
                .setSite(config.issuer())
                .setClientId(config.clientId())
                .setHttpClientOptions(http)
                .setValidateIssuer(true)
                .setJWTOptions(new JWTOptions().setAudience(List.of(config.clientId(), config.audience())));
        secret.ifPresent(options::setClientSecret);
        Future<OAuth2Auth> asked = OpenIDConnectAuth.discover(vertx, options);
        provider = asked;
        return asked.onSuccess(found -> {
                    endSession = Optional.ofNullable(options.getLogoutPath()).filter(OidcClient::isWeb);
                    // Or the provider would be asked about each token that is not good here, whoever sends it.
                    options.setIntrospectionPath(null).setUserInfoPath(null);
                    found.missingKeyHandler(_ -> refresh(found));
                })
                .onFailure(_ -> failedAt = System.nanoTime());
    }

    private void refresh(OAuth2Auth found) {
        long now = System.nanoTime() / 1_000_000;
        // Anybody can send tokens with keys that nobody has.
        if (askedAt == 0 || now - askedAt > ASKED_AGAIN_MILLIS_MIN) {
            askedAt = now;
            var _ = found.jWKSet();
        }
    }

    private static String secret(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new ConfigException(
                    "auth.oidc.client-secret-file", "auth.oidc.client-secret-file cannot be read: " + e);
        }
    }

    private String callback() {
        return config.externalUrl() + CALLBACK;
    }

    /** Where a browser is sent to. */
    Future<String> loginUrl(OidcAttempt attempt) {
        return provider()
                .map(found -> found.authorizeURL(new OAuth2AuthorizationURL()
                        .setRedirectUri(callback())
                        .setScopes(List.of("openid", "profile", "email"))
                        .setState(attempt.state())
                        .setCodeChallenge(attempt.challenge())
                        .setCodeChallengeMethod("S256")
                        .putAdditionalParameter("nonce", attempt.nonce())));
    }

    /** A browser is sent there: not to what would be a script. */
    private static boolean isWeb(String url) {
        return url.startsWith("https://") || url.startsWith("http://");
    }

    /**
     * Where a browser is sent to end its session at the provider, by RP-Initiated Logout 1.0. Empty if the provider has no such
     * place, or cannot be asked.
     *
     * @param idToken that the provider gave at the login, if it is known still; the provider may ask the person otherwise
     * @param state comes back with the browser
     */
    Future<Optional<String>> logoutUrl(Optional<String> idToken, String state) {
        return provider()
                .map(_ -> endSession.map(place -> logoutUrl(place, config, idToken, state)))
                .otherwise(Optional.empty());
    }

    /** @param place of the provider; on a way that others read along it gets no token, which says who the person is */
    static String logoutUrl(String place, OidcConfig config, Optional<String> idToken, String state) {
        QueryStringEncoder query = new QueryStringEncoder("");
        idToken.filter(_ -> place.startsWith("https://")).ifPresent(token -> query.addParam("id_token_hint", token));
        query.addParam("client_id", config.clientId());
        query.addParam("post_logout_redirect_uri", config.externalUrl() + LOGGED_OUT);
        query.addParam("state", state);
        String added = query.toString().substring(1);
        return place + (place.contains("?") ? "&" : "?") + added;
    }

    /**
     * What the provider said at a login.
     *
     * @param idToken as it was sent
     */
    record Said(JsonObject claims, String idToken) {}

    /** The claims about who has come back with this code. Fails if it is not good, or of another attempt. */
    Future<Said> exchange(String code, OidcAttempt attempt) {
        return provider()
                .compose(found -> found.authenticate(new Oauth2Credentials()
                                .setFlow(OAuth2FlowType.AUTH_CODE)
                                .setCode(code)
                                .setRedirectUri(callback())
                                .setCodeVerifier(attempt.verifier()))
                        .map(user -> String.valueOf(user.principal().getString("id_token")))
                        .compose(token -> verified(found, token, config.clientId())
                                .compose(claims -> attempt.nonce().equals(claims.getString("nonce"))
                                        ? Future.succeededFuture(new Said(claims, token))
                                        : Future.failedFuture("the provider's token is of another login"))));
    }

    /** The claims of a program's token, if its signature, issuer, audience and times are good. Fails with {@code busy} if too many wait. */
    Future<JsonObject> verify(String token) {
        if (checks >= CHECKS_MAX) {
            return Future.failedFuture(new ProblemException(
                    ProblemCode.BUSY, CHECKS_MAX + " tokens are waiting for the OpenID provider; try again"));
        }
        checks++;
        return provider()
                .compose(found -> verified(found, token, config.audience()))
                .compose(claims -> isOfLogin(claims)
                        ? Future.failedFuture("the token is of a person's login, and not for programs")
                        : Future.succeededFuture(claims))
                .onComplete(_ -> checks--);
    }

    private static Future<JsonObject> verified(OAuth2Auth found, String token, String audience) {
        return found.authenticate(new TokenCredentials(token)).compose(user -> {
            JsonObject claims = user.attributes().getJsonObject("accessToken");
            return claims == null || !claims.containsKey("exp")
                    ? Future.failedFuture("the token has no claims, or no end")
                    : isFor(audience, claims.getValue("aud"))
                            ? Future.succeededFuture(claims)
                            : Future.failedFuture("the token is for somebody else than " + audience);
        });
    }

    /**
     * An ID token is for who has asked for it with a nonce (OpenID Connect Core section 2), and browsers keep it here until they log
     * out. An access token may have a nonce, too, but says what it is good for (RFC 9068 section 2.2.3).
     */
    private static boolean isOfLogin(JsonObject claims) {
        return claims.containsKey("nonce") && !claims.containsKey("scope") && !claims.containsKey("scp");
    }

    /** RFC 7519 section 4.1.3: one text, or several. */
    private static boolean isFor(String audience, @Nullable Object claim) {
        return claim instanceof JsonArray several ? several.contains(audience) : audience.equals(claim);
    }

    /** True if it looks like a JWT; tokens of this manager have no dots. */
    static boolean isJwt(String token) {
        return token.chars().filter(c -> c == '.').count() == 2;
    }
}
