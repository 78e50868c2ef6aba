package net.nvgate.fabric.identity;

import static net.nvgate.fabric.identity.TestManager.GW1;
import static net.nvgate.fabric.identity.TestManager.GW2;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.fabric.testing.Await;
import net.nvgate.fabric.testing.MovableClock;
import org.junit.jupiter.api.Test;

/** Whoever is not, or not any more, a node of the fabric gets nothing, and both sides know why. */
final class IdentityFaultsTest extends IdentityFixture {

    IdentityFaultsTest() {
        super(new MovableClock());
    }

    @Test
    void aNodeOfAnotherFabricAndTheManagerRefuseEachOther() throws Exception {
        try (FabricStore otherStore = SqliteStore.open(directory.resolve("other"), 1000, clock);
                TestManager other = new TestManager(otherStore, directory.resolve("other"), clock)) {
            try (TestNode theirs = new TestNode(directory.resolve("gw1"), GW1, other.address(), nodesClock)) {
                theirs.give(other.token(GW1));
                theirs.awaitConnected();
            }
            try (TestNode here = node(GW1)) {
                here.awaitRefused("no trusted CA has signed its certificate");
                Await.until(() -> "the manager hears of it", () -> manager.refused(Peer.Reason.HANDSHAKE) > 0);
            }
            X509Certificate certificate = new NodeFiles(directory.resolve("gw1/identity"))
                    .read()
                    .orElseThrow()
                    .own()
                    .certificate();
            assertThat(reason(List.of(certificate))).isEqualTo(Peer.Reason.UNKNOWN_CA);
        }
    }

    private Peer.Reason reason(List<X509Certificate> chain) {
        return ((Peer.Refused) manager.identity.identify(chain)).reason();
    }

    /** By a CA that signs whatever it is told to. */
    private X509Certificate certificate(IdentityUri identity) {
        return certificate(identity, Certificates.newKey());
    }

    private X509Certificate certificate(IdentityUri identity, KeyPair key) {
        Certificates.Signed authority = manager.identity.signer();
        return Certificates.issue(
                authority,
                key.getPublic(),
                new Certificates.Subject(identity, List.of()),
                clock.instant(),
                Duration.ofDays(1));
    }

    @Test
    void aCertificateMustNameANodeThatJoined() throws Exception {
        String fabric = store.fabricId().toString();
        assertThat(reason(List.of())).isEqualTo(Peer.Reason.NO_CERTIFICATE);
        assertThat(reason(List.of(certificate(new IdentityUri(fabric, NodeRole.GATEWAY, "gw1")))))
                .as("its identity is not in the store")
                .isEqualTo(Peer.Reason.NO_IDENTITY);
        assertThat(reason(List.of(certificate(new IdentityUri("other", NodeRole.GATEWAY, "gw1")))))
                .isEqualTo(Peer.Reason.WRONG_FABRIC);
        assertThat(reason(List.of(certificate(new IdentityUri(fabric, NodeRole.MANAGER, "m")))))
                .isEqualTo(Peer.Reason.WRONG_ROLE);
        assertThat(reason(List.of(manager.identity.certificate()))).isEqualTo(Peer.Reason.WRONG_ROLE);
        assertThat(reason(List.of(manager.identity.signer().certificate())))
                .as("the CA itself")
                .isIn(Peer.Reason.NO_IDENTITY, Peer.Reason.BAD_CERTIFICATE, Peer.Reason.UNKNOWN_CA);
    }

    @Test
    void aNodeIsNobodyElse() throws IOException {
        try (TestNode gw1 = joined(GW1);
                SyncClient impostor = TestNode.client(
                        directory.resolve("impostor"),
                        GW2,
                        manager.address(),
                        new NodeTransport(gw1.keeper, Duration.ofSeconds(5)))) {
            impostor.start();
            Await.until(
                    () -> "refused: " + impostor.state(),
                    () -> impostor.state()
                            .lastError()
                            .contains("identity: gateway/gw2: its certificate is that of gateway/gw1"));
            assertThat(manager.refused(Peer.Reason.OTHER_NODE)).isPositive();
            assertThat(gw1.client.state().connected()).isTrue();
        }
    }

    @Test
    void aNodeDoesNotTakeAnotherNodeForAManager() throws Exception {
        try (TestNode gw1 = joined(GW1)) {
            String fabric = store.fabricId().toString();
            X509Certificate other = certificate(new IdentityUri(fabric, NodeRole.GATEWAY, "gw2"));
            assertThat(gw1.keeper.judgeManager(List.of(other)))
                    .map(Peer.Refused::reason)
                    .contains(Peer.Reason.WRONG_ROLE);
            X509Certificate foreign = certificate(new IdentityUri("other", NodeRole.MANAGER, "m"));
            assertThat(gw1.keeper.judgeManager(List.of(foreign)))
                    .map(Peer.Refused::reason)
                    .contains(Peer.Reason.WRONG_FABRIC);
            assertThat(gw1.keeper.judgeManager(List.of(manager.identity.certificate())))
                    .isEmpty();
        }
    }

    @Test
    void whoIsRevokedIsCutOffByEveryManagerAndJoinsAgainByANewToken() throws Exception {
        try (TestManager second = new TestManager(store, directory, clock);
                TestNode node = joined(GW1)) {
            Credentials before = node.keeper.credentials().orElseThrow();
            assertThat(second.identity.revoke(NodeRole.GATEWAY, "gw1", new Origin("ann", "lost")))
                    .isPresent();
            node.awaitRefused("the identity of gateway/gw1 was revoked");
            assertThat(manager.refused(Peer.Reason.REVOKED)).isPositive();
            assertThat(reason(List.of(before.certificate()))).isEqualTo(Peer.Reason.REVOKED);
            assertThat(manager.identity.identities().getFirst().meta().changedBy())
                    .isEqualTo("ann");
            node.give(second.token(GW1));
            node.awaitConnected();
            assertThat(reason(List.of(before.certificate())))
                    .as("what was revoked stays so")
                    .isEqualTo(Peer.Reason.REVOKED);
        }
    }

    @Test
    void aClockThatJumpsCutsOffUntilItIsRight() throws IOException {
        try (TestNode node = joined(GW1)) {
            clock.jump(Duration.ofDays(91));
            manager.identity.lookAgain();
            node.awaitRefused("expired");
            clock.jump(Duration.ofDays(-91).minusHours(2));
            manager.identity.lookAgain();
            node.awaitRefused("is good from");
            clock.jump(Duration.ofHours(2));
            manager.identity.lookAgain();
            node.awaitConnected();
            assertThat(manager.refused(Peer.Reason.EXPIRED)).isPositive();
            assertThat(manager.refused(Peer.Reason.NOT_YET_VALID)).isPositive();
        }
    }

    @Test
    void aNodeWhoseClockIsWrongSaysSo() throws IOException {
        try (TestNode joined = joined(GW1)) {
            assertThat(joined.client.state().connected()).isTrue();
        }
        nodesClock.jump(Duration.ofDays(-1));
        try (TestNode node = node(GW1)) {
            node.awaitRefused("and here it is");
            nodesClock.jump(Duration.ofDays(1));
            node.awaitConnected();
        }
    }

    @Test
    void renewalsAreNotWithoutNumber() throws Exception {
        try (TestNode node = joined(GW1)) {
            Peer.Known peer = (Peer.Known) manager.identity.identify(List.of(node.certificate()));
            Optional<JoinException> refusal = Optional.empty();
            for (int i = 0; i < 20 && refusal.isEmpty(); i++) {
                try {
                    manager.identity.renew(peer, Certificates.newRequest(Certificates.newKey(), "gateway/gw1"));
                } catch (JoinException e) {
                    refusal = Optional.of(e);
                }
            }
            assertThat(refusal).map(JoinException::code).contains(JoinException.Code.TOO_MANY);
        }
    }

    @Test
    void sealedKeysOpenOnlyWhereTheyBelong() throws IOException, GeneralSecurityException {
        SealKey key = SealKey.create(directory.resolve("k1"));
        String sealed = key.seal(new byte[] {1, 2, 3}, "ca-1");
        assertThat(SealKey.read(directory.resolve("k1")).open(sealed, "ca-1")).containsExactly(1, 2, 3);
        assertThat(SealKey.create(directory.resolve("k1")).open(sealed, "ca-1")).hasSize(3);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> key.open(sealed, "ca-2"))
                .isInstanceOf(GeneralSecurityException.class);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> SealKey.create(directory.resolve("k2")).open(sealed, "ca-1"))
                .isInstanceOf(GeneralSecurityException.class);
    }
}
