package net.nvgate.fabric.model;

/** What a user of the manager is there for. */
public enum UserRole {
    /** Everything, users and keys included. */
    ADMIN,
    /** The fabric and its tenants. */
    OPERATOR,
    /** Sees everything, the audit log included, and changes nothing. */
    AUDITOR,
    /** A tenant's own networks, and the users of the tenant. */
    TENANT_OWNER,
    /** What is in a tenant's own networks. */
    TENANT_MEMBER,
    /** Sees what is the tenant's own. */
    TENANT_READER;

    /** True if the user belongs to one tenant, and sees nothing else. */
    public boolean ofTenant() {
        return this == TENANT_OWNER || this == TENANT_MEMBER || this == TENANT_READER;
    }

    /**
     * The tenant that goes with the role: one with a tenant's, none with the others.
     *
     * @throws ModelException otherwise
     */
    static void check(String kind, UserRole role, java.util.Optional<String> tenant) {
        if (role.ofTenant() != tenant.isPresent()) {
            throw new ModelException(
                    kind,
                    "tenant",
                    tenant.orElse("nothing"),
                    "must be given with a role of a tenant, and with no other");
        }
        tenant.ifPresent(name -> Subscription.account(kind, "tenant", name));
    }
}
