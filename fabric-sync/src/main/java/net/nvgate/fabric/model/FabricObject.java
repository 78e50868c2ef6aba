package net.nvgate.fabric.model;

import java.util.Set;
import java.util.UUID;

/**
 * An object of the fabric. Immutable: a change makes a new record with the same id.
 *
 * <p>The manager hands out ids; the store stamps revisions and actors when it commits.
 */
public sealed interface FabricObject
        permits HostGroup,
                LogicalNetwork,
                NetworkSite,
                IpPool,
                AddressGrant,
                MacPool,
                MacGrant,
                PortProfile,
                PortClassification,
                UplinkPortProfile,
                LogicalSwitch,
                Host,
                Gateway,
                Cloud,
                Plan,
                Subscription,
                VmNetwork,
                VmSubnet,
                VmNetworkGateway,
                ProviderAddress,
                Vm,
                NatConnection,
                NatRule,
                NatOneToOne,
                NatExemption,
                TenantInterface,
                VmNetworkPeering,
                AddressSet,
                PortAcl,
                BesideFabric {

    Meta meta();

    default UUID id() {
        return meta().id();
    }

    default String name() {
        return meta().name();
    }

    default String description() {
        return meta().description();
    }

    default long createdRevision() {
        return meta().createdRevision();
    }

    default long changedRevision() {
        return meta().changedRevision();
    }

    Kind kind();

    /** Ids of the objects that this one needs; they cannot be deleted while it exists. */
    Set<UUID> references();

    /** The same object under another name, or with the revisions the store gave it. */
    FabricObject withMeta(Meta meta);

    /** As it may be shown to people: without secrets. */
    default FabricObject shown() {
        return this;
    }
}
