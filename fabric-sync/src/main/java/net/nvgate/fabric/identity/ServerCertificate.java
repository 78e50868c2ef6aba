package net.nvgate.fabric.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;

/** A server's certificate in files that somebody else keeps, PEM, read again when they change. */
public final class ServerCertificate implements AutoCloseable {

    private final WatchedFiles<Credentials> files;
    private final X509ExtendedKeyManager keys;

    /**
     * @param certificates own certificate, then those between it and the CA
     * @param key PKCS #8, not encrypted
     * @throws IOException if the files cannot be used; the message says which and why
     */
    public ServerCertificate(Path certificates, Path key) throws IOException {
        this(certificates, key, WatchedFiles.LOOK_DEFAULT);
    }

    ServerCertificate(Path certificates, Path key, Duration look) throws IOException {
        files = new WatchedFiles<>(
                "the certificate and key of " + certificates,
                List.of(certificates, key),
                () -> Credentials.read(certificates, key),
                look);
        keys = Tls.keys(() -> Optional.of(files.content()));
    }

    /** Shows the certificate that is good now. */
    public X509ExtendedKeyManager keys() {
        return keys;
    }

    @Override
    public void close() {
        files.close();
    }
}
