package net.nvgate.gateway.flow;

/**
 * Which sessions to list; 0 in a field means any.
 *
 * @param domain index of a routing domain
 * @param insideAddress CA
 * @param externalAddress NAT address
 * @param protocol 1, 6 or 17
 */
public record SessionFilter(int domain, int insideAddress, int externalAddress, int protocol) {

    public static final SessionFilter ALL = new SessionFilter(0, 0, 0, 0);

    boolean accepts(SessionRow row) {
        return matches(domain, row.domain())
                && matches(insideAddress, row.insideAddress())
                && matches(externalAddress, row.externalAddress())
                && matches(protocol, row.protocol());
    }

    private static boolean matches(int wanted, int actual) {
        return wanted == 0 || wanted == actual;
    }
}
