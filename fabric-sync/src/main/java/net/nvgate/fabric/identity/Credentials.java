package net.nvgate.fabric.identity;

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

    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "certificate " + Pem.serial(certificate());
    }
}
