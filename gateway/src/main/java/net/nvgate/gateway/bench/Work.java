package net.nvgate.gateway.bench;

/** What the worker does with the packets of a measurement. */
enum Work {
    /** From VMs to the Internet: decapsulation, source translation. */
    NAT_OUT,
    /** The answers: destination translation, encapsulation. */
    NAT_IN,
    /** Both, by turns of a burst each. */
    NAT_BOTH,
    /** From VMs to the tenant's site, which has a VLAN: decapsulation, no translation, no session. */
    ROUTE_OUT,
    /** From the site to VMs. */
    ROUTE_IN;

    boolean hasSessions() {
        return this == NAT_OUT || this == NAT_IN || this == NAT_BOTH;
    }

    boolean fromPa() {
        return this != NAT_IN && this != ROUTE_IN;
    }

    boolean fromExt() {
        return this != NAT_OUT && this != ROUTE_OUT;
    }
}
