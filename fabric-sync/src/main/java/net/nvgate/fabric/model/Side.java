package net.nvgate.fabric.model;

/** Which port of a gateway a tenant interface is on. */
public enum Side {
    /** The PA port: a VLAN-based subnet of the tenant, without NVGRE. */
    BACK_END,
    /** The external port: direct routing to the tenant's own network. */
    FRONT_END
}
