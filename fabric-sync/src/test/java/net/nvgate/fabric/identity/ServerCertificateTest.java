package net.nvgate.fabric.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCertificateTest {

    private final OutsideAuthority authority = OutsideAuthority.create();

    @TempDir
    Path directory;

    private X509Certificate write() throws IOException {
        KeyPair pair = Certificates.newKey();
        X509Certificate certificate = authority.issue(pair.getPublic(), List.of(OutsideAuthority.host("api.example")));
        Files.writeString(
                directory.resolve("key"), Pem.write(Pem.KEY, pair.getPrivate().getEncoded()));
        Files.writeString(directory.resolve("chain"), Pem.write(List.of(certificate)));
        return certificate;
    }

    private static X509Certificate shown(X509ExtendedKeyManager keys) {
        String alias = keys.chooseServerAlias("EC", null, null);
        return keys.getCertificateChain(alias)[0];
    }

    @Test
    void aNewCertificateIsShownWhenItsKeyIsThereToo() throws Exception {
        X509Certificate first = write();
        try (ServerCertificate files =
                new ServerCertificate(directory.resolve("chain"), directory.resolve("key"), Duration.ofMillis(20))) {
            assertThat(shown(files.keys())).isEqualTo(first);
            X509Certificate second = write();
            Await.until(
                    () -> "the second certificate", () -> shown(files.keys()).equals(second));
        }
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsRefused() throws Exception {
        write();
        Files.writeString(
                directory.resolve("key"),
                Pem.write(Pem.KEY, Certificates.newKey().getPrivate().getEncoded()));
        assertThatThrownBy(() -> new ServerCertificate(directory.resolve("chain"), directory.resolve("key")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chain cannot be used");
    }
}
