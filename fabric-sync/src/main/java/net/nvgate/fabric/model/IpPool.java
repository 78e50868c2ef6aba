package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A static IP address pool, either of a network site (PAs, external addresses) or of a VM subnet (CAs).
 *
 * @param networkSiteId the site it belongs to, if it is not a VM subnet's
 * @param vmSubnetId the VM subnet it belongs to, if it is not a site's
 * @param prefix a subnet of the site, or the prefix of the VM subnet
 * @param rangeStart first address that is handed out
 * @param rangeEnd last one, inclusive
 * @param reserved addresses in the range that are given out only on demand
 * @param defaultGateways routers of the subnet, inside the prefix
 */
public record IpPool(
        @JsonUnwrapped Meta meta,
        Optional<UUID> networkSiteId,
        Optional<UUID> vmSubnetId,
        IpPrefix prefix,
        IpAddress rangeStart,
        IpAddress rangeEnd,
        List<IpAddress> reserved,
        List<IpAddress> defaultGateways,
        List<IpAddress> dnsServers)
        implements FabricObject {

    public IpPool {
        Rules.meta(Kind.IP_POOL, meta);
        String kind = Kind.IP_POOL.label();
        if (networkSiteId.isPresent() == vmSubnetId.isPresent()) {
            throw new ModelException(
                    kind, "networkSiteId", networkSiteId.orElse(null), "must be given, or vmSubnetId, and not both");
        }
        Rules.required(kind, "prefix", prefix);
        Rules.usable(kind, "rangeStart", rangeStart, prefix);
        Rules.usable(kind, "rangeEnd", rangeEnd, prefix);
        if (rangeStart.compareTo(rangeEnd) > 0) {
            throw new ModelException(kind, "rangeEnd", rangeEnd, "must not be below rangeStart " + rangeStart);
        }
        reserved = Rules.list(kind, "reserved", reserved);
        for (IpAddress address : reserved) {
            if (address.compareTo(rangeStart) < 0 || address.compareTo(rangeEnd) > 0) {
                throw new ModelException(
                        kind, "reserved", address, "must be inside the range " + rangeStart + "-" + rangeEnd);
            }
        }
        defaultGateways = Rules.list(kind, "defaultGateways", defaultGateways);
        for (IpAddress address : defaultGateways) {
            Rules.usable(kind, "defaultGateways", address, prefix);
        }
        dnsServers = Rules.list(kind, "dnsServers", dnsServers);
    }

    /** Addresses of the range, at most {@code max}. */
    public int size(int max) {
        long less = switch (rangeStart) {
            case Ipv4Address start ->
                Integer.toUnsignedLong(((Ipv4Address) rangeEnd).value()) - Integer.toUnsignedLong(start.value());
            case Ipv6Address start ->
                ((Ipv6Address) rangeEnd).high() == start.high() ? ((Ipv6Address) rangeEnd).low() - start.low() : -1;
        };
        return less < 0 || less >= max ? max : (int) less + 1;
    }

    @Override
    public Kind kind() {
        return Kind.IP_POOL;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(networkSiteId.or(() -> vmSubnetId).orElseThrow());
    }

    @Override
    public IpPool withMeta(Meta meta) {
        return new IpPool(
                meta, networkSiteId, vmSubnetId, prefix, rangeStart, rangeEnd, reserved, defaultGateways, dnsServers);
    }
}
