package net.nvgate.fabric.model;

import java.util.Set;
import java.util.UUID;

/**
 * A machine that runs VMs.
 *
 * @param paPoolId pool of an HNV logical network
 * @param providerAddress its address in the PA network, its alone
 */
public record Host(
        UUID id,
        String name,
        String description,
        HostType hostType,
        UUID paPoolId,
        IpAddress providerAddress,
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    /** What programs the host's virtual switch. */
    public enum HostType {
        /** Open vSwitch, by our agent. */
        LINUX_OVS,
        /** Hyper-V Network Virtualization, by NetWNV cmdlets. */
        HYPER_V
    }

    public Host {
        Rules.identity(Kind.HOST, id, name);
        description = Rules.description(Kind.HOST.label(), description);
        Rules.revisions(Kind.HOST, createdRevision, changedRevision);
        Rules.required(Kind.HOST.label(), "hostType", hostType);
        Rules.required(Kind.HOST.label(), "paPoolId", paPoolId);
        Rules.required(Kind.HOST.label(), "providerAddress", providerAddress);
    }

    @Override
    public Kind kind() {
        return Kind.HOST;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(paPoolId);
    }

    @Override
    public Host renamed(String name, String description) {
        return new Host(id, name, description, hostType, paPoolId, providerAddress, createdRevision, changedRevision);
    }

    @Override
    public Host atRevision(long createdRevision, long changedRevision) {
        return new Host(id, name, description, hostType, paPoolId, providerAddress, createdRevision, changedRevision);
    }
}
