package net.nvgate.fabric.identity;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.CertificateAuthority;
import net.nvgate.fabric.model.JoinToken;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.store.Origin;

/** What people do about identities. Methods block; thread-safe; changes are marked as their origin's doing. */
public interface IdentityAdministration extends AutoCloseable {

    /** Used and expired tokens are kept for so long, so that a node can be told what is wrong with its token. */
    Duration TOKEN_KEPT = Duration.ofDays(1);

    /** @param text shown once */
    record NewToken(JoinToken token, String text) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "join token of " + token.role().label() + "/" + token.name();
        }
    }

    /**
     * A token for one node, which takes the place of the one that the node had.
     *
     * @throws IllegalArgumentException for a manager
     * @throws IllegalStateException if there are too many, or an outside CA gives certificates
     */
    NewToken createToken(NodeRole role, String name, Duration life, Origin origin);

    /** @return false if the node has no token */
    boolean deleteToken(NodeRole role, String name, Origin origin);

    /**
     * The node gets nothing from now on, from any manager; open connections end. A new token lets it join again.
     *
     * @return empty if the node never joined
     */
    Optional<NodeIdentity> revoke(NodeRole role, String name, Origin origin);

    List<NodeIdentity> identities();

    List<JoinToken> tokens();

    /** The issuing one first. */
    List<CertificateAuthority> authorities();

    /**
     * A new CA signs from now on.
     *
     * @throws IllegalStateException if that is not possible now
     */
    CertificateAuthority rotate(Origin origin);

    /**
     * An old CA is trusted no more, whoever still needs it.
     *
     * @return false if there is no old CA of this name
     */
    boolean retire(String authority, Origin origin);

    @Override
    void close();
}
