package net.nvgate.fabric.model;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A port forward (VMM NATRule): an external address and port, or a range of ports in order, to an address and ports of
 * the tenant.
 *
 * @param externalPort first one, 1..65535
 * @param internalAddress inside a subnet of the VM network
 * @param internalPort first one, 1..65535
 * @param portCount length of both ranges, at least 1
 * @param remotePrefixes who may come in, empty = all; rules with a port in common have disjoint ones
 */
public record NatRule(
        UUID id,
        String name,
        String description,
        UUID natConnectionId,
        Protocol protocol,
        int externalPort,
        IpAddress internalAddress,
        int internalPort,
        int portCount,
        List<IpPrefix> remotePrefixes,
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    public enum Protocol {
        TCP,
        UDP
    }

    /** Of an older version, a rule has one port and is open to everybody. */
    public NatRule(
            UUID id,
            String name,
            String description,
            UUID natConnectionId,
            Protocol protocol,
            int externalPort,
            IpAddress internalAddress,
            int internalPort,
            int portCount,
            @Nullable List<IpPrefix> remotePrefixes,
            long createdRevision,
            long changedRevision) {
        String kind = Kind.NAT_RULE.label();
        Rules.identity(Kind.NAT_RULE, id, name);
        Rules.revisions(Kind.NAT_RULE, createdRevision, changedRevision);
        this.id = id;
        this.name = name;
        this.description = Rules.description(kind, description);
        this.natConnectionId = Rules.required(kind, "natConnectionId", natConnectionId);
        this.protocol = Rules.required(kind, "protocol", protocol);
        this.externalPort = Rules.range(kind, "externalPort", externalPort, 1, 65_535);
        this.internalAddress = Rules.required(kind, "internalAddress", internalAddress);
        this.internalPort = Rules.range(kind, "internalPort", internalPort, 1, 65_535);
        int countMax = 65_536 - Math.max(externalPort, internalPort);
        this.portCount = Rules.range(kind, "portCount", portCount == 0 ? 1 : portCount, 1, countMax);
        this.remotePrefixes = Rules.disjoint(kind, "remotePrefixes", remotePrefixes);
        this.createdRevision = createdRevision;
        this.changedRevision = changedRevision;
    }

    /** Last port of the external range. */
    public int externalPortLast() {
        return externalPort + portCount - 1;
    }

    /** Both could apply to one packet to the same external address. */
    public boolean overlaps(NatRule other) {
        boolean commonPort = externalPort <= other.externalPortLast() && other.externalPort <= externalPortLast();
        return protocol == other.protocol && commonPort && commonRemote(other);
    }

    private boolean commonRemote(NatRule other) {
        return remotePrefixes.isEmpty()
                || other.remotePrefixes.isEmpty()
                || remotePrefixes.stream()
                        .anyMatch(a -> other.remotePrefixes.stream().anyMatch(a::overlaps));
    }

    @Override
    public Kind kind() {
        return Kind.NAT_RULE;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(natConnectionId);
    }

    @Override
    public NatRule renamed(String name, String description) {
        return with(name, description, createdRevision, changedRevision);
    }

    @Override
    public NatRule atRevision(long createdRevision, long changedRevision) {
        return with(name, description, createdRevision, changedRevision);
    }

    private NatRule with(String name, String description, long createdRevision, long changedRevision) {
        return new NatRule(
                id,
                name,
                description,
                natConnectionId,
                protocol,
                externalPort,
                internalAddress,
                internalPort,
                portCount,
                remotePrefixes,
                createdRevision,
                changedRevision);
    }
}
