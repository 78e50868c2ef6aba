package net.nvgate.fabric.model;

import java.util.Set;
import java.util.UUID;

/**
 * A port forward (VMM NATRule): external address and port to an address and port of the tenant.
 *
 * @param externalPort 1..65535, once per external address and protocol
 * @param internalAddress inside a subnet of the VM network
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
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    public enum Protocol {
        TCP,
        UDP
    }

    public NatRule {
        Rules.identity(Kind.NAT_RULE, id, name);
        description = Rules.description(Kind.NAT_RULE.label(), description);
        Rules.revisions(Kind.NAT_RULE, createdRevision, changedRevision);
        Rules.required(Kind.NAT_RULE.label(), "natConnectionId", natConnectionId);
        Rules.required(Kind.NAT_RULE.label(), "protocol", protocol);
        Rules.required(Kind.NAT_RULE.label(), "internalAddress", internalAddress);
        Rules.range(Kind.NAT_RULE.label(), "externalPort", externalPort, 1, 65_535);
        Rules.range(Kind.NAT_RULE.label(), "internalPort", internalPort, 1, 65_535);
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
        return new NatRule(
                id,
                name,
                description,
                natConnectionId,
                protocol,
                externalPort,
                internalAddress,
                internalPort,
                createdRevision,
                changedRevision);
    }

    @Override
    public NatRule atRevision(long createdRevision, long changedRevision) {
        return new NatRule(
                id,
                name,
                description,
                natConnectionId,
                protocol,
                externalPort,
                internalAddress,
                internalPort,
                createdRevision,
                changedRevision);
    }
}
