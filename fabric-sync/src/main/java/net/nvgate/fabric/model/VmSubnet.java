package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A virtual subnet of a VM network.
 *
 * @param prefix disjoint from the other prefixes of the routing domain
 * @param vsid unique in the fabric
 * @param prefix6 IPv6 prefix of a subnet that has both families; then {@code prefix} is IPv4
 * @param defaultGateway the distributed router's address: the first usable one
 * @param defaultGatewayMac the distributed router's MAC
 * @param ipPoolId the pool that CAs come from; made and deleted with the subnet
 * @param defaultGateway6 the distributed router's address in {@code prefix6}: the first usable one
 * @param ipPool6Id the pool that IPv6 CAs come from, if there is a {@code prefix6}
 * @param dhcp what the gateway tells VMs by DHCP; absent = it does not
 */
public record VmSubnet(
        @JsonUnwrapped Meta meta,
        UUID vmNetworkId,
        IpPrefix prefix,
        Vsid vsid,
        IpAddress defaultGateway,
        MacAddress defaultGatewayMac,
        UUID ipPoolId,
        Optional<IpPrefix> prefix6,
        Optional<IpAddress> defaultGateway6,
        Optional<UUID> ipPool6Id,
        Optional<Dhcp> dhcp)
        implements FabricObject {

    /** @throws ModelException unless the prefix is unicast and has a network, a broadcast and two more addresses */
    static void hosting(String object, String field, @Nullable IpPrefix value, int hostBitsMin) {
        IpPrefix prefix = Rules.required(object, field, value);
        int longest = prefix.address().bits() - hostBitsMin;
        if (prefix.length() < 1 || prefix.length() > longest) {
            throw new ModelException(object, field, prefix, "must have a length of 1.." + longest);
        }
        if (prefix.address().isMulticast() || prefix.address().isUnspecified()) {
            throw new ModelException(object, field, prefix, "must be a unicast prefix");
        }
    }

    public VmSubnet {
        Rules.meta(Kind.VM_SUBNET, meta);
        String kind = Kind.VM_SUBNET.label();
        Rules.required(kind, "vmNetworkId", vmNetworkId);
        hosting(kind, "prefix", prefix, 2);
        Rules.required(kind, "vsid", vsid);
        Rules.usable(kind, "defaultGateway", defaultGateway, prefix);
        Rules.unicast(kind, "defaultGatewayMac", defaultGatewayMac);
        Rules.required(kind, "ipPoolId", ipPoolId);
        prefix6.ifPresent(second -> checkSecond(prefix, second));
        if (prefix6.isPresent() != defaultGateway6.isPresent() || prefix6.isPresent() != ipPool6Id.isPresent()) {
            throw new ModelException(
                    kind, "prefix6", prefix6.orElse(null), "comes with defaultGateway6 and ipPool6Id, and only then");
        }
        if (dhcp.isPresent() && prefix.address().bits() != 32) {
            throw new ModelException(kind, "dhcp", prefix, "needs an IPv4 prefix");
        }
    }

    private static void checkSecond(IpPrefix prefix, IpPrefix second) {
        String kind = Kind.VM_SUBNET.label();
        hosting(kind, "prefix6", second, 2);
        if (second.address().bits() != 128 || prefix.address().bits() != 32) {
            throw new ModelException(kind, "prefix6", second, "must be IPv6, beside an IPv4 prefix");
        }
    }

    /**
     * What DHCP tells the VMs besides their addresses.
     *
     * @param dnsServers IPv4, at most 8
     * @param domainName empty = none
     * @param leaseSeconds 60..31536000
     * @param mtu bytes of the largest IP packet of a VM, 1280..9216
     */
    public record Dhcp(List<IpAddress> dnsServers, String domainName, int leaseSeconds, int mtu) {

        public static final int LEASE_SECONDS_DEFAULT = 86_400;
        private static final int DNS_SERVERS_MAX = 8;

        public Dhcp {
            String kind = Kind.VM_SUBNET.label();
            dnsServers = Rules.list(kind, "dhcp.dnsServers", dnsServers);
            Rules.range(kind, "dhcp.dnsServers", dnsServers.size(), 0, DNS_SERVERS_MAX);
            for (IpAddress server : dnsServers) {
                if (server.bits() != 32 || server.isMulticast() || server.isUnspecified()) {
                    throw new ModelException(kind, "dhcp.dnsServers", server, "must be a unicast IPv4 address");
                }
            }
            if (!domainName.isEmpty()) {
                Rules.dnsName(kind, "dhcp.domainName", domainName);
            }
            Rules.range(kind, "dhcp.leaseSeconds", leaseSeconds, 60, 31_536_000);
            Rules.range(kind, "dhcp.mtu", mtu, 1280, 9216);
        }

        /** From JSON; what is left out has its default. */
        @JsonCreator
        public static Dhcp of(
                @JsonProperty("dnsServers") @Nullable List<IpAddress> dnsServers,
                @JsonProperty("domainName") @Nullable String domainName,
                @JsonProperty("leaseSeconds") @Nullable Integer leaseSeconds,
                @JsonProperty("mtu") @Nullable Integer mtu) {
            return new Dhcp(
                    dnsServers == null ? List.of() : dnsServers,
                    domainName == null ? "" : domainName,
                    leaseSeconds == null ? LEASE_SECONDS_DEFAULT : leaseSeconds,
                    mtu == null ? NetworkSite.MTU_DEFAULT - NetworkSite.NVGRE_OVERHEAD : mtu);
        }
    }

    /** Prefixes of both families. */
    public List<IpPrefix> prefixes() {
        return Stream.concat(Stream.of(prefix), prefix6.stream()).toList();
    }

    /** Pools of both families. */
    public List<UUID> poolIds() {
        return Stream.concat(Stream.of(ipPoolId), ipPool6Id.stream()).toList();
    }

    public boolean hasIpv6() {
        return prefix6.isPresent() || prefix.address().bits() == 128;
    }

    /** True for a distributed router's address. */
    public boolean isRouter(IpAddress address) {
        return address.equals(defaultGateway)
                || defaultGateway6.filter(address::equals).isPresent();
    }

    @Override
    public Kind kind() {
        return Kind.VM_SUBNET;
    }

    @Override
    public Set<UUID> references() {
        return Stream.concat(Stream.of(vmNetworkId), poolIds().stream()).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public VmSubnet withMeta(Meta meta) {
        return new VmSubnet(
                meta,
                vmNetworkId,
                prefix,
                vsid,
                defaultGateway,
                defaultGatewayMac,
                ipPoolId,
                prefix6,
                defaultGateway6,
                ipPool6Id,
                dhcp);
    }
}
