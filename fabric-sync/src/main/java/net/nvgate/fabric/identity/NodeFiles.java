package net.nvgate.fabric.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * A node's identity on its disk. Key and certificate are one file, so that they change in one step:
 *
 * <pre>
 *   DIRECTORY/identity.pem   PRIVATE KEY, CERTIFICATE of the node, those behind it     mode 0600
 *   DIRECTORY/trusted.pem    CAs of managers
 * </pre>
 */
final class NodeFiles {

    private final Path directory;
    private final Path identity;
    private final Path trusted;

    NodeFiles(Path directory) {
        this.directory = directory;
        this.identity = directory.resolve("identity.pem");
        this.trusted = directory.resolve("trusted.pem");
    }

    /**
     * A node's own and those it trusts.
     *
     * @param authorities the one that signs now comes first
     */
    record Held(Credentials own, List<X509Certificate> authorities) {

        Held {
            authorities = List.copyOf(authorities);
        }
    }

    /** @throws IOException if there is something that cannot be used */
    Optional<Held> read() throws IOException {
        if (!Files.exists(identity) || !Files.exists(trusted)) {
            return Optional.empty();
        }
        String text = Files.readString(identity);
        try {
            return Optional.of(held(Pem.key(text), text, Files.readString(trusted)));
        } catch (GeneralSecurityException e) {
            throw new IOException(directory + " holds no usable identity: " + e.getMessage(), e);
        }
    }

    /** @throws GeneralSecurityException if that is no PEM, or the certificate is another key's */
    static Held held(PrivateKey key, String certificates, String trusted) throws GeneralSecurityException {
        List<X509Certificate> chain = Pem.certificates(certificates);
        requirePair(key, chain.getFirst().getPublicKey());
        return new Held(new Credentials(key, chain), Pem.certificates(trusted));
    }

    /** A signature by one that the other accepts. */
    static void requirePair(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case String other -> other;
        };
        byte[] text = {'n', 'v', 'g', 'a', 't', 'e'};
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(text);
        byte[] signature = signing.sign();
        Signature checking = Signature.getInstance(algorithm);
        checking.initVerify(certified);
        checking.update(text);
        if (!checking.verify(signature)) {
            throw new GeneralSecurityException("the certificate is not of this key");
        }
    }

    /** Trust first: with an identity there is always somebody to trust. */
    void write(KeyPair key, String certificates, String authorities) throws IOException {
        PrivateFiles.makeDirectory(directory);
        PrivateFiles.write(trusted, authorities);
        PrivateFiles.write(identity, Pem.write(Pem.KEY, key.getPrivate().getEncoded()) + certificates);
    }

    void writeTrusted(String authorities) throws IOException {
        PrivateFiles.write(trusted, authorities);
    }
}
