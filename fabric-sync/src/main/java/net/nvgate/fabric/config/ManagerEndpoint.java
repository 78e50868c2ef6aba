package net.nvgate.fabric.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the sync streams of the managers are: key {@code manager} of gateways and hosts.
 */
public record ManagerEndpoint(String host, int port, List<Address> endpoints, Security security, boolean allowPlain) {

    public static final ManagerEndpoint DEFAULT = new ManagerEndpoint("127.0.0.1", 7250);

    private static final int ENDPOINTS_MAX = 16;

    /** One manager's sync stream. */
    public record Address(String host, int port) {

        /** {@code host}, {@code host:port} or {@code [IPv6 address]:port}; without a port the default one. */
        static Address parse(String text) {
            String key = "manager.endpoints";
            int colon = text.lastIndexOf(':');
            boolean bare = colon < 0 || text.endsWith("]") || (text.indexOf(':') != colon && !text.startsWith("["));
            String host = bare ? text : text.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            return new Address(
                    Defaults.text(key, host), bare ? DEFAULT.port : port(key, text, text.substring(colon + 1)));
        }

        private static int port(String key, String text, String port) {
            try {
                return Defaults.range(key, Integer.parseInt(port), 1, 65_535);
            } catch (NumberFormatException e) {
                throw new ConfigException(key, key + " must be host:port, not '" + text + "'");
            }
        }
    }

    public ManagerEndpoint {
        endpoints = List.copyOf(endpoints);
        for (Address endpoint : endpoints) {
            security.requireAllowed("manager", endpoint.host(), allowPlain);
        }
    }

    /** The only manager, over TLS. */
    public ManagerEndpoint(String host, int port) {
        this(host, port, List.of(new Address(host, port)), Security.TLS, false);
    }

    @JsonCreator
    public static ManagerEndpoint of(
            @Key(value = "name or address of the manager's sync stream", or = "`127.0.0.1`") @Nullable String host,
            @Key(value = "of the manager's sync stream", or = "`7250`") @Nullable Integer port,
            @Key(
                            value =
                                    "in the place of `host` and `port`: list of `host:port`, 1..16 managers over one etcd; one is "
                                            + "followed while it is there, then the next, without a resend",
                            or = "none")
                    @Nullable
                    List<String> endpoints,
            @Key("TLS 1.3, or plain TCP: everybody is believed, on loopback addresses only; the same as the "
                            + "manager's `sync.security`: [identity](/fabric-sync/docs/identity.md)")
                    @Nullable
                    Security security,
            @Key("lets `security: none` leave this machine") @Nullable Boolean allowPlain) {
        Security spoken = Defaults.or(security, Security.TLS);
        boolean plain = Boolean.TRUE.equals(allowPlain);
        if (endpoints != null) {
            if (host != null || port != null) {
                throw new ConfigException(
                        "manager.endpoints", "manager.endpoints stands in the place of manager.host and manager.port");
            }
            Defaults.range("manager.endpoints", endpoints.size(), 1, ENDPOINTS_MAX);
            List<Address> all = endpoints.stream().map(Address::parse).toList();
            return new ManagerEndpoint(all.getFirst().host(), all.getFirst().port(), all, spoken, plain);
        }
        Address only = new Address(
                Defaults.text("manager.host", host == null ? DEFAULT.host : host),
                Defaults.range("manager.port", port == null ? DEFAULT.port : port, 1, 65_535));
        return new ManagerEndpoint(only.host(), only.port(), List.of(only), spoken, plain);
    }

    /** For people: {@code host:port, host:port}. */
    @Override
    public String toString() {
        return String.join(
                ", ",
                endpoints.stream().map(one -> one.host() + ":" + one.port()).toList());
    }
}
