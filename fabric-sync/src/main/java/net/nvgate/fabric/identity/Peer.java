package net.nvgate.fabric.identity;

import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.policy.NodeId;

/** What a peer's certificate says, once it has been judged. */
public sealed interface Peer {

    /**
     * The certificate is good.
     *
     * @param name of the gateway or host object, or of the manager
     */
    record Known(NodeRole role, String name, X509Certificate certificate) implements Peer {

        /** The follower it may speak for; empty for a manager. */
        public Optional<NodeId> node() {
            return switch (role) {
                case MANAGER -> Optional.empty();
                case GATEWAY -> Optional.of(new NodeId(NodeId.Kind.GATEWAY, name));
                case HOST -> Optional.of(new NodeId(NodeId.Kind.HOST, name));
            };
        }

        @Override
        public String toString() {
            return role.label() + "/" + name;
        }
    }

    /** @param text one line for people, on both sides */
    record Refused(Reason reason, String text) implements Peer {}

    /** Why a peer is refused; a bounded set, the label of a metric. */
    enum Reason {
        /** It speaks something else than TLS. */
        PLAINTEXT,
        /** The handshake failed: versions, ciphers, garbage, or the peer refused us. */
        HANDSHAKE,
        NO_CERTIFICATE,
        /** Signed by nobody we trust, or not rightly. */
        UNKNOWN_CA,
        EXPIRED,
        NOT_YET_VALID,
        REVOKED,
        /** Of another fabric. */
        WRONG_FABRIC,
        /** Good for something else: a manager where a node is expected, or the other way round. */
        WRONG_ROLE,
        /** Names no part of nvgate. */
        NO_IDENTITY,
        /** Claims to be another node than its certificate says. */
        OTHER_NODE,
        /** Anything else that is wrong with the certificate. */
        BAD_CERTIFICATE;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
