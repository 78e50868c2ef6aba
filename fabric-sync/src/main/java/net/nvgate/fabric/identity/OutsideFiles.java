package net.nvgate.fabric.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of an outside CA. */
final class OutsideFiles implements AutoCloseable {

    static final Duration LOOK_DEFAULT = WatchedFiles.LOOK_DEFAULT;

    private final OutsideSettings settings;
    private final WatchedFiles<Content> files;

    /** What the files say. */
    record Content(Credentials own, List<X509Certificate> trusted, List<X509CRL> revoked) {

        /** The revocation list of the certificate's CA names it. A list that is out of date still counts. */
        boolean revokes(X509Certificate certificate) {
            return revoked.stream()
                    .anyMatch(list -> list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())
                            && list.isRevoked(certificate));
        }

        @Override
        public String toString() {
            return own.toString();
        }
    }

    /** @throws IOException if the files cannot be used; the message says which and why */
    OutsideFiles(OutsideSettings settings, Duration look) throws IOException {
        this.settings = settings;
        List<Path> all = Stream.concat(
                        Stream.of(settings.certificateFile(), settings.keyFile(), settings.trustedFile()),
                        settings.crlFile().stream())
                .toList();
        this.files = new WatchedFiles<>("certificates of the outside CA", all, this::read, look);
    }

    private Content read() throws IOException, GeneralSecurityException {
        Credentials own = Credentials.read(settings.certificateFile(), settings.keyFile());
        List<X509Certificate> trusted = Pem.certificates(Files.readString(settings.trustedFile()));
        List<X509CRL> revoked = new ArrayList<>();
        if (settings.crlFile().isPresent()) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] der : Pem.read(Files.readString(settings.crlFile().get()), "X509 CRL")) {
                X509CRL list = (X509CRL) factory.generateCRL(new ByteArrayInputStream(der));
                requireSigned(
                        list,
                        Stream.concat(trusted.stream(), own.chain().stream()).toList());
                revoked.add(list);
            }
        }
        return new Content(own, trusted, List.copyOf(revoked));
    }

    private static void requireSigned(X509CRL list, List<X509Certificate> authorities) throws GeneralSecurityException {
        for (X509Certificate authority : authorities) {
            if (authority.getSubjectX500Principal().equals(list.getIssuerX500Principal())) {
                try {
                    list.verify(authority.getPublicKey());
                    return;
                } catch (GeneralSecurityException e) {
                    // another CA of the same name
                }
            }
        }
        throw new GeneralSecurityException("no trusted CA has signed the revocation list of "
                + list.getIssuerX500Principal().getName());
    }

    Content content() {
        return files.content();
    }

    Subscription onChange(Runnable listener) {
        return files.onChange(listener);
    }

    @Override
    public void close() {
        files.close();
    }
}
