package net.nvgate.fabric.identity;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.EOFException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a handshake that failed means, in words. */
final class TlsFaults {

    private static final int CAUSES_MAX = 10;
    private static final String ALERT = "Received fatal alert: ";

    private TlsFaults() {}

    /** @param peer "the manager" or "it" */
    static Peer.Refused explain(Throwable fault, String peer) {
        Throwable cause = fault;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++, cause = cause.getCause()) {
            Optional<Peer.Refused> known = known(cause, peer);
            if (known.isPresent()) {
                return known.get();
            }
        }
        return new Peer.Refused(Peer.Reason.HANDSHAKE, "the TLS handshake failed: " + innermost(fault));
    }

    private static Optional<Peer.Refused> known(Throwable cause, String peer) {
        if (cause instanceof Tls.RefusedException refused) {
            return Optional.of(refused.refused());
        }
        if (cause instanceof NotSslRecordException) {
            return PathCheck.refused(
                    Peer.Reason.PLAINTEXT, peer + " does not speak TLS; is security: none set on one side only?");
        }
        if (cause instanceof SslHandshakeTimeoutException) {
            return PathCheck.refused(Peer.Reason.HANDSHAKE, "the TLS handshake took too long");
        }
        if (cause instanceof ClosedChannelException || cause instanceof EOFException) {
            return PathCheck.refused(Peer.Reason.HANDSHAKE, peer + " ended the connection in the TLS handshake");
        }
        String message = String.valueOf(cause.getMessage());
        int alert = message.indexOf(ALERT);
        return alert >= 0
                ? PathCheck.refused(
                        Peer.Reason.HANDSHAKE,
                        peer + " ended the TLS handshake: alert " + message.substring(alert + ALERT.length()))
                : Optional.empty();
    }

    private static String innermost(Throwable fault) {
        Throwable cause = fault;
        @Nullable Throwable deeper = fault.getCause();
        for (int depth = 0; deeper != null && depth < CAUSES_MAX; depth++) {
            cause = deeper;
            deeper = deeper.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
