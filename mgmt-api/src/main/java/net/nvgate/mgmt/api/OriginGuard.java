package net.nvgate.mgmt.api;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.ModelException;

/**
 * Keeps other web sites from using a browser of ours. DNS rebinding needs a host name of the attacker: names are
 * accepted only if they are ours, addresses always. Cross-site requests carry an Origin that is not this host.
 */
final class OriginGuard implements SecurityPolicyHandler {

    private final Set<String> names;

    /** @param allowedHosts names besides localhost under which people reach the manager */
    OriginGuard(Set<String> allowedHosts) {
        this.names = allowedHosts.stream().map(n -> n.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        this.names.add("localhost");
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        HostAndPort host = request.authority();
        if (host == null || !isOurs(host.host())) {
            context.fail(new ProblemException(
                    ProblemCode.MISDIRECTED_REQUEST,
                    "The Host header must be an IP address, localhost or a name of http.allowed-hosts, not '"
                            + request.getHeader("Host") + "'"));
            return;
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !sameHost(origin, String.valueOf(request.getHeader("Host")))) {
            context.fail(new ProblemException(
                    ProblemCode.FORBIDDEN_ORIGIN, "Requests from pages of another origin are refused: " + origin));
            return;
        }
        context.next();
    }

    private boolean isOurs(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return names.contains(name) || isAddress(name);
    }

    private static boolean isAddress(String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        try {
            IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
            return true;
        } catch (ModelException e) {
            return false;
        }
    }

    private static boolean sameHost(String origin, String host) {
        int scheme = origin.indexOf("://");
        return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
    }
}
