package net.nvgate.fabric.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What manager and nodes speak with each other: key {@code security}. */
public enum Security {
    /** TLS 1.3; both sides show who they are. */
    TLS,
    /** Plain TCP: everybody is believed, and everybody on the way reads along. */
    NONE;

    /**
     * @param section of the configuration, for the message
     * @param host where is listened, or whom is connected to
     * @param allowPlain the administrator insists
     * @throws ConfigException if that must not go without TLS
     */
    public void requireAllowed(String section, String host, boolean allowPlain) {
        if (this == NONE && !allowPlain && !isLoopback(host)) {
            throw new ConfigException(
                    section + ".security",
                    section + ".security: none is for one machine, and " + host
                            + " is not a loopback address: leave it out (TLS), or, if nobody else can reach that network, set "
                            + section + ".allow-plain: true");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
