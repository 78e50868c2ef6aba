package net.nvgate.fabric.model;

/** What a rule of a port ACL does with a packet that opens a flow. {@code New-SCPortACLRule -Action} has the first two. */
public enum AclAction {
    ALLOW,
    /** Drops it in silence. */
    DENY,
    /** Drops it and tells a sender inside: ICMP "communication administratively prohibited". Silent toward the outside. */
    REJECT
}
