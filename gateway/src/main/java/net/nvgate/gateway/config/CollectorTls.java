package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Key;
import org.jspecify.annotations.Nullable;

/**
 * How a collector and the gateway know each other. Files are PEM and are read at each connection.
 */
public record CollectorTls(
        Optional<Path> caFile, Optional<Path> certificateFile, Optional<Path> keyFile, Optional<String> serverName) {

    public static final CollectorTls DEFAULT = of(null, null, null, null);

    @JsonCreator
    public static CollectorTls of(
            @Key(
                            value = "PEM; whose certificates are believed. All files are read at each connection",
                            or = "the machine's authorities")
                    @Nullable
                    Path caFile,
            @Key("PEM; the chain that the gateway shows, together with `key-file`") @Nullable Path certificateFile,
            @Key("PEM, PKCS #8, not encrypted") @Nullable Path keyFile,
            @Key(value = "the name that the collector's certificate must have", or = "its address") @Nullable
                    String serverName) {
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
