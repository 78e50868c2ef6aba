package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A static IP address pool, either of a network site (PAs, external addresses) or of a VM subnet (CAs).
 *
 * @param networkSiteId the site it belongs to, if it is not a VM subnet's
 * @param vmSubnetId the VM subnet it belongs to, if it is not a site's
 * @param prefix a subnet of the site, or the prefix of the VM subnet; of a multicast pool, any multicast prefix
 * @param rangeStart first address that is handed out
 * @param rangeEnd last one, inclusive
 * @param reserved addresses in the range that are given out only on demand
 * @param defaultGateways routers of the subnet, inside the prefix
 * @param vips addresses in the range that are given out to load balancers only
 * @param gatewayMetrics metrics of default gateways; those of the others are automatic
 * @param dnsSuffix of the machines in the subnet, empty = none
 * @param dnsSearchSuffixes tried in order
 * @param winsServers IPv4
 * @param netbiosOverTcpip machines speak NetBIOS over TCP/IP
 * @param routes of the machines in the subnet, besides the default gateways
 * @param multicast groups to hand out, not addresses of machines
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
        List<IpAddress> dnsServers,
        List<IpAddress> vips,
        List<GatewayMetric> gatewayMetrics,
        String dnsSuffix,
        List<String> dnsSearchSuffixes,
        List<IpAddress> winsServers,
        boolean netbiosOverTcpip,
        List<Route> routes,
        boolean multicast)
        implements FabricObject {

    /**
     * The PA of default-gateway records in Microsoft's sample of 2012, "the distributed router of whichever host asks". It is in no
     * range of PAs, as policy knows these records by it.
     */
    public static final IpAddress DISTRIBUTED_ROUTER_PA = IpAddress.parse("169.254.254.254");

    private static final String LABEL = Kind.IP_POOL.label();
    private static final int METRIC_MAX = 9999;

    /** @param metric 1..9999, the lowest is preferred */
    public record GatewayMetric(IpAddress address, int metric) {

        public GatewayMetric {
            Rules.required(LABEL, "gatewayMetrics.address", address);
            Rules.range(LABEL, "gatewayMetrics.metric", metric, 1, METRIC_MAX);
        }
    }

    /** @param metric 1..9999, 256 if it was left out */
    public record Route(IpPrefix destinationPrefix, IpAddress nextHop, int metric) {

        private static final int METRIC_DEFAULT = 256;

        public Route {
            Rules.required(LABEL, "routes.destinationPrefix", destinationPrefix);
            Rules.required(LABEL, "routes.nextHop", nextHop);
            metric = Rules.range(LABEL, "routes.metric", metric == 0 ? METRIC_DEFAULT : metric, 1, METRIC_MAX);
        }
    }

    /** What was left out, or an older version did not know, is empty. */
    public IpPool(
            Meta meta,
            Optional<UUID> networkSiteId,
            Optional<UUID> vmSubnetId,
            IpPrefix prefix,
            IpAddress rangeStart,
            IpAddress rangeEnd,
            @Nullable List<IpAddress> reserved,
            @Nullable List<IpAddress> defaultGateways,
            @Nullable List<IpAddress> dnsServers,
            @Nullable List<IpAddress> vips,
            @Nullable List<GatewayMetric> gatewayMetrics,
            @Nullable String dnsSuffix,
            @Nullable List<String> dnsSearchSuffixes,
            @Nullable List<IpAddress> winsServers,
            boolean netbiosOverTcpip,
            @Nullable List<Route> routes,
            boolean multicast) {
        this.meta = Rules.meta(Kind.IP_POOL, meta);
        if (networkSiteId.isPresent() == vmSubnetId.isPresent()) {
            throw new ModelException(
                    LABEL, "networkSiteId", networkSiteId.orElse(null), "must be given, or vmSubnetId, and not both");
        }
        this.networkSiteId = networkSiteId;
        this.vmSubnetId = vmSubnetId;
        this.prefix = Rules.required(LABEL, "prefix", prefix);
        this.rangeStart = Rules.usable(LABEL, "rangeStart", rangeStart, prefix);
        this.rangeEnd = Rules.usable(LABEL, "rangeEnd", rangeEnd, prefix);
        if (rangeStart.compareTo(rangeEnd) > 0) {
            throw new ModelException(LABEL, "rangeEnd", rangeEnd, "must not be below rangeStart " + rangeStart);
        }
        this.reserved = inRange("reserved", reserved, rangeStart, rangeEnd);
        this.vips = inRange("vips", vips, rangeStart, rangeEnd);
        this.defaultGateways = Rules.list(LABEL, "defaultGateways", defaultGateways);
        for (IpAddress address : this.defaultGateways) {
            Rules.usable(LABEL, "defaultGateways", address, prefix);
        }
        this.gatewayMetrics = Rules.list(LABEL, "gatewayMetrics", gatewayMetrics);
        this.dnsServers = Rules.list(LABEL, "dnsServers", dnsServers);
        this.dnsSuffix = Rules.given(dnsSuffix, "");
        if (!this.dnsSuffix.isEmpty()) {
            Rules.dnsName(LABEL, "dnsSuffix", this.dnsSuffix);
        }
        this.dnsSearchSuffixes = Rules.distinct(LABEL, "dnsSearchSuffixes", dnsSearchSuffixes);
        this.dnsSearchSuffixes.forEach(suffix -> Rules.dnsName(LABEL, "dnsSearchSuffixes", suffix));
        this.winsServers = Rules.list(LABEL, "winsServers", winsServers);
        this.netbiosOverTcpip = netbiosOverTcpip;
        this.routes = Rules.list(LABEL, "routes", routes);
        this.multicast = multicast;
        checkVips();
        checkRouting();
        checkMulticast();
    }

    /** Addresses for machines, without further settings. */
    public IpPool(
            Meta meta,
            Optional<UUID> networkSiteId,
            Optional<UUID> vmSubnetId,
            IpPrefix prefix,
            IpAddress rangeStart,
            IpAddress rangeEnd,
            List<IpAddress> reserved,
            List<IpAddress> defaultGateways,
            List<IpAddress> dnsServers) {
        this(
                meta,
                networkSiteId,
                vmSubnetId,
                prefix,
                rangeStart,
                rangeEnd,
                reserved,
                defaultGateways,
                dnsServers,
                List.of(),
                List.of(),
                "",
                List.of(),
                List.of(),
                false,
                List.of(),
                false);
    }

    private static List<IpAddress> inRange(
            String field, @Nullable List<IpAddress> value, IpAddress start, IpAddress end) {
        List<IpAddress> addresses = Rules.list(LABEL, field, value);
        for (IpAddress address : addresses) {
            if (address.compareTo(start) < 0 || address.compareTo(end) > 0) {
                throw new ModelException(LABEL, field, address, "must be inside the range " + start + "-" + end);
            }
        }
        return addresses;
    }

    private void checkVips() {
        Set<IpAddress> others = new HashSet<>(reserved);
        others.addAll(defaultGateways);
        vips.stream().filter(others::contains).findFirst().ifPresent(vip -> {
            throw new ModelException(LABEL, "vips", vip, "must not be reserved or a default gateway, too");
        });
    }

    private void checkRouting() {
        for (GatewayMetric metric : gatewayMetrics) {
            if (!defaultGateways.contains(metric.address())) {
                throw new ModelException(
                        LABEL, "gatewayMetrics.address", metric.address(), "must be one of defaultGateways");
            }
        }
        for (Route route : routes) {
            Rules.usable(LABEL, "routes.nextHop", route.nextHop(), prefix);
            if (route.destinationPrefix().address().bits() != prefix.address().bits()) {
                throw new ModelException(
                        LABEL,
                        "routes.destinationPrefix",
                        route.destinationPrefix(),
                        "must be of the family of " + prefix);
            }
        }
        winsServers.stream().filter(server -> server.bits() != 32).findFirst().ifPresent(server -> {
            throw new ModelException(LABEL, "winsServers", server, "must be IPv4");
        });
    }

    private void checkMulticast() {
        if (!multicast) {
            return;
        }
        if (!prefix.address().isMulticast() || !prefix.last().isMulticast()) {
            throw new ModelException(LABEL, "prefix", prefix, "must be multicast in a multicast pool");
        }
        if (networkSiteId.isEmpty()) {
            throw new ModelException(LABEL, "networkSiteId", null, "is required of a multicast pool");
        }
        if (!defaultGateways.isEmpty() || !vips.isEmpty() || !routes.isEmpty()) {
            throw new ModelException(LABEL, "multicast", true, "must be false with defaultGateways, vips or routes");
        }
    }

    public boolean inRange(IpAddress address) {
        return address.bits() == rangeStart.bits()
                && address.compareTo(rangeStart) >= 0
                && address.compareTo(rangeEnd) <= 0;
    }

    /** The metric of a default gateway. */
    public int metric(IpAddress router, int whenAutomatic) {
        return gatewayMetrics.stream()
                .filter(given -> given.address().equals(router))
                .mapToInt(GatewayMetric::metric)
                .findFirst()
                .orElse(whenAutomatic);
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
                meta,
                networkSiteId,
                vmSubnetId,
                prefix,
                rangeStart,
                rangeEnd,
                reserved,
                defaultGateways,
                dnsServers,
                vips,
                gatewayMetrics,
                dnsSuffix,
                dnsSearchSuffixes,
                winsServers,
                netbiosOverTcpip,
                routes,
                multicast);
    }
}
