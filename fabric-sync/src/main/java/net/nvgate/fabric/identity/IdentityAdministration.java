package net.nvgate.fabric.identity;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.CertificateAuthority;
import net.nvgate.fabric.model.JoinToken;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.store.BookChange;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.Origin;

/** What people do about identities. Methods block; thread-safe. Changes are marked as
 * their origin's doing, can be tried by a dry run, and refused with a {@link net.nvgate.fabric.store.VersionException}. */
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
    BookChange<NewToken> createToken(NodeRole role, String name, Duration life, BookRequest request);

    /** As asked for by a program of ours. */
    default NewToken createToken(NodeRole role, String name, Duration life, Origin origin) {
        return createToken(role, name, life, BookRequest.of(origin)).result();
    }

    /** @return false if the node has no token */
    BookChange<Boolean> deleteToken(NodeRole role, String name, BookRequest request);

    /**
     * The node gets nothing from now on, from any manager; open connections end. A new token lets it join again.
     *
     * @return empty if the node never joined
     */
    BookChange<Optional<NodeIdentity>> revoke(NodeRole role, String name, BookRequest request);

    /** Whatever the version of the identity is. */
    default Optional<NodeIdentity> revoke(NodeRole role, String name, Origin origin) {
        return revoke(role, name, BookRequest.of(origin)).result();
    }

    List<NodeIdentity> identities();

    List<JoinToken> tokens();

    /** The issuing one first. */
    List<CertificateAuthority> authorities();

    /**
     * A new CA signs from now on.
     *
     * @throws IllegalStateException if that is not possible now
     */
    BookChange<CertificateAuthority> rotate(BookRequest request);

    /** As asked for by a program of ours. */
    default CertificateAuthority rotate(Origin origin) {
        return rotate(BookRequest.of(origin)).result();
    }

    /**
     * An old CA is trusted no more, whoever still needs it.
     *
     * @return false if there is no old CA of this name
     */
    BookChange<Boolean> retire(String authority, BookRequest request);

    @Override
    void close();
}
