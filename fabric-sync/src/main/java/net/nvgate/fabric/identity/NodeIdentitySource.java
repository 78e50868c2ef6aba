package net.nvgate.fabric.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** A node's identity, wherever it comes from. Thread-safe. */
sealed interface NodeIdentitySource extends AutoCloseable permits NodeIdentityKeeper, NodeOutsideIdentity {

    Optional<Credentials> credentials();

    /** Why there is no identity, empty if there is one. */
    Optional<String> missing();

    /** Why somebody with these certificates is no manager of ours, empty if he is. */
    Optional<Peer.Refused> judgeManager(List<X509Certificate> chain);

    /** Told when there are other credentials, or other CAs. */
    Subscription onChange(Runnable listener);

    @Override
    void close();
}
