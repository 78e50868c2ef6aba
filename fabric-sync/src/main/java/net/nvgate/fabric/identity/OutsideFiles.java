package net.nvgate.fabric.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the files of an outside CA read. Files that change to something that cannot be used are reported, and what was read
 * before stays.
 */
final class OutsideFiles implements AutoCloseable {

    static final Duration LOOK_DEFAULT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(OutsideFiles.class);

    private final OutsideSettings settings;
    private final Listeners listeners = new Listeners();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("identity-files").daemon().unstarted(task));

    private volatile Content content;
    private List<String> stamps;
    private String lastLogged = "";

    /** What the files say. */
    record Content(Credentials own, List<X509Certificate> trusted, List<X509CRL> revoked) {

        /** The revocation list of the certificate's CA names it. A list that is out of date still counts. */
        boolean revokes(X509Certificate certificate) {
            return revoked.stream()
                    .anyMatch(list -> list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())
                            && list.isRevoked(certificate));
        }
    }

    /** @throws IOException if the files cannot be used; the message says which and why */
    OutsideFiles(OutsideSettings settings, Duration look) throws IOException {
        this.settings = settings;
        this.stamps = stamps();
        try {
            this.content = read();
        } catch (GeneralSecurityException e) {
            throw new IOException("certificates of the outside CA cannot be used: " + e.getMessage(), e);
        }
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(this::look, look.toMillis(), look.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Stream<Path> files() {
        return Stream.concat(
                Stream.of(settings.certificateFile(), settings.keyFile(), settings.trustedFile()),
                settings.crlFile().stream());
    }

    private List<String> stamps() throws IOException {
        List<String> stamps = new ArrayList<>();
        for (Path file : files().toList()) {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            // The inode, too: two files of one size can take each other's place within one tick of the file system's
            // clock.
            stamps.add(now.lastModifiedTime() + " " + now.size() + " " + now.fileKey());
        }
        return stamps;
    }

    private Content read() throws IOException, GeneralSecurityException {
        PrivateKey key = Pem.key(Files.readString(settings.keyFile()));
        List<X509Certificate> chain = Pem.certificates(Files.readString(settings.certificateFile()));
        NodeFiles.requirePair(key, chain.getFirst().getPublicKey());
        List<X509Certificate> trusted = Pem.certificates(Files.readString(settings.trustedFile()));
        List<X509CRL> revoked = new ArrayList<>();
        if (settings.crlFile().isPresent()) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] der : Pem.read(Files.readString(settings.crlFile().get()), "X509 CRL")) {
                X509CRL list = (X509CRL) factory.generateCRL(new ByteArrayInputStream(der));
                requireSigned(
                        list, Stream.concat(trusted.stream(), chain.stream()).toList());
                revoked.add(list);
            }
        }
        return new Content(new Credentials(key, chain), trusted, List.copyOf(revoked));
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

    private void look() {
        try {
            List<String> now = stamps();
            if (!now.equals(stamps)) {
                content = read();
                stamps = now;
                lastLogged = "";
                LOG.info("certificates of the outside CA were read again, {}", content.own());
                listeners.tell();
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            String why = String.valueOf(e);
            if (!why.equals(lastLogged)) {
                lastLogged = why;
                LOG.warn("changed certificates of the outside CA cannot be used, the ones before stay: {}", why);
            }
        }
    }

    Content content() {
        return content;
    }

    Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
