package net.nvgate.fabric.model;

import java.util.Set;
import java.util.UUID;

/**
 * An object of the fabric. Immutable: a change makes a new record with the same id.
 *
 * <p>The manager hands out ids; the store stamps both revisions when it commits. An object that is not stored yet has
 * revisions 0.
 */
public sealed interface FabricObject
        permits LogicalNetwork,
                NetworkSite,
                IpPool,
                Host,
                Gateway,
                VmNetwork,
                VmSubnet,
                VmNetworkGateway,
                Vm,
                NatConnection,
                NatRule,
                NatOneToOne,
                NatExemption,
                TenantInterface,
                VmNetworkPeering {

    UUID id();

    /** 1..64 characters, unique per kind; a VM subnet's name is unique within its VM network. */
    String name();

    /** Free text of at most 1024 characters, may be empty. */
    String description();

    /** Revision of the store that created the object, 0 = not stored yet. */
    long createdRevision();

    /** Revision of the store that last changed the object, 0 = not stored yet. */
    long changedRevision();

    Kind kind();

    /** Ids of the objects that this one needs; they cannot be deleted while it exists. */
    Set<UUID> references();

    FabricObject renamed(String name, String description);

    /** The same object with the revisions the store gave it. */
    FabricObject atRevision(long createdRevision, long changedRevision);
}
