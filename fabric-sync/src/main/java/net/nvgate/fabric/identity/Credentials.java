package net.nvgate.fabric.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What one shows of oneself.
 *
 * @param chain own certificate first
 */
record Credentials(PrivateKey key, List<X509Certificate> chain) {

    Credentials {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("credentials need a certificate");
        }
    }

    /**
     * @param certificates PEM, own certificate first
     * @param key PEM, PKCS #8, not encrypted
     */
    static Credentials read(Path certificates, Path key) throws IOException, GeneralSecurityException {
        PrivateKey secret = Pem.key(Files.readString(key));
        List<X509Certificate> chain = Pem.certificates(Files.readString(certificates));
        NodeFiles.requirePair(secret, chain.getFirst().getPublicKey());
        return new Credentials(secret, chain);
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "certificate " + Pem.serial(certificate());
    }
}
