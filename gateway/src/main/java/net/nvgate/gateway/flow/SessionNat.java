package net.nvgate.gateway.flow;

/** How a session came to its external address and port. */
public enum SessionNat {
    /** By a mapping of its own, see {@code nat.Mappings}. */
    MAPPING,
    /** By a NAT rule, from outside or from the rule's server. */
    RULE,
    /** The external address is the host's alone. */
    ONE_TO_ONE,
    /** Not translated. */
    EXEMPT,
    /** Of a protocol without ports: followed by its addresses. */
    ADDRESS;

    /** By the flags of either line. */
    static SessionNat of(int flags) {
        if ((flags & Session.STATIC) != 0) {
            return RULE;
        }
        if ((flags & Session.ONE_TO_ONE) != 0) {
            return ONE_TO_ONE;
        }
        if ((flags & Session.IDENTITY) != 0) {
            return EXEMPT;
        }
        return (flags & Session.BY_ADDRESS) != 0 ? ADDRESS : MAPPING;
    }
}
