package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
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
        @JsonUnwrapped Meta meta,
        UUID natConnectionId,
        Protocol protocol,
        int externalPort,
        IpAddress internalAddress,
        int internalPort,
        int portCount,
        List<IpPrefix> remotePrefixes)
        implements FabricObject {

    public enum Protocol {
        TCP,
        UDP
    }

    /** Of an older version, a rule has one port and is open to everybody. */
    public NatRule(
            Meta meta,
            UUID natConnectionId,
            Protocol protocol,
            int externalPort,
            IpAddress internalAddress,
            int internalPort,
            int portCount,
            @Nullable List<IpPrefix> remotePrefixes) {
        String kind = Kind.NAT_RULE.label();
        this.meta = Rules.meta(Kind.NAT_RULE, meta);
        this.natConnectionId = Rules.required(kind, "natConnectionId", natConnectionId);
        this.protocol = Rules.required(kind, "protocol", protocol);
        this.externalPort = Rules.range(kind, "externalPort", externalPort, 1, 65_535);
        this.internalAddress = Rules.required(kind, "internalAddress", internalAddress);
        this.internalPort = Rules.range(kind, "internalPort", internalPort, 1, 65_535);
        int countMax = 65_536 - Math.max(externalPort, internalPort);
        this.portCount = Rules.range(kind, "portCount", portCount == 0 ? 1 : portCount, 1, countMax);
        this.remotePrefixes = Rules.disjoint(kind, "remotePrefixes", remotePrefixes);
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
    public NatRule withMeta(Meta meta) {
        return new NatRule(
                meta,
                natConnectionId,
                protocol,
                externalPort,
                internalAddress,
                internalPort,
                portCount,
                remotePrefixes);
    }
}
