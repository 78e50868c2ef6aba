package net.nvgate.fabric.identity;

/** Gives nodes their certificates. Methods block; thread-safe. */
public interface JoinService {

    /**
     * A node's first certificate, or a new one for a node that was revoked.
     *
     * @param token as {@code POST /api/v1/join-tokens} showed it; good once, for one node
     * @param csrPem PKCS #10 (RFC 2986) request of the node's key, PEM
     * @return the node's certificate and those that sign it, up to the CA's, PEM
     * @throws JoinException if the token or the request is not good
     */
    String join(String token, String csrPem) throws JoinException;

    /**
     * The next certificate of a node that has one.
     *
     * @param peer as {@link PeerIdentities#identify} has just found it
     * @return as {@link #join}
     * @throws JoinException if the request is not good
     */
    String renew(Peer.Known peer, String csrPem) throws JoinException;

    /** The CAs that sign managers' certificates now, PEM. While a CA is exchanged these are two. */
    String trusted();
}
