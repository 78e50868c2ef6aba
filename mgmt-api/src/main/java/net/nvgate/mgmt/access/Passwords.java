package net.nvgate.mgmt.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes of passwords: Argon2id (RFC 9106) with 19 MiB, two passes and one lane, as OWASP's Password Storage Cheat Sheet has
 * it, written as PHC string: {@code $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH}. A hash says how it was made, so that old ones
 * stay good when this changes. Each call takes a noticeable time of one core; only a few run at once.
 */
public final class Passwords {

    public static final int LENGTH_MIN = 12;
    public static final int LENGTH_MAX = 256;

    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int AT_ONCE_MAX = 2;
    private static final int WAIT_SECONDS_MAX = 10;

    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{8,100})\\$([A-Za-z0-9+/]{8,100})");

    private final SecureRandom random = new SecureRandom();
    private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX, true);
    /** Nobody's, of no known password: a password is compared with it if there is no such user, so that it takes as long. */
    private final String nobody = phc(random(SALT_BYTES), random(HASH_BYTES));

    /** Too many wait already: try again. */
    public static final class BusyException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BusyException() {
            super("too many logins at once");
        }
    }

    /**
     * Why this cannot be the password of a user, empty if it can. Length is what counts (NIST SP 800-63B section 3.1.1.2);
     * of what people take first, only the name is known here.
     */
    public static String objection(String user, String password) {
        if (password.length() < LENGTH_MIN || password.length() > LENGTH_MAX) {
            return "a password must have " + LENGTH_MIN + ".." + LENGTH_MAX + " characters";
        }
        if (password.codePoints().distinct().count() < 5) {
            return "a password must have at least 5 different characters";
        }
        String small = password.toLowerCase(Locale.ROOT);
        return user.length() >= 4 && small.contains(user.toLowerCase(Locale.ROOT))
                ? "a password must not contain the user's name"
                : "";
    }

    /** A PHC string. */
    String hash(String password) {
        byte[] salt = random(SALT_BYTES);
        return phc(salt, compute(password, salt, MEMORY_KIB, PASSES, 1, HASH_BYTES));
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String phc(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=1$" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(hash);
    }

    /** True if the hash is of this password. */
    boolean matches(String password, String phc) {
        Matcher parts = PHC.matcher(phc);
        if (!parts.matches()) {
            throw new IllegalStateException("a stored password hash is no PHC string of argon2id");
        }
        byte[] wanted = Base64.getDecoder().decode(parts.group(5));
        byte[] hash = compute(
                password,
                Base64.getDecoder().decode(parts.group(4)),
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                wanted.length);
        return MessageDigest.isEqual(hash, wanted);
    }

    /** Takes as long as {@link #matches}. */
    void matchesNobody(String password) {
        boolean _ = matches(password, nobody);
    }

    private byte[] compute(String password, byte[] salt, int memoryKib, int passes, int lanes, int length) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        byte[] hash = new byte[length];
        enter();
        try {
            Argon2BytesGenerator argon = new Argon2BytesGenerator();
            argon.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(passes)
                    .withParallelism(lanes)
                    .withSalt(salt)
                    .build());
            argon.generateBytes(bytes, hash);
            return hash;
        } finally {
            atOnce.release();
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private void enter() {
        try {
            if (!atOnce.tryAcquire(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new BusyException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusyException();
        }
    }
}
