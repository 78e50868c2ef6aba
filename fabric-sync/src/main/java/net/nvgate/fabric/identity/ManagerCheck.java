package net.nvgate.fabric.identity;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.NodeRole;

/** Whether who answers is a manager. */
final class ManagerCheck {

    private ManagerCheck() {}

    /** @param fabricId of the node's own certificate; empty = not known */
    static Optional<Peer.Refused> objection(
            List<X509Certificate> chain, List<X509Certificate> trusted, Instant now, Optional<String> fabricId) {
        return PathCheck.objection(chain, trusted, now, PathCheck.SERVER).or(() -> role(chain.getFirst(), fabricId));
    }

    /** @param fabricId of the node's own certificate; empty = not known */
    static Optional<Peer.Refused> role(X509Certificate certificate, Optional<String> fabricId) {
        Optional<IdentityUri> uri = IdentityUri.of(certificate);
        if (uri.isEmpty()) {
            return PathCheck.refused(Peer.Reason.NO_IDENTITY, "the manager's certificate names no manager");
        }
        if (uri.get().role() != NodeRole.MANAGER) {
            return PathCheck.refused(
                    Peer.Reason.WRONG_ROLE,
                    "who answers is no manager, but " + uri.get().role().label() + "/"
                            + uri.get().name());
        }
        return fabricId.isEmpty() || fabricId.get().equals(uri.get().fabricId())
                ? Optional.empty()
                : PathCheck.refused(
                        Peer.Reason.WRONG_FABRIC,
                        "the manager is of fabric " + uri.get().fabricId() + ", this node of " + fabricId.get());
    }

    /** At first contact: the CA is known by its hash in the token. */
    static Optional<Peer.Refused> pinned(List<X509Certificate> chain, Token token, Instant now) {
        List<X509Certificate> pinned = chain.stream().filter(token::pins).toList();
        return pinned.isEmpty()
                ? PathCheck.refused(
                        Peer.Reason.UNKNOWN_CA,
                        "who answers is not the manager that made the join token, or its CA has changed since")
                : objection(chain, pinned, now, Optional.empty());
    }
}
