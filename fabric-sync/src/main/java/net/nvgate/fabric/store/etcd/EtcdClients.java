package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import net.nvgate.fabric.store.StoreException;

/** Makes clients of one member. */
final class EtcdClients {

    /** How long a member may take for one answer; an election takes one to two seconds. */
    static final long ANSWER_MILLIS_MAX = 2_500;

    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
    // Members refuse clients that ask more often than every five seconds (--grpc-keepalive-min-time).
    private static final Duration KEEPALIVE_EVERY = Duration.ofSeconds(6);
    private static final Duration KEEPALIVE_ANSWER_MAX = Duration.ofSeconds(2);
    private static final int ANSWER_BYTES_MAX = 128 << 20;

    /**
     * gRPC tells past this program's log what native transports it has found, and what jetcd still tried on a client that
     * was closed. Held, as loggers are weakly kept.
     */
    private static final Logger GRPC_LOG = Logger.getLogger("io.grpc");

    static {
        GRPC_LOG.setLevel(Level.SEVERE);
    }

    private EtcdClients() {}

    static Client connect(EtcdSettings settings, URI endpoint) {
        ClientBuilder builder = Client.builder()
                .endpoints(endpoint)
                .waitForReady(false)
                .retryMaxAttempts(0)
                .connectTimeout(CONNECT_MAX)
                .keepaliveTime(KEEPALIVE_EVERY)
                .keepaliveTimeout(KEEPALIVE_ANSWER_MAX)
                .keepaliveWithoutCalls(true)
                .maxInboundMessageSize(ANSWER_BYTES_MAX)
                .interceptor(new AnswerDeadline());
        settings.login().ifPresent(login -> builder.user(bytes(login.user())).password(bytes(login.password())));
        try {
            if ("https".equals(endpoint.getScheme())) {
                builder.sslContext(context -> trust(context, settings));
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new StoreException("cannot use the TLS files for etcd: " + e.getMessage(), e);
        }
    }

    private static void trust(SslContextBuilder context, EtcdSettings settings) {
        settings.tls().ifPresent(tls -> {
            tls.ca().ifPresent(ca -> context.trustManager(ca.toFile()));
            tls.own()
                    .ifPresent(own -> context.keyManager(
                            own.certificate().toFile(), own.key().toFile()));
        });
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    /** So that a call to a member that is silent ends; streams have none. */
    private static final class AnswerDeadline implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(
                MethodDescriptor<Q, A> method, CallOptions options, Channel channel) {
            boolean unary = method.getType() == MethodDescriptor.MethodType.UNARY;
            return channel.newCall(
                    method, unary ? options.withDeadlineAfter(ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS) : options);
        }
    }
}
