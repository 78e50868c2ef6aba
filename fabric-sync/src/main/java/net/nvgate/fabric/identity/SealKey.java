package net.nvgate.fabric.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that managers of one fabric have in common, and nobody else: CA keys lie in the store encrypted with it
 * (AES-256-GCM). What is sealed is Base64 of
 *
 * <pre>
 *   0        12
 *   | nonce  | ciphertext, then 16 bytes of tag |       authenticated with it: what it belongs to
 * </pre>
 */
final class SealKey {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKey key;

    private SealKey(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /** @throws IOException if the file cannot be read or is no such key */
    static SealKey read(Path file) throws IOException {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(Files.readString(file).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no seal key: it is not Base64", e);
        }
        if (key.length != KEY_BYTES) {
            throw new IOException(file + " is no seal key: it has " + key.length + " bytes, not " + KEY_BYTES);
        }
        return new SealKey(key);
    }

    /** A new one, kept in the file; or the one that another manager has put there meanwhile. */
    static SealKey create(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        Path whole = file.toAbsolutePath();
        Path made = whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID());
        PrivateFiles.write(made, Base64.getEncoder().encodeToString(key) + "\n");
        try {
            Files.createLink(whole, made);
            return new SealKey(key);
        } catch (FileAlreadyExistsException e) {
            return read(whole);
        } finally {
            Files.delete(made);
        }
    }

    String seal(byte[] secret, String belongsTo) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, belongsTo).doFinal(secret);
            byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
            return Base64.getEncoder().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-GCM", e);
        }
    }

    /** @throws GeneralSecurityException if it was sealed with another key, belongs to something else, or was altered */
    byte[] open(String sealed, String belongsTo) throws GeneralSecurityException {
        byte[] all;
        try {
            all = Base64.getDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not Base64", e);
        }
        if (all.length < NONCE_BYTES) {
            throw new GeneralSecurityException("too short");
        }
        return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(all, NONCE_BYTES), belongsTo)
                .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
    }

    private Cipher cipher(int mode, byte[] nonce, String belongsTo) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(belongsTo.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
