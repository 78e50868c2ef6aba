package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import org.jspecify.annotations.Nullable;

/**
 * Where traces go, by OTLP over HTTP (protobuf).
 */
public record TelemetryConfig(
        URI endpoint, Optional<Path> headersFile, Optional<Path> caFile, String serviceName, double readsPercent) {

    public TelemetryConfig {
        String scheme = String.valueOf(endpoint.getScheme());
        if (!(scheme.equals("http") || scheme.equals("https")) || endpoint.getHost() == null) {
            throw new ConfigException(
                    "telemetry.endpoint",
                    "telemetry.endpoint must be a URL with http or https, as http://127.0.0.1:4318/v1/traces, not '"
                            + endpoint + "'");
        }
        if (!(readsPercent >= 0 && readsPercent <= 100)) {
            throw new ConfigException(
                    "telemetry.reads-percent", "telemetry.reads-percent must be 0..100, not " + readsPercent);
        }
    }

    @JsonCreator
    public static TelemetryConfig of(
            @Key("the whole URL of the collector, `http` or `https`, mostly `http://HOST:4318/v1/traces`") @Nullable
                    URI endpoint,
            @Key("lines `NAME: VALUE` for each request to the collector, a token say; read at the start") @Nullable
                    Path headersFile,
            @Key(value = "PEM, who signed the collector's certificate", or = "the JDK's") @Nullable Path caFile,
            @Key("`service.name` of the traces; `service.instance.id` is the manager's name") @Nullable
                    String serviceName,
            @Key("of requests that only look, how many are traced; those that the caller traces always are") @Nullable
                    Double readsPercent) {
        if (endpoint == null) {
            throw new ConfigException(
                    "telemetry.endpoint",
                    "telemetry.endpoint is required: where traces go; without telemetry there are none");
        }
        return new TelemetryConfig(
                endpoint,
                Optional.ofNullable(headersFile),
                Optional.ofNullable(caFile),
                Defaults.or(serviceName, "nvgate-manager"),
                Defaults.or(readsPercent, 0.0));
    }
}
