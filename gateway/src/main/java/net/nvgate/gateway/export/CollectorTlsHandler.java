package net.nvgate.gateway.export;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLException;
import net.nvgate.gateway.config.CollectorSettings;
import net.nvgate.gateway.config.CollectorTls;

/** TLS 1.2 or 1.3 to a collector, whose certificate must have the name it is asked for (RFC 5425 section 5, RFC 7011 section 11.3). */
final class CollectorTlsHandler {

    private CollectorTlsHandler() {}

    /** @throws SSLException if a file is not what it should be */
    static SslHandler make(CollectorSettings settings, ByteBufAllocator allocator) throws SSLException {
        CollectorTls tls = settings.tls();
        SslContextBuilder builder =
                SslContextBuilder.forClient().protocols("TLSv1.3", "TLSv1.2").endpointIdentificationAlgorithm("HTTPS");
        try {
            tls.caFile().ifPresent(file -> builder.trustManager(file.toFile()));
            tls.certificateFile()
                    .ifPresent(chain -> builder.keyManager(
                            chain.toFile(), tls.keyFile().orElseThrow().toFile()));
        } catch (IllegalArgumentException e) {
            throw new SSLException(e.getMessage(), e);
        }
        String name = tls.serverName().orElse(settings.address());
        return builder.build().newHandler(allocator, name, settings.port());
    }
}
