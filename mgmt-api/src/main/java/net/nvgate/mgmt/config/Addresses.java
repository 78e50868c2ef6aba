package net.nvgate.mgmt.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.nvgate.fabric.config.ConfigException;

/** Checks where something listens. */
final class Addresses {

    private Addresses() {}

    /** @throws ConfigException if it is no address */
    static boolean isLoopback(String key, String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ConfigException(key, key + " must be an address of this machine, not '" + address + "'");
        }
    }
}
