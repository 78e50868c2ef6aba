package net.nvgate.fabric.identity;

import static net.nvgate.fabric.identity.TestManager.GW1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.etcd.EtcdExtension;
import net.nvgate.fabric.store.etcd.EtcdSettings;
import net.nvgate.fabric.store.etcd.EtcdStore;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two managers, each with its own connection to a real etcd, and a gateway that only knows the first one. */
@Timeout(240)
final class EtcdIdentityTest {

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    @TempDir
    private Path directory;

    @Test
    void tokensCasAndRevocationsOfOneManagerAreTheOthers() throws Exception {
        EtcdSettings settings = ETCD.settings();
        Clock clock = Clock.systemUTC();
        try (FabricStore firstStore = EtcdStore.open(settings);
                FabricStore secondStore = EtcdStore.open(settings);
                TestManager first = new TestManager(firstStore, directory, clock);
                TestManager second = new TestManager(secondStore, directory, clock);
                TestNode gw1 = new TestNode(directory.resolve("gw1"), GW1, first.address(), clock)) {
            assertThat(second.identity.signer().certificate())
                    .isEqualTo(first.identity.signer().certificate());
            gw1.give(second.token(GW1));
            gw1.awaitConnected();

            second.identity.rotate(Origin.SYSTEM);
            Await.until(
                    () -> "a certificate of the new CA, by the first manager: " + gw1.certificate(),
                    () -> gw1.certificate()
                            .getIssuerX500Principal()
                            .equals(second.identity.signer().certificate().getSubjectX500Principal()));
            assertThat(first.identity.signer().certificate())
                    .isEqualTo(second.identity.signer().certificate());
            gw1.awaitConnected();
            Credentials before = gw1.keeper.credentials().orElseThrow();
            Await.until(
                    () -> "the second manager knows the node",
                    () -> second.identity.identify(before.chain()) instanceof Peer.Known);

            assertThat(second.identity.revoke(NodeRole.GATEWAY, "gw1", new Origin("ann", "lost")))
                    .isPresent();
            gw1.awaitRefused("the identity of gateway/gw1 was revoked");
            assertThat(first.refused(Peer.Reason.REVOKED)).isPositive();
            assertThat(List.of(first.identity.identify(before.chain()), second.identity.identify(before.chain())))
                    .allSatisfy(
                            peer -> assertThat(((Peer.Refused) peer).reason()).isEqualTo(Peer.Reason.REVOKED));
        }
    }

    /** Whoever calls the API of one manager may start a node that asks another one, within less than a watch takes. */
    @Test
    void whatOneManagerHasJustMadeTheOtherKnowsWhenAsked() throws Exception {
        EtcdSettings settings = ETCD.settings();
        Clock clock = Clock.systemUTC();
        try (FabricStore firstStore = EtcdStore.open(settings);
                FabricStore secondStore = EtcdStore.open(settings);
                TestManager first = new TestManager(firstStore, directory, clock);
                TestManager second = new TestManager(secondStore, directory, clock)) {
            for (int i = 0; i < 20; i++) {
                String name = "host-" + i;
                String token = second.identity
                        .createToken(NodeRole.HOST, name, Duration.ofHours(1), Origin.SYSTEM)
                        .text();
                String request = Certificates.newRequest(Certificates.newKey(), "host/" + name);
                assertThat(first.identity.join(token, request)).contains("BEGIN CERTIFICATE");
                assertThat(second.identity.revoke(NodeRole.HOST, name, Origin.SYSTEM))
                        .as(name)
                        .isPresent();
            }
        }
    }
}
