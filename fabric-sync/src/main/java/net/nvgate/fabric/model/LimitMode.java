package net.nvgate.fabric.model;

/** What happens to packets that come faster than a limit allows. */
public enum LimitMode {
    /** They are dropped (policing). */
    POLICE,
    /** They wait in a short queue that is fair to VMs and flows, and are dropped if that grows long (shaping). */
    SHAPE
}
