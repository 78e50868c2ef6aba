package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * How a collector and the gateway know each other. Files are PEM and are read at each connection.
 *
 * @param caFile whose certificates are believed; empty = those that this machine believes
 * @param certificateFile the gateway's chain; empty = it shows none
 * @param keyFile of the chain, PKCS #8, not encrypted
 * @param serverName that the collector's certificate must have; empty = its address
 */
public record CollectorTls(
        Optional<Path> caFile, Optional<Path> certificateFile, Optional<Path> keyFile, Optional<String> serverName) {

    public static final CollectorTls DEFAULT = of(null, null, null, null);

    @JsonCreator
    public static CollectorTls of(
            @Nullable Path caFile,
            @Nullable Path certificateFile,
            @Nullable Path keyFile,
            @Nullable String serverName) {
        if ((certificateFile == null) != (keyFile == null)) {
            throw new ConfigException("tls", "tls.certificate-file and tls.key-file go together");
        }
        return new CollectorTls(
                Optional.ofNullable(caFile),
                Optional.ofNullable(certificateFile),
                Optional.ofNullable(keyFile),
                Optional.ofNullable(serverName));
    }
}
