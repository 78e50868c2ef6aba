package net.nvgate.fabric.model;

/** How the DSCP of tunnelled packets is set (RFC 2983). ECN is always as RFC 6040 says. */
public enum DscpMode {
    /** The outer DSCP is the inner one. */
    UNIFORM,
    /** The outer DSCP is configured; the inner one stays what the tenant made it. */
    PIPE
}
