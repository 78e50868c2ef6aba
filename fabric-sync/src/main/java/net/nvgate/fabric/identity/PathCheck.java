package net.nvgate.fabric.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a certificate is good at a time, by the CAs one trusts (RFC 5280 section 6, the JDK's PKIX). */
final class PathCheck {

    static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    static final String SERVER = "1.3.6.1.5.5.7.3.1";

    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final int CHAIN_MAX = 8;
    private static final int PATH_MAX = 4;

    private PathCheck() {}

    /**
     * @param chain the peer's certificate first; others in any order
     * @param purpose {@link #CLIENT} or {@link #SERVER}
     * @return why not, empty if it is good
     */
    static Optional<Peer.Refused> objection(
            List<X509Certificate> chain, Collection<X509Certificate> trusted, Instant now, String purpose) {
        if (chain.isEmpty()) {
            return refused(Peer.Reason.NO_CERTIFICATE, "it shows no certificate");
        }
        X509Certificate leaf = chain.getFirst();
        if (chain.size() > CHAIN_MAX) {
            return refused(Peer.Reason.BAD_CERTIFICATE, "it shows " + chain.size() + " certificates");
        }
        try {
            if (!isSigned(chain, trusted, now)) {
                return refused(
                        Peer.Reason.UNKNOWN_CA,
                        "no trusted CA has signed its certificate, which names "
                                + leaf.getIssuerX500Principal().getName() + " as its CA");
            }
            return time(leaf, now).or(() -> purpose(leaf, purpose));
        } catch (GeneralSecurityException e) {
            return refused(Peer.Reason.BAD_CERTIFICATE, "its certificate cannot be checked: " + e.getMessage());
        }
    }

    /** As of a time within the peer's own certificate's, so that what is expired is not taken for unknown. */
    private static boolean isSigned(List<X509Certificate> chain, Collection<X509Certificate> trusted, Instant now)
            throws GeneralSecurityException {
        if (trusted.isEmpty()) {
            return false;
        }
        X509Certificate leaf = chain.getFirst();
        Instant from = leaf.getNotBefore().toInstant();
        Instant to = leaf.getNotAfter().toInstant();
        Instant at = now.isBefore(from) ? from : now.isAfter(to) ? to : now;
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(leaf);
        Set<TrustAnchor> anchors =
                trusted.stream().map(ca -> new TrustAnchor(ca, null)).collect(Collectors.toSet());
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
        parameters.setRevocationEnabled(false);
        parameters.setMaxPathLength(PATH_MAX);
        parameters.setDate(Date.from(at));
        try {
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return true;
        } catch (CertPathBuilderException e) {
            return false;
        }
    }

    private static Optional<Peer.Refused> time(X509Certificate leaf, Instant now) {
        Instant from = leaf.getNotBefore().toInstant();
        Instant to = leaf.getNotAfter().toInstant();
        if (now.isBefore(from)) {
            return refused(
                    Peer.Reason.NOT_YET_VALID, "its certificate is good from " + from + " on, and here it is " + now);
        }
        return now.isAfter(to)
                ? refused(Peer.Reason.EXPIRED, "its certificate expired at " + to + ", and here it is " + now)
                : Optional.empty();
    }

    private static Optional<Peer.Refused> purpose(X509Certificate leaf, String purpose) {
        List<String> purposes;
        try {
            purposes = leaf.getExtendedKeyUsage();
        } catch (GeneralSecurityException e) {
            return refused(Peer.Reason.BAD_CERTIFICATE, "its extended key usage cannot be read");
        }
        return purposes == null || purposes.contains(purpose) || purposes.contains(ANY_PURPOSE)
                ? Optional.empty()
                : refused(
                        Peer.Reason.WRONG_ROLE,
                        "its certificate is not for a " + (purpose.equals(CLIENT) ? "client" : "server"));
    }

    static Optional<Peer.Refused> refused(Peer.Reason reason, String text) {
        return Optional.of(new Peer.Refused(reason, text));
    }
}
