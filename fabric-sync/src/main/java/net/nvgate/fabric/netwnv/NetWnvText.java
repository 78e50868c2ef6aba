package net.nvgate.fabric.netwnv;

import java.util.Locale;
import java.util.UUID;
import net.nvgate.fabric.model.MacAddress;

/** Values as the cmdlets of NetWNV write them. */
public final class NetWnvText {

    private NetWnvText() {}

    /** Twelve hex digits in upper case, e.g. 001DD8B71C00. */
    public static String mac(MacAddress mac) {
        return mac.toString().replace(":", "").toUpperCase(Locale.ROOT);
    }

    /** With braces, in upper case. */
    public static String guid(UUID id) {
        return "{" + id.toString().toUpperCase(Locale.ROOT) + "}";
    }

    /**
     * With or without braces.
     *
     * @throws IllegalArgumentException if it is no GUID
     */
    public static UUID guid(String text) {
        String bare = text.startsWith("{") && text.endsWith("}") ? text.substring(1, text.length() - 1) : text;
        if (bare.length() != 36) {
            throw new IllegalArgumentException("no GUID: " + text);
        }
        return UUID.fromString(bare);
    }
}
