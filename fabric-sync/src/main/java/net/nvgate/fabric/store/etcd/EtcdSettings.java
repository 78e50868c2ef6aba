package net.nvgate.fabric.store.etcd;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to reach the cluster.
 *
 * @param endpoints client URLs of members, {@code http://} or {@code https://}; one is used at a time
 * @param prefix of all keys of this fabric, ends with a slash
 * @param login empty: the cluster asks for none
 * @param tls empty: the JDK's defaults, if endpoints are {@code https://}
 * @param patience how long a change waits for the cluster to confirm it
 */
public record EtcdSettings(
        List<URI> endpoints, String prefix, Optional<Login> login, Optional<Tls> tls, Duration patience) {

    public static final String PREFIX_DEFAULT = "/nvgate/";
    public static final Duration PATIENCE_DEFAULT = Duration.ofSeconds(10);

    public EtcdSettings {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("an etcd cluster has one endpoint at least");
        }
        for (URI endpoint : endpoints) {
            if (!List.of("http", "https").contains(String.valueOf(endpoint.getScheme())) || endpoint.getPort() < 1) {
                throw new IllegalArgumentException(
                        "an endpoint is http://HOST:PORT or https://HOST:PORT, not '" + endpoint + "'");
            }
        }
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException("the prefix of the keys ends with '/': '" + prefix + "'");
        }
    }

    /** Plain HTTP, no login. */
    public static EtcdSettings of(List<URI> endpoints) {
        return new EtcdSettings(endpoints, PREFIX_DEFAULT, Optional.empty(), Optional.empty(), PATIENCE_DEFAULT);
    }

    /** @param password never logged */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }

    /**
     * PEM files.
     *
     * @param ca who signed the members' certificates
     * @param own certificate and PKCS#8 key of this client, if members ask for one
     */
    public record Tls(Optional<Path> ca, Optional<Own> own) {

        public record Own(Path certificate, Path key) {}
    }
}
