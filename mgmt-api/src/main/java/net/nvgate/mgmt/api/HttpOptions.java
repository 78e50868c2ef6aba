package net.nvgate.mgmt.api;

import java.util.Optional;
import java.util.Set;
import javax.net.ssl.X509KeyManager;

/**
 * Where and for whom the API listens.
 *
 * @param port 0 = any free one
 * @param keys what it shows by TLS, for every connection anew; absent = plain HTTP
 * @param allowedHosts names besides localhost that a Host header may have
 * @param fileBytes largest fabric file that is taken
 * @param requestsPerSecond of one user or token at most; 0 = any number
 * @param ui serve the web UI at /
 */
public record HttpOptions(
        String address,
        int port,
        Optional<X509KeyManager> keys,
        Set<String> allowedHosts,
        int fileBytes,
        int requestsPerSecond,
        boolean ui) {

    public HttpOptions {
        allowedHosts = Set.copyOf(allowedHosts);
    }

    boolean tls() {
        return keys.isPresent();
    }
}
