package net.nvgate.mgmt.api;

/**
 * Request targets as RFC 3986 has them. The router decodes paths and queries while it looks for a route, and cannot answer
 * with a problem if that fails: so it is looked at before.
 */
final class RequestTargets {

    private RequestTargets() {}

    /** True if each percent sign is followed by two hexadecimal digits (section 2.1). */
    static boolean areEscapesWhole(String target) {
        for (int at = target.indexOf('%'); at >= 0; at = target.indexOf('%', at + 3)) {
            if (at + 2 >= target.length() || !isHex(target.charAt(at + 1)) || !isHex(target.charAt(at + 2))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(char c) {
        return c < 128 && Character.digit(c, 16) >= 0;
    }

    /** True if a parameter has no name: the library leaves such ones out. */
    static boolean hasNameless(String query) {
        return query.startsWith("=") || query.contains("&=") || query.contains(";=");
    }
}
