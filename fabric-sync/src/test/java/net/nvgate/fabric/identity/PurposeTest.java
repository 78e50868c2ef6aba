package net.nvgate.fabric.identity;

import static net.nvgate.fabric.identity.TestManager.GW1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;

/** Managers' certificates are good for servers alone, nodes' for clients alone, and both sides look. */
final class PurposeTest extends IdentityFixture {

    /** By the fabric's CA, with names and purposes of somebody's choice: as managers before gave them, or would by mistake. */
    private X509Certificate certificate(String uri, KeyPurposeId... purposes) {
        return new OutsideAuthority(manager.identity.signer())
                .issue(Certificates.newKey().getPublic(), List.of(OutsideAuthority.uri(uri)), purposes);
    }

    private String uri(String who) {
        return "nvgate://" + store.fabricId() + "/" + who;
    }

    @Test
    void certificatesSayWhatTheyAreFor() throws Exception {
        try (TestNode gw1 = joined(GW1)) {
            assertThat(gw1.certificate().getExtendedKeyUsage()).containsExactly(PathCheck.CLIENT);
            assertThat(manager.identity.certificate().getExtendedKeyUsage()).containsExactly(PathCheck.SERVER);
        }
    }

    /** A browser, say, or whoever else trusts the fabric's CA: the JDK's own rules. */
    @Test
    void nobodyTakesANodeForAServer() throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", manager.identity.signer().certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        X509TrustManager anybody = (X509TrustManager) factory.getTrustManagers()[0];
        anybody.checkServerTrusted(new X509Certificate[] {manager.identity.certificate()}, "ECDHE_ECDSA");
        try (TestNode gw1 = joined(GW1)) {
            X509Certificate[] chain = {gw1.certificate()};
            anybody.checkClientTrusted(chain, "EC");
            assertThatThrownBy(() -> anybody.checkServerTrusted(chain, "ECDHE_ECDSA"))
                    .isInstanceOf(CertificateException.class)
                    .hasMessageContaining("Extended key usage");
        }
    }

    @Test
    void bothSidesLookAtThePurposeAndAtTheRole() throws Exception {
        try (TestNode gw1 = joined(GW1)) {
            assertThat(judge(gw1, gw1.certificate())).contains("its certificate is not for a server");
            assertThat(judge(
                            gw1,
                            certificate(
                                    uri("gateway/gw2"), KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth)))
                    .as("a gateway's of a manager that gave both")
                    .contains("who answers is no manager, but gateway/gw2");
            assertThat(judge(gw1, certificate(uri("manager/m"), KeyPurposeId.id_kp_clientAuth)))
                    .contains("its certificate is not for a server");
            assertThat(manager.identity.identify(
                            List.of(certificate(uri("gateway/gw1"), KeyPurposeId.id_kp_serverAuth))))
                    .isEqualTo(new Peer.Refused(Peer.Reason.WRONG_ROLE, "its certificate is not for a client"));
            assertThat(manager.identity.identify(List.of(certificate(
                            uri("gateway/gw1"), KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth))))
                    .as("a node that joined before goes on until it renews")
                    .isInstanceOf(Peer.Known.class);
        }
    }

    private static Optional<String> judge(TestNode node, X509Certificate certificate) {
        return node.keeper.judgeManager(List.of(certificate)).map(Peer.Refused::text);
    }

    @Test
    void anOutsideCaServesOthersToo() throws Exception {
        OutsideAuthority outside = OutsideAuthority.create();
        KeyPair key = Certificates.newKey();
        X509Certificate own = outside.issue(
                key.getPublic(),
                List.of(OutsideAuthority.uri("nvgate://fabric-1/gateway/gw1")),
                KeyPurposeId.id_kp_clientAuth);
        PrivateFiles.write(
                directory.resolve("own.key"),
                Pem.write(Pem.KEY, key.getPrivate().getEncoded()));
        PrivateFiles.write(directory.resolve("own.pem"), Pem.write(List.of(own)));
        PrivateFiles.write(directory.resolve("ca.pem"), Pem.write(List.of(outside.signed.certificate())));
        OutsideSettings settings = new OutsideSettings(
                directory.resolve("own.pem"),
                directory.resolve("own.key"),
                directory.resolve("ca.pem"),
                Optional.empty(),
                NodeNames.BY_URI);
        try (NodeOutsideIdentity node = new NodeOutsideIdentity(
                settings,
                List.of(new Address("10.0.0.1", 7250)),
                Duration.ofSeconds(1),
                Clock.systemUTC(),
                new SimpleMeterRegistry())) {
            assertThat(judge(node, outside, "nvgate://fabric-1/manager/m")).isEmpty();
            assertThat(judge(node, outside, "nvgate://fabric-2/manager/m"))
                    .contains("the manager is of fabric fabric-2, this node of fabric-1");
            assertThat(judge(node, outside, "nvgate://fabric-1/gateway/gw2"))
                    .as("although it names the manager's address")
                    .contains("who answers is no manager, but gateway/gw2");
            assertThat(judge(node, outside, "")).as("by its address alone").isEmpty();
        }
    }

    private static Optional<String> judge(NodeOutsideIdentity node, OutsideAuthority outside, String uri) {
        List<GeneralName> names = new ArrayList<>(List.of(OutsideAuthority.host("10.0.0.1")));
        if (!uri.isEmpty()) {
            names.add(OutsideAuthority.uri(uri));
        }
        X509Certificate certificate =
                outside.issue(Certificates.newKey().getPublic(), names, KeyPurposeId.id_kp_serverAuth);
        return node.judgeManager(List.of(certificate)).map(Peer.Refused::text);
    }
}
