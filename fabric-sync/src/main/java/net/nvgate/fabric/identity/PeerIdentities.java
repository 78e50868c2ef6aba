package net.nvgate.fabric.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A manager's TLS identity and its judgement of others, for whatever it listens with.
 *
 * <p>The handshake itself accepts any certificate whose key the peer has, so that the peer can be told why it is refused;
 * a server asks for a certificate ({@code wantClientAuth}) and calls {@link #identify} before it reads what the peer says.
 */
public interface PeerIdentities {

    /** One context for good: what certificates it shows follows renewals, without a gap. TLS 1.3 only. */
    SSLContext serverContext();

    /** The certificates of {@link #serverContext}, for servers whose clients show none. */
    X509ExtendedKeyManager serverKeys();

    /**
     * Who the peer is, now: call it again for a connection that stays open.
     *
     * @param chain the peer's certificates, its own first; empty if it showed none
     */
    Peer identify(List<X509Certificate> chain);

    /**
     * Calls back, from a thread of the identity's own, whenever a peer that was known may not be so any more.
     *
     * @return ends it
     */
    Subscription onChange(Runnable listener);
}
