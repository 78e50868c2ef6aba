package net.nvgate.fabric.identity;

import java.security.cert.X509Certificate;

/** Certificates for people to look at. */
public final class CertificateText {

    private CertificateText() {}

    /**
     * A CA's certificate as the store has it.
     *
     * @throws IllegalStateException if it is none
     */
    public static X509Certificate read(String pem) {
        return Authorities.certificate(pem);
    }

    /** SHA-256 of the certificate, hexadecimal. */
    public static String fingerprint(X509Certificate certificate) {
        return Token.fingerprint(certificate);
    }
}
