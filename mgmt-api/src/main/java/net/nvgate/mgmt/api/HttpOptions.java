package net.nvgate.mgmt.api;

import java.util.Set;

/**
 * Where and for whom the API listens.
 *
 * @param port 0 = any free one
 * @param allowedHosts names besides localhost that a Host header may have
 * @param ui serve the web UI at /
 */
public record HttpOptions(String address, int port, Set<String> allowedHosts, boolean ui) {

    public HttpOptions {
        allowedHosts = Set.copyOf(allowedHosts);
    }
}
