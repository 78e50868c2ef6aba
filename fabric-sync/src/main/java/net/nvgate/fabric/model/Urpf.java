package net.nvgate.fabric.model;

/** Check of source addresses of packets that come in at a tenant interface (RFC 3704). */
public enum Urpf {
    /** The best route to the source must lead out of the interface the packet came in at. */
    STRICT,
    /** Some route to the source must exist. */
    LOOSE,
    OFF
}
