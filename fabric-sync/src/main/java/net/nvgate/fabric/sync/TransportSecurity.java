package net.nvgate.fabric.sync;

import io.netty.channel.Channel;
import java.util.Optional;
import net.nvgate.fabric.policy.NodeId;

/**
 * The one place where encryption and identity of peers enter the stream. Plain TCP by default; mutual TLS is an
 * implementation that puts an {@code SslHandler} first in the pipeline and reads the peer's certificate.
 */
public interface TransportSecurity {

    /**
     * Called when a connection's pipeline is built, before any handler of the stream is in it. What is written before a
     * handshake ends must be kept and sent after it, as {@code SslHandler} does.
     */
    void install(Channel channel);

    /**
     * Asked by the server when a peer says who it is.
     *
     * @return why the peer must not be {@code node}, empty if it may
     */
    Optional<String> objection(Channel channel, NodeId node);

    /**
     * Asked by a follower before it connects.
     *
     * @return why it cannot connect yet, empty if it can
     */
    default Optional<String> notReady() {
        return Optional.empty();
    }

    /** Plain TCP; everybody is believed. For loopback and closed management networks. */
    static TransportSecurity none() {
        return new TransportSecurity() {
            @Override
            public void install(Channel channel) {
                // Bytes go as they are.
            }

            @Override
            public Optional<String> objection(Channel channel, NodeId node) {
                return Optional.empty();
            }
        };
    }
}
