package net.nvgate.fabric.model;

/** Who opens the flows that a rule of a port ACL is about, seen from the VM. {@code New-SCPortACLRule -Type}. */
public enum AclDirection {
    /** To the VM. */
    INBOUND,
    /** From the VM. */
    OUTBOUND
}
