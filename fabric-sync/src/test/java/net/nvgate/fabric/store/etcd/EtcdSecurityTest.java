package net.nvgate.fabric.store.etcd;

import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that asks who one is. */
@Timeout(300)
class EtcdSecurityTest {

    @TempDir
    private Path directory;

    private static EtcdSettings settings(
            EtcdServer server,
            Optional<EtcdSettings.Login> login,
            Optional<EtcdSettings.Tls> tls,
            int patienceSeconds) {
        return new EtcdSettings(List.of(server.endpoint()), "/f/", login, tls, Duration.ofSeconds(patienceSeconds));
    }

    @Test
    void bothSidesShowCertificates() throws IOException, InterruptedException, GeneralSecurityException {
        EtcdServer.binary();
        PemFiles pem = PemFiles.in(directory);
        List<String> options = List.of(
                "--cert-file=" + pem.certificate(),
                "--key-file=" + pem.key(),
                "--client-cert-auth",
                "--trusted-ca-file=" + pem.certificate());
        Optional<Path> ca = Optional.of(pem.certificate());
        Optional<EtcdSettings.Tls.Own> own = Optional.of(new EtcdSettings.Tls.Own(pem.certificate(), pem.key()));
        try (EtcdServer server = EtcdServer.startWithTls(directory, options)) {
            try (EtcdStore store = EtcdStore.open(tls(server, ca, own, 30))) {
                assertThat(store.apply(puts(network("a")))).isEqualTo(new Outcome.Committed(1));
            }
            EtcdSettings nobody = tls(server, ca, Optional.empty(), 2);
            assertThatThrownBy(() -> EtcdStore.open(nobody)).isInstanceOf(StoreException.class);
            EtcdSettings distrustful = tls(server, Optional.empty(), own, 2);
            assertThatThrownBy(() -> EtcdStore.open(distrustful)).isInstanceOf(StoreException.class);
        }
    }

    private static EtcdSettings tls(
            EtcdServer server, Optional<Path> ca, Optional<EtcdSettings.Tls.Own> own, int patienceSeconds) {
        return settings(server, Optional.empty(), Optional.of(new EtcdSettings.Tls(ca, own)), patienceSeconds);
    }

    @Test
    void aLoginHoldsAlsoWhenEtcdWasStartedAgain() throws IOException, InterruptedException, ExecutionException {
        try (EtcdServer server = EtcdServer.start(directory)) {
            EtcdSettings good =
                    settings(server, Optional.of(new EtcdSettings.Login("root", "secret")), Optional.empty(), 30);
            enableLogin(settings(server, Optional.empty(), Optional.empty(), 30));
            try (EtcdStore store = EtcdStore.open(good)) {
                assertThat(store.apply(puts(network("a")))).isEqualTo(new Outcome.Committed(1));
                server.kill();
                server.startAgain();
                assertThat(store.apply(puts(network("b")))).isEqualTo(new Outcome.Committed(2));
            }
            EtcdSettings wrong =
                    settings(server, Optional.of(new EtcdSettings.Login("root", "guess")), Optional.empty(), 5);
            assertThatThrownBy(() -> EtcdStore.open(wrong))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("invalid user ID or password");
            assertThatThrownBy(() -> EtcdStore.open(settings(server, Optional.empty(), Optional.empty(), 5)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("user name is empty");
        }
    }

    private static void enableLogin(EtcdSettings settings) throws ExecutionException, InterruptedException {
        try (EtcdStore _ = EtcdStore.open(settings);
                Client client =
                        EtcdClients.connect(settings, settings.endpoints().getFirst())) {
            Auth auth = client.getAuthClient();
            ByteSequence root = EtcdKeys.bytes("root");
            auth.userAdd(root, EtcdKeys.bytes("secret")).get();
            auth.roleAdd(root).get();
            auth.userGrantRole(root, root).get();
            auth.authEnable().get();
        }
    }
}
