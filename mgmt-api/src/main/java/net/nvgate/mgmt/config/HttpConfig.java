package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Security;
import org.jspecify.annotations.Nullable;

/**
 * Where REST and web UI listen.
 *
 * @param port 0 = any free one
 * @param security default: TLS, but plain HTTP on loopback addresses
 * @param allowPlain permits {@code security: none} on an address that others can reach
 * @param certificateFile PEM, own certificate, then those between it and the CA, read again when it changes; absent = the
 *     manager's own, which its CA has signed
 * @param keyFile PEM, PKCS #8, not encrypted
 * @param allowUnauthenticated permits an address that others can reach although nobody is asked who he is
 * @param allowedHosts names besides localhost under which people reach the manager
 * @param fileMib largest fabric file that is taken, MiB
 * @param requestsPerSecond of one user, token or address; 0 = any number
 */
public record HttpConfig(
        String address,
        int port,
        Security security,
        boolean allowPlain,
        Optional<Path> certificateFile,
        Optional<Path> keyFile,
        boolean allowUnauthenticated,
        Set<String> allowedHosts,
        int fileMib,
        int requestsPerSecond) {

    public static final int REQUESTS_PER_SECOND_DEFAULT = 1000;

    public static final int FILE_MIB_DEFAULT = 24;

    public HttpConfig {
        Defaults.range("http.port", port, 0, 65_535);
        Defaults.range("http.file-mib", fileMib, 1, 256);
        Defaults.range("http.requests-per-second", requestsPerSecond, 0, 1_000_000);
        Addresses.isLoopback("http.address", address);
        security.requireAllowed("http", address, allowPlain);
        if (certificateFile.isPresent() != keyFile.isPresent()) {
            throw new ConfigException(
                    certificateFile.isPresent() ? "http.certificate-file" : "http.key-file",
                    "http.certificate-file and http.key-file go together");
        }
        if (security == Security.NONE && certificateFile.isPresent()) {
            throw new ConfigException(
                    "http.certificate-file",
                    "http.certificate-file is for TLS: set http.security: tls too, or leave it out");
        }
        allowedHosts = Set.copyOf(allowedHosts);
    }

    public static HttpConfig of(
            @Nullable String address,
            @Nullable Integer port,
            @Nullable Security security,
            @Nullable Boolean allowPlain,
            @Nullable Path certificateFile,
            @Nullable Path keyFile,
            @Nullable Boolean allowUnauthenticated,
            @Nullable Set<String> allowedHosts,
            @Nullable Integer fileMib) {
        return of(
                address,
                port,
                security,
                allowPlain,
                certificateFile,
                keyFile,
                allowUnauthenticated,
                allowedHosts,
                fileMib,
                null);
    }

    @JsonCreator
    public static HttpConfig of(
            @Nullable String address,
            @Nullable Integer port,
            @Nullable Security security,
            @Nullable Boolean allowPlain,
            @Nullable Path certificateFile,
            @Nullable Path keyFile,
            @Nullable Boolean allowUnauthenticated,
            @Nullable Set<String> allowedHosts,
            @Nullable Integer fileMib,
            @Nullable Integer requestsPerSecond) {
        String where = Defaults.or(address, "127.0.0.1");
        boolean local = Addresses.isLoopback("http.address", where);
        return new HttpConfig(
                where,
                Defaults.or(port, 8080),
                Defaults.or(security, local ? Security.NONE : Security.TLS),
                Boolean.TRUE.equals(allowPlain),
                Optional.ofNullable(certificateFile),
                Optional.ofNullable(keyFile),
                Boolean.TRUE.equals(allowUnauthenticated),
                Defaults.or(allowedHosts, Set.of()),
                Defaults.or(fileMib, FILE_MIB_DEFAULT),
                Defaults.or(requestsPerSecond, REQUESTS_PER_SECOND_DEFAULT));
    }

    /** Plain HTTP for processes of this machine. */
    public static HttpConfig local(int port, Set<String> allowedHosts) {
        return of(null, port, null, null, null, null, null, allowedHosts, null);
    }

    public boolean tls() {
        return security == Security.TLS;
    }

    /** True if only processes of this machine reach it. */
    public boolean loopback() {
        return Addresses.isLoopback("http.address", address);
    }
}
