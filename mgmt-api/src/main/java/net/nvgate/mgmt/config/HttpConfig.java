package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import net.nvgate.fabric.config.Security;
import org.jspecify.annotations.Nullable;

/**
 * Where REST and web UI listen.
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
            @Key("where API, web UI, metrics and health listen") @Nullable String address,
            @Key("0 = any free one") @Nullable Integer port,
            @Key(value = "TLS 1.2 and 1.3, or plain HTTP", or = "`tls`; `none` if the address is a loopback address")
                    @Nullable
                    Security security,
            @Key("lets `security: none` listen on an address that others can reach") @Nullable Boolean allowPlain,
            @Key(
                            value =
                                    "PEM, own certificate, then those between it and the CA; read again within 10 s of a change. "
                                            + "Without: one of the manager's [CA](/fabric-sync/docs/identity.md) for `http.address`, "
                                            + "`http.allowed-hosts` and `identity.names`; who signs it is in `ca.pem` in the state directory",
                            or = "the manager's own")
                    @Nullable
                    Path certificateFile,
            @Key(value = "PEM, PKCS #8, not encrypted; together with `certificate-file`", or = "the manager's own")
                    @Nullable
                    Path keyFile,
            @Key("lets `auth.mode: none` listen on an address that others can reach") @Nullable
                    Boolean allowUnauthenticated,
            @Key("names that a `Host` header may have, besides `localhost` and addresses (against DNS rebinding)")
                    @Nullable
                    Set<String> allowedHosts,
            @Key(
                            "largest fabric file that `plan` and `apply` take. 100,000 VMs are 21 MiB. A file in work takes "
                                    + "some 25 MiB of heap per MiB, besides 3 KB for each VM of the fabric: for more than the default "
                                    + "give the manager more than `-Xmx1536m`. Of files larger than 8 MiB one is in work at a time")
                    @Nullable
                    Integer fileMib,
            @Key("[of one user, token or address](/mgmt-api/docs/api.md#limits); 0 = any number") @Nullable
                    Integer requestsPerSecond) {
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
