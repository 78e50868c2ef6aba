package net.nvgate.fabric.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A join token as text: {@code nvgate-join-} and Base64 (URL-safe, no padding) of
 *
 * <pre>
 *   0                              32             64
 *   | SHA-256 of the manager's CA  | secret       |
 * </pre>
 *
 * By the first part the node knows the manager, by the second the manager knows the node.
 */
final class Token {

    private static final String PREFIX = "nvgate-join-";
    private static final int PART_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] pin;
    private final byte[] secret;

    private Token(byte[] pin, byte[] secret) {
        this.pin = pin;
        this.secret = secret;
    }

    static Token create(X509Certificate authority) {
        byte[] secret = new byte[PART_BYTES];
        RANDOM.nextBytes(secret);
        return new Token(sha256(Pem.der(authority)), secret);
    }

    static Optional<Token> parse(String text) {
        String stripped = text.strip();
        if (!stripped.startsWith(PREFIX)) {
            return Optional.empty();
        }
        byte[] both;
        try {
            both = Base64.getUrlDecoder().decode(stripped.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return both.length == 2 * PART_BYTES
                ? Optional.of(new Token(
                        Arrays.copyOf(both, PART_BYTES), Arrays.copyOfRange(both, PART_BYTES, 2 * PART_BYTES)))
                : Optional.empty();
    }

    /** The whole token, a secret. */
    String text() {
        byte[] both = Arrays.copyOf(pin, 2 * PART_BYTES);
        System.arraycopy(secret, 0, both, PART_BYTES, PART_BYTES);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(both);
    }

    /** What the manager keeps of it: the secret has 256 random bits, so that no slow hash is needed. */
    String secretHash() {
        return HexFormat.of().formatHex(sha256(secret));
    }

    boolean pins(X509Certificate authority) {
        return MessageDigest.isEqual(pin, sha256(Pem.der(authority)));
    }

    static String fingerprint(X509Certificate certificate) {
        return HexFormat.of().formatHex(sha256(Pem.der(certificate)));
    }

    /** SHA-256 of a SubjectPublicKeyInfo, hexadecimal. */
    static String fingerprint(PublicKey key) {
        return HexFormat.of().formatHex(sha256(key.getEncoded()));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "join token";
    }
}
