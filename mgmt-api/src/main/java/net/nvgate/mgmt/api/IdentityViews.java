package net.nvgate.mgmt.api;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.identity.CertificateText;
import net.nvgate.fabric.model.CertificateAuthority;
import net.nvgate.fabric.model.JoinToken;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.model.NodeRole;

/** Identities as the API shows them. Field names are the contract's. */
final class IdentityViews {

    private IdentityViews() {}

    private static String path(NodeRole role) {
        return role.label() + "s";
    }

    record Items<T>(List<T> items) {

        Items<T> of(Class<T> type, ListQuery query) {
            return new Items<>(query.apply(type, items));
        }
    }

    enum TokenState {
        OPEN,
        USED,
        EXPIRED
    }

    /** @param token only when it was made */
    record Token(
            String kind,
            String name,
            TokenState state,
            Instant expiresAt,
            Optional<Instant> usedAt,
            String changedBy,
            long changedRevision,
            Optional<String> token) {

        static final Comparator<Token> ORDER = Comparator.comparing(Token::kind).thenComparing(Token::name);

        static Token of(JoinToken token, Optional<String> text, Instant now) {
            TokenState state = token.usedAt().isPresent()
                    ? TokenState.USED
                    : token.expiresAt().isAfter(now) ? TokenState.OPEN : TokenState.EXPIRED;
            return new Token(
                    path(token.role()),
                    token.name(),
                    state,
                    token.expiresAt(),
                    token.usedAt(),
                    token.meta().changedBy(),
                    token.changedRevision(),
                    text);
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return kind + "/" + name + " " + state;
        }
    }

    record Certificate(String serial, String authority, Instant notAfter, boolean revoked) {}

    /** @param expiresAt of its newest certificate that is good; absent if it has none */
    record Node(
            String kind,
            String name,
            NodeIdentity.State state,
            Optional<Instant> expiresAt,
            String changedBy,
            long changedRevision,
            List<Certificate> certificates) {

        static final Comparator<Node> ORDER = Comparator.comparing(Node::kind).thenComparing(Node::name);

        static Node of(NodeIdentity node, List<CertificateAuthority> authorities, Instant now) {
            List<Certificate> certificates = node.certificates().stream()
                    .filter(issued -> issued.notAfter().isAfter(now))
                    .map(issued -> new Certificate(
                            issued.serial(),
                            authorities.stream()
                                    .filter(authority -> authority.id().equals(issued.authority()))
                                    .map(CertificateAuthority::name)
                                    .findFirst()
                                    .orElse("retired"),
                            issued.notAfter(),
                            issued.revoked()))
                    .toList();
            Optional<Instant> expires = certificates.stream()
                    .filter(certificate -> !certificate.revoked())
                    .map(Certificate::notAfter)
                    .max(Comparator.naturalOrder());
            return new Node(
                    path(node.role()),
                    node.name(),
                    node.state(),
                    expires,
                    node.meta().changedBy(),
                    node.changedRevision(),
                    certificates);
        }
    }

    /** @param nodes that have a good certificate of it */
    record Authority(
            String name,
            CertificateAuthority.State state,
            String fingerprint,
            Instant notBefore,
            Instant notAfter,
            int nodes,
            long changedRevision,
            String certificate) {

        static Authority of(CertificateAuthority authority, List<NodeIdentity> identities, Instant now) {
            X509Certificate certificate = CertificateText.read(authority.certificate());
            long nodes = identities.stream()
                    .filter(node -> node.state() == NodeIdentity.State.ACTIVE)
                    .filter(node -> node.certificates().stream()
                            .anyMatch(issued -> !issued.revoked()
                                    && issued.authority().equals(authority.id())
                                    && issued.notAfter().isAfter(now)))
                    .count();
            return new Authority(
                    authority.name(),
                    authority.state(),
                    CertificateText.fingerprint(certificate),
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant(),
                    Math.toIntExact(nodes),
                    authority.changedRevision(),
                    authority.certificate());
        }
    }
}
