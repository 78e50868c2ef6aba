package net.nvgate.fabric.identity;

import static net.nvgate.fabric.identity.TestManager.GW1;
import static net.nvgate.fabric.identity.TestManager.GW2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import net.nvgate.fabric.model.CertificateAuthority;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;

/** A node's way from a token to the stream, and how it stays there. */
final class JoinTest extends IdentityFixture {

    private static String rights(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aTokenMakesANodeAFollowerAndIsGone() throws IOException {
        try (TestNode node = node(GW1)) {
            node.awaitRefused("no identity yet");
            node.give(manager.token(GW1));
            node.awaitConnected();
            // The node goes ahead with what it has got, and then removes what it does not need any more.
            Await.until("no token", () -> Files.notExists(node.directory.resolve("join-token")));
            assertThat(rights(node.directory.resolve("identity/identity.pem"))).isEqualTo("rw-------");
            assertThat(rights(directory.resolve("seal.key"))).isEqualTo("rw-------");
            assertThat(IdentityUri.of(node.certificate()))
                    .contains(new IdentityUri(store.fabricId().toString(), NodeRole.GATEWAY, "gw1"));
            assertThat(manager.identity.identities())
                    .extracting(NodeIdentity::name)
                    .containsExactly("gw1");
        }
        try (TestNode again = node(GW1)) {
            again.awaitConnected(); // by what is on the disk
        }
    }

    @Test
    void aTokenIsGoodOnceAndForOneNode() throws Exception {
        String token = manager.token(GW1);
        String other = Certificates.newRequest(Certificates.newKey(), "gateway/gw2");
        refused(JoinException.Code.TOKEN_OTHER_NODE, token, other);
        String request = Certificates.newRequest(Certificates.newKey(), "gateway/gw1");
        assertThat(Pem.certificates(manager.identity.join(token, request))).hasSize(1);
        refused(JoinException.Code.TOKEN_USED, token, Certificates.newRequest(Certificates.newKey(), "gateway/gw1"));

        String late = manager.token(GW1);
        clock.jump(Duration.ofHours(2));
        refused(JoinException.Code.TOKEN_EXPIRED, late, request);
        String replaced = manager.token(GW2);
        manager.token(GW2);
        refused(JoinException.Code.TOKEN_UNKNOWN, replaced, other);
        refused(JoinException.Code.TOKEN_UNKNOWN, "nvgate-join-AAAA", other);
        refused(JoinException.Code.BAD_REQUEST, manager.token(GW2), "rubbish");
    }

    /** Whoever proves that it has the key to which the token went may ask again: the answer may have been lost. */
    @Test
    void aNodeThatNeverGotTheAnswerAsksAgainWithTheSameKey() throws Exception {
        String token = manager.token(GW1);
        String request = Certificates.newRequest(Certificates.newKey(), "gateway/gw1");
        List<X509Certificate> late = Pem.certificates(manager.identity.join(token, request));
        List<X509Certificate> got = Pem.certificates(manager.identity.join(token, request));
        // Either answer may be the one that arrives.
        assertThat(manager.identity.identify(got)).isInstanceOf(Peer.Known.class);
        assertThat(manager.identity.identify(late)).isInstanceOf(Peer.Known.class);
        for (int more = 2; more < 16; more++) {
            assertThat(Pem.certificates(manager.identity.join(token, request))).isNotEmpty();
        }
        refused(JoinException.Code.TOO_MANY, token, request);
        manager.identity.revoke(NodeRole.GATEWAY, "gw1", Origin.SYSTEM);
        refused(JoinException.Code.TOKEN_UNKNOWN, token, request);
    }

    @Test
    void aTokenThatWasUsedExpiresToo() throws Exception {
        String token = manager.token(GW1);
        String request = Certificates.newRequest(Certificates.newKey(), "gateway/gw1");
        assertThat(Pem.certificates(manager.identity.join(token, request))).hasSize(1);
        clock.jump(Duration.ofHours(2));
        refused(JoinException.Code.TOKEN_EXPIRED, token, request);
    }

    private void refused(JoinException.Code code, String token, String request) {
        assertThatThrownBy(() -> manager.identity.join(token, request))
                .isInstanceOfSatisfying(
                        JoinException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aNodeSaysWhyItsTokenIsRefusedAndTakesTheNextOne() throws IOException {
        try (TestNode node = node(GW1)) {
            node.give(manager.token(GW2));
            node.awaitRefused("token-other-node: the join token is for gateway/gw2, not for gateway/gw1");
            node.give(manager.token(GW1));
            node.awaitConnected();
        }
    }

    @Test
    void aNodeDoesNotJoinAManagerThatItsTokenDoesNotName() throws Exception {
        try (FabricStore otherStore = SqliteStore.open(directory.resolve("other"), 1000, clock);
                TestManager other = new TestManager(otherStore, directory.resolve("other"), clock);
                TestNode node = node(GW1)) {
            node.give(other.token(GW1));
            node.awaitRefused("not the manager that made the join token");
            assertThat(manager.identity.identities()).isEmpty();
        }
    }

    @Test
    void secretsAreNotKept() throws IOException {
        String token = manager.token(GW1);
        String secret = token.substring(token.length() - 40);
        assertThat(net.nvgate.fabric.model.FabricJson.write(store.snapshot().objects()))
                .doesNotContain(secret);
        CertificateAuthority authority = manager.identity.authorities().getFirst();
        assertThat(authority.sealedKey()).isPresent();
        assertThat(authority.shown().sealedKey()).isEmpty();
        assertThat(rights(directory.resolve("seal.key"))).isEqualTo("rw-------");
    }

    @Test
    void certificatesAreRenewedWithoutAGap() throws Exception {
        try (TestNode node = node(GW1)) {
            node.give(manager.token(GW1));
            node.awaitConnected();
            BigInteger first = node.certificate().getSerialNumber();
            clock.jump(Duration.ofDays(61));
            Await.until(
                    () -> "renewal", () -> !node.certificate().getSerialNumber().equals(first));
            assertThat(node.client.state().connected()).isTrue();
            // The connection of the first certificate ends when that expires; the next one is by the second.
            clock.jump(Duration.ofDays(30));
            manager.identity.lookAgain();
            node.awaitConnected();
        }
    }

    @Test
    void theCaIsExchangedWhileNodesGoOn() throws Exception {
        try (TestNode node = node(GW1)) {
            node.give(manager.token(GW1));
            node.awaitConnected();
            String joinBefore = manager.token(GW2);
            CertificateAuthority old = manager.identity.authorities().getFirst();
            CertificateAuthority next = manager.identity.rotate(Origin.SYSTEM);
            assertThat(manager.identity.authorities())
                    .extracting(CertificateAuthority::name)
                    .containsExactly("ca-2", "ca-1");
            Await.until(
                    () -> "a certificate of the new CA",
                    () -> node.certificate()
                            .getIssuerX500Principal()
                            .equals(Authorities.certificate(next.certificate()).getSubjectX500Principal()));
            assertThat(node.client.state().connected()).isTrue();
            try (TestNode late = node(GW2)) {
                late.give(joinBefore); // names the CA before
                late.awaitConnected();
            }
            clock.jump(Duration.ofMinutes(1));
            manager.identity.lookAgain();
            assertThat(manager.identity.authorities()).hasSize(1).doesNotContain(old);
            node.awaitConnected();
        }
        try (TestNode again = node(GW1)) {
            again.awaitConnected();
            Await.until(() -> "one CA trusted", () -> {
                try {
                    return Pem.certificates(Files.readString(directory.resolve("gw1/identity/trusted.pem")))
                                    .size()
                            == 1;
                } catch (IOException | java.security.GeneralSecurityException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void anOldCaIsExchangedByItself() {
        clock.jump(Duration.ofDays(2434));
        manager.identity.lookAgain();
        manager.identity.lookAgain();
        assertThat(manager.identity.authorities().getFirst().name()).isEqualTo("ca-2");
        assertThat(manager.identity.certificate().getNotAfter().toInstant()).isAfter(clock.instant());
    }

    @Test
    void anotherManagerNeedsTheSealKey() throws Exception {
        AuthoritySettings without = TestManager.settings(directory.resolve("elsewhere"), Duration.ZERO);
        assertThatThrownBy(() -> new ManagerIdentity(store, without, clock))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("seal key");
        Files.createDirectories(directory.resolve("elsewhere"));
        SealKey.create(directory.resolve("elsewhere/seal.key"));
        assertThatThrownBy(() -> new ManagerIdentity(store, without, clock))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another one");
        try (TestManager second = new TestManager(store, directory, clock);
                TestNode node = new TestNode(directory.resolve("gw1"), GW1, second.address(), clock)) {
            node.give(manager.token(GW1)); // made by one, used with the other
            node.awaitConnected();
            assertThat(second.identity.identities()).hasSize(1);
            Await.until(
                    "the first manager is told",
                    () -> manager.identity.identities().equals(second.identity.identities()));
        }
    }

    /** The way out when nobody has the seal key any more: {@code manager new-ca}. */
    @Test
    void withoutTheSealKeyThereIsANewCaAndEverybodyJoinsAgain() throws Exception {
        try (TestNode node = joined(GW1)) {
            assertThat(node.client.state().connected()).isTrue();
        }
        Files.delete(directory.resolve("seal.key"));
        manager.close();
        assertThatThrownBy(() -> new TestManager(store, directory, clock))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("run 'manager new-ca' and let every node join again");
        assertThat(ManagerIdentity.forgetAll(store))
                .as("CA, identity and used token")
                .isEqualTo(3);
        manager = new TestManager(store, directory, clock);
        try (TestNode node = node(GW1)) {
            node.awaitRefused("no trusted CA has signed its certificate");
            X509Certificate former = node.certificate();
            assertThat(((Peer.Refused) manager.identity.identify(List.of(former))).reason())
                    .isEqualTo(Peer.Reason.UNKNOWN_CA);
            node.give(manager.token(GW1));
            node.awaitConnected();
            assertThat(manager.identity.identities()).hasSize(1);
        }
    }
}
