package net.nvgate.mgmt.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * One login by way of the provider: what binds its end to the browser that began it (state), to the client that began it (PKCE
 * verifier, RFC 7636), and the provider's token to it (nonce). Kept in a cookie of some minutes, so that any manager can end it.
 */
record OidcAttempt(String state, String verifier, String nonce) {

    static final String COOKIE = "nvgate-oidc";
    static final int SECONDS_MAX = 600;

    private static final SecureRandom RANDOM = new SecureRandom();

    static OidcAttempt begin() {
        return new OidcAttempt(random(), random(), random());
    }

    /** Empty if the cookie is none. */
    static Optional<OidcAttempt> of(String cookie) {
        String[] parts = cookie.split("\\.", -1);
        return parts.length == 3 ? Optional.of(new OidcAttempt(parts[0], parts[1], parts[2])) : Optional.empty();
    }

    String cookie() {
        return state + "." + verifier + "." + nonce;
    }

    /** RFC 7636 section 4.2, S256. */
    String challenge() {
        try {
            return text(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What nobody can guess. */
    static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return text(bytes);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
