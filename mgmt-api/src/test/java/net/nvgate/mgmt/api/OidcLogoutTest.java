package net.nvgate.mgmt.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.model.UserRole;
import net.nvgate.mgmt.config.OidcConfig;
import org.junit.jupiter.api.Test;

/** Where a browser is led to end its session at the provider. */
class OidcLogoutTest {

    private static final OidcConfig CONFIG = OidcConfig.of(
            "https://id.example.org",
            "nvgate",
            null,
            "https://nvgate.example.org",
            null,
            null,
            null,
            null,
            Map.of("admins", UserRole.ADMIN),
            null);

    private static String url(String place, Optional<String> idToken) {
        return OidcClient.logoutUrl(place, CONFIG, idToken, "s-1");
    }

    @Test
    void theTokenOfTheLoginSaysWhoLeaves() {
        assertThat(url("https://id.example.org/end", Optional.of("a.b.c")))
                .startsWith("https://id.example.org/end?id_token_hint=a.b.c&client_id=nvgate&")
                .contains("post_logout_redirect_uri=https%3A%2F%2Fnvgate.example.org%2F")
                .endsWith("&state=s-1");
        assertThat(url("https://id.example.org/end?realm=r", Optional.of("a.b.c")))
                .startsWith("https://id.example.org/end?realm=r&id_token_hint=a.b.c&");
        assertThat(url("https://id.example.org/end", Optional.empty())).doesNotContain("id_token_hint");
    }

    @Test
    void nobodyReadsItOnTheWay() {
        assertThat(url("http://id.example.org/end", Optional.of("a.b.c")))
                .startsWith("http://id.example.org/end?client_id=nvgate&")
                .doesNotContain("a.b.c");
    }
}
