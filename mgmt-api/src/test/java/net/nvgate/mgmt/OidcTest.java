package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.UserRole;
import net.nvgate.mgmt.ApiClient.Reply;
import net.nvgate.mgmt.api.StrictContract;
import net.nvgate.mgmt.config.AuthConfig;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import net.nvgate.mgmt.config.OidcConfig;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins and API tokens of an OpenID provider: a server of its own that speaks the protocol, with keys, codes and PKCE. */
class OidcTest {

    private static final String ISSUER = "corp";
    private static final String CLIENT = "nvgate";
    private static final String AUDIENCE = "nvgate-api";
    private static final String PASSWORD = "a long first password";

    /** The test is the browser: it goes to the manager's real port. */
    private static final String OUTSIDE = "http://manager.example:8080";

    @TempDir
    static Path state;

    private static MockOAuth2Server provider;
    private static StrictContract contract;
    private static Manager manager;
    private static ApiClient nobody;

    @BeforeAll
    static void start() throws Exception {
        provider = new MockOAuth2Server();
        provider.start();
        warm();
        contract = new StrictContract();
        Path password = Files.writeString(state.resolve("password"), PASSWORD);
        Path secret = Files.writeString(state.resolve("secret"), "a secret\n");
        OidcConfig oidc = OidcConfig.of(
                provider.issuerUrl(ISSUER).toString(),
                CLIENT,
                secret,
                OUTSIDE + "/",
                AUDIENCE,
                null,
                "realm.roles",
                null,
                Map.of(
                        "fabric-admins",
                        UserRole.ADMIN,
                        "fabric-ops",
                        UserRole.OPERATOR,
                        "cust",
                        UserRole.TENANT_READER),
                null);
        manager = Manager.start(ManagerConfig.of(
                HttpConfig.local(0, Set.of()),
                ManagerConfig.Sync.of(
                        null,
                        0,
                        AccessTest.config(state, java.util.Optional.empty())
                                .sync()
                                .security(),
                        null),
                null,
                state.resolve("state"),
                null,
                null,
                null,
                AuthConfig.of(AuthConfig.Mode.REQUIRED, password, null, null, null, oidc)));
        nobody = new ApiClient(manager.httpPort(), contract);
    }

    /** A slow machine loads the provider's classes and makes its keys for longer than a manager waits for answers. */
    private static void warm() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (HttpUrl url : List.of(provider.wellKnownUrl(ISSUER), provider.jwksUrl(ISSUER))) {
                assertThat(http.send(HttpRequest.newBuilder(url.uri()).build(), BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @AfterAll
    static void stop() {
        manager.close();
        contract.close();
        provider.shutdown();
    }

    private static DefaultOAuth2TokenCallback says(
            String issuer, String subject, String name, String audience, long seconds, String... roles) {
        return new DefaultOAuth2TokenCallback(
                issuer,
                subject,
                "JWT",
                List.of(audience),
                Map.of(
                        "preferred_username",
                        name,
                        "realm",
                        Map.of("roles", List.of(roles)),
                        "nvgate_tenant",
                        "contoso"),
                seconds);
    }

    private static String token(
            String issuer, String subject, String name, String audience, long seconds, String... roles) {
        return provider.issueToken(issuer, CLIENT, says(issuer, subject, name, audience, seconds, roles))
                .serialize();
    }

    /** For programs, with these claims. */
    private static String token(String subject, Map<String, Object> claims) {
        return provider.issueToken(
                        ISSUER,
                        CLIENT,
                        new DefaultOAuth2TokenCallback(ISSUER, subject, "JWT", List.of(AUDIENCE), claims, 600))
                .serialize();
    }

    private static ApiClient with(String token) {
        return nobody.with("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> get(URI uri, String cookie) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return nobody.http().send(request.build(), BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(302);
        return response.headers().firstValue("location").orElseThrow();
    }

    private static String cookie(HttpResponse<String> response, String name) {
        return response.headers().allValues("set-cookie").stream()
                .filter(cookie -> cookie.startsWith(name + "="))
                .map(cookie -> cookie.split(";", 2)[0])
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aBrowserLogsInByTheProvider() throws Exception {
        assertThat(nobody.get(API + "login-methods").json())
                .isEqualTo(new JsonObject().put("password", true).put("oidc", true));
        HttpResponse<String> begun = get(nobody.uri(API + "oidc/login"), "");
        String asked = location(begun);
        assertThat(asked)
                .startsWith(provider.authorizationEndpointUrl(ISSUER).toString())
                .contains("code_challenge_method=S256", "code_challenge=", "nonce=", "state=");
        String attempt = cookie(begun, "nvgate-oidc");
        provider.enqueueCallback(says(ISSUER, "s-alice", "alice", CLIENT, 600, "fabric-ops", "others"));
        URI back = URI.create(location(get(URI.create(asked), "")));
        assertThat(back.toString()).startsWith(OUTSIDE + API + "oidc/callback?");
        URI here = nobody.uri(back.getRawPath() + "?" + back.getRawQuery() + "&session_state=1");

        // Neither another browser, nor another login of this one can end it.
        assertThat(get(here, "").statusCode()).isEqualTo(401);
        HttpRequest person = HttpRequest.newBuilder(here)
                .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                .build();
        assertThat(location(nobody.http().send(person, BodyHandlers.ofString())))
                .isEqualTo("/?login=failed");
        assertThat(get(here, cookie(get(nobody.uri(API + "oidc/login"), ""), "nvgate-oidc"))
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> in = get(here, attempt);
        assertThat(location(in)).isEqualTo("/");
        ApiClient alice = nobody.with("Cookie", cookie(in, "nvgate")).with("X-Nvgate-Session", "test");
        JsonObject session = alice.get(API + "session").json();
        assertThat(session.getString("user")).isEqualTo("alice");
        assertThat(session.getString("role")).isEqualTo("OPERATOR");
        assertThat(get(here, attempt).statusCode()).as("a code is good once").isEqualTo(401);

        // No password leads in, and hers is not here to be changed.
        nobody.post("login", "{'user':'alice','password':'" + PASSWORD + "'}").problem(401, "login-failed");
        alice.post("password", "{'current':'" + PASSWORD + "','password':'another long password'}")
                .problem(409, "conflict");
        JsonObject token =
                alice.post("tokens", "{'name':'script','expiryDays':1}").json();
        assertThat(Instant.parse(token.getJsonObject("token").getString("expiresAt")))
                .as("no longer than a session, whatever was asked for")
                .isBefore(Instant.now().plus(Duration.ofHours(13)));
        assertThat(with(token.getString("secret")).get(API + "fabric").status()).isEqualTo(200);

        // The provider takes the role: the session and what was made with it end at the next login.
        ApiClient reader = with(token(ISSUER, "s-alice", "alice", AUDIENCE, 600, "cust"));
        assertThat(reader.get(API + "session").json().getString("tenant")).isEqualTo("contoso");
        alice.get(API + "session").problem(401, "unauthenticated");
        with(token.getString("secret")).get(API + "fabric").problem(401, "unauthenticated");
    }

    private static HttpResponse<String> leave(String cookies) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(nobody.uri(API + "oidc/logout"))
                .header("Cookie", cookies)
                .header("X-Nvgate-Session", "test")
                .POST(HttpRequest.BodyPublishers.noBody());
        return nobody.http().send(request.build(), BodyHandlers.ofString());
    }

    private static Map<String, String> query(URI uri) {
        return Arrays.stream(uri.getRawQuery().split("&", -1))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    @Test
    void aBrowserLogsOutOfTheProviderToo() throws Exception {
        HttpResponse<String> begun = get(nobody.uri(API + "oidc/login"), "");
        provider.enqueueCallback(says(ISSUER, "s-gina", "gina", CLIENT, 600, "fabric-ops"));
        URI back = URI.create(location(get(URI.create(location(begun)), "")));
        HttpResponse<String> in =
                get(nobody.uri(back.getRawPath() + "?" + back.getRawQuery()), cookie(begun, "nvgate-oidc"));
        String session = cookie(in, "nvgate");
        String idToken = cookie(in, "nvgate-oidc-id");
        ApiClient gina = nobody.with("Cookie", session).with("X-Nvgate-Session", "test");
        assertThat(gina.get(API + "session").json().getString("user")).isEqualTo("gina");

        HttpResponse<String> left = leave(session + "; " + idToken);
        assertThat(left.statusCode()).as(left.body()).isEqualTo(200);
        URI there = URI.create(new JsonObject(left.body()).getString("location"));
        assertThat(there.toString())
                .startsWith(provider.endSessionEndpointUrl(ISSUER).toString() + "?");
        assertThat(query(there))
                .containsEntry("client_id", CLIENT)
                .containsEntry("post_logout_redirect_uri", OUTSIDE + API + "oidc/logged-out")
                // The provider of the test has no TLS: who reads along must not have the token.
                .doesNotContainKey("id_token_hint")
                .hasEntrySatisfying("state", state -> assertThat(state).hasSizeGreaterThan(40));
        gina.get(API + "session").problem(401, "unauthenticated");
        assertThat(left.headers().allValues("set-cookie"))
                .anyMatch(cookie -> cookie.startsWith("nvgate=;") && cookie.contains("Max-Age=0"))
                .anyMatch(cookie -> cookie.startsWith("nvgate-oidc-id=;") && cookie.contains("Max-Age=0"));

        // The provider ends its own, and leads back with the state.
        URI home = URI.create(location(get(there, "")));
        assertThat(home.toString()).startsWith(OUTSIDE + API + "oidc/logged-out?");
        URI here = nobody.uri(home.getRawPath() + "?" + home.getRawQuery());
        String out = cookie(left, "nvgate-oidc-out");
        assertThat(location(get(here, out))).isEqualTo("/?signed-out=provider");
        assertThat(location(get(here, ""))).as("begun in another browser").isEqualTo("/");
        assertThat(location(get(nobody.uri(API + "oidc/logged-out?state=forged"), out)))
                .isEqualTo("/");
        assertThat(location(get(nobody.uri(API + "oidc/logged-out"), out))).isEqualTo("/");
    }

    @Test
    void whoIsLocalLogsOutHere() throws Exception {
        Reply login = nobody.post("login", "{'user':'admin','password':'" + PASSWORD + "'}");
        HttpResponse<String> left = leave(login.cookie());
        assertThat(new JsonObject(left.body()).getString("location")).isEqualTo("/?signed-out=here");
        nobody.with("Cookie", login.cookie()).get(API + "session").problem(401, "unauthenticated");
        // No other page ends somebody's session, and nobody else's ends.
        Reply again = nobody.post("login", "{'user':'admin','password':'" + PASSWORD + "'}");
        nobody.with("Cookie", again.cookie()).post("oidc/logout", "").problem(403, "forbidden-origin");
        nobody.post("oidc/logout", "").problem(401, "unauthenticated");
        assertThat(nobody.with("Cookie", again.cookie()).get(API + "session").status())
                .isEqualTo(200);
    }

    @Test
    void programsShowTheProvidersTokens() {
        ApiClient bob = with(token(ISSUER, "s-bob", "bob", AUDIENCE, 600, "fabric-admins", "fabric-ops"));
        JsonObject session = bob.get(API + "session").json();
        assertThat(session.getString("role")).isEqualTo("ADMIN");
        assertThat(session.getString("via")).isEqualTo("OIDC");
        Reply made = bob.post("logical-networks", "{'name':'by-bob','description':'" + "x".repeat(1000) + "'}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(made.json().getString("createdBy")).startsWith("bob@");
        assertThat(bob.get(API + "users/bob").json().getBoolean("external")).isTrue();

        // That of a login is for the browser's way in alone, whomever it is for.
        with(token(ISSUER, "s-bob", "bob", CLIENT, 600, "fabric-admins"))
                .get(API + "session")
                .problem(401, "unauthenticated");
        Map<String, Object> login = new HashMap<>(Map.of(
                "preferred_username", "bob", "realm", Map.of("roles", List.of("fabric-admins")), "nonce", "n-0S6"));
        with(token("s-bob", login)).get(API + "session").problem(401, "unauthenticated");
        login.put("scope", "nvgate");
        assertThat(with(token("s-bob", login)).get(API + "session").status()).isEqualTo(200);
        with(token(ISSUER, "s-bob", "bob", "others", 600, "fabric-admins"))
                .get(API + "session")
                .problem(401, "unauthenticated");
        with(token(ISSUER, "s-bob", "bob", AUDIENCE, -600, "fabric-admins"))
                .get(API + "session")
                .problem(401, "unauthenticated");
        with(token("other", "s-bob", "bob", AUDIENCE, 600, "fabric-admins"))
                .get(API + "session")
                .problem(401, "unauthenticated");
        with(token(ISSUER, "s-bob", "bob", AUDIENCE, 600, "nothing"))
                .get(API + "session")
                .problem(401, "unauthenticated");
        // Who calls himself like somebody else there is not him here.
        with(token(ISSUER, "s-eve", "bob", AUDIENCE, 600, "fabric-admins"))
                .get(API + "session")
                .problem(401, "unauthenticated");
        with(token(ISSUER, "s-eve", "admin", AUDIENCE, 600, "fabric-admins"))
                .get(API + "session")
                .problem(401, "unauthenticated");
        with(token(ISSUER, "s-eve", "no name", AUDIENCE, 600, "fabric-admins"))
                .get(API + "session")
                .problem(401, "unauthenticated");

        String[] parts =
                token(ISSUER, "s-bob", "bob", AUDIENCE, 600, "fabric-ops").split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                .replace("fabric-ops", "fabric-admins");
        String forged = encoded(claims);
        with(parts[0] + "." + forged + "." + parts[2]).get(API + "session").problem(401, "unauthenticated");
        with(encoded("{\"alg\":\"none\"}") + "." + forged + ".")
                .get(API + "session")
                .problem(401, "unauthenticated");
        with(encoded("{\"alg\":\"HS256\"}") + "." + forged + "." + parts[2])
                .get(API + "session")
                .problem(401, "unauthenticated");
        with("a.b.c").get(API + "session").problem(401, "unauthenticated");

        // Disabled here is disabled, whatever the provider says.
        ApiClient carol = with(token(ISSUER, "s-carol", "carol", AUDIENCE, 600, "fabric-ops"));
        assertThat(carol.get(API + "session").status()).isEqualTo(200);
        assertThat(bob.patch(API + "users/carol", "{'disabled':true}").status()).isEqualTo(200);
        carol.get(API + "session").problem(401, "unauthenticated");
    }

    @Test
    void anOldTokenGivesNothingBack() {
        String old = token(ISSUER, "s-dan", "dan", AUDIENCE, 600, "fabric-admins");
        assertThat(with(old).get(API + "session").json().getString("role")).isEqualTo("ADMIN");
        // A token says when it is from in seconds.
        long issued = claims(old).getLong("iat");
        Await.until("the next second", () -> Instant.now().getEpochSecond() > issued);
        String reduced = token(ISSUER, "s-dan", "dan", AUDIENCE, 600, "fabric-ops");
        assertThat(claims(reduced).getLong("iat")).isGreaterThan(issued);
        assertThat(with(reduced).get(API + "session").json().getString("role")).isEqualTo("OPERATOR");
        with(old).get(API + "session").problem(401, "unauthenticated");
        assertThat(with(reduced).get(API + "session").json().getString("role")).isEqualTo("OPERATOR");
    }

    private static JsonObject claims(String token) {
        return new JsonObject(
                new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8));
    }

    @Test
    void nobodyGivesAnExternalUserAPassword() {
        ApiClient admin = with(token(ISSUER, "s-erin", "erin", AUDIENCE, 600, "fabric-admins"));
        with(token(ISSUER, "s-frank", "frank", AUDIENCE, 600, "fabric-ops")).get(API + "session");
        admin.patch(API + "users/frank", "{'password':'" + PASSWORD + "'}").problem(409, "conflict");
        nobody.post("login", "{'user':'frank','password':'" + PASSWORD + "'}").problem(401, "login-failed");
        assertThat(with(token(ISSUER, "s-frank", "frank", AUDIENCE, 600, "fabric-ops"))
                        .get(API + "session")
                        .status())
                .isEqualTo(200);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
