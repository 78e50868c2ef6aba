package net.nvgate.fabric.ovs;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.fabric.sync.PolicyRejectedException;

/**
 * All policy of this host at one revision, checked and sorted by key, so that equal policy makes equal flows. Immutable.
 */
record HostPolicy(
        long revision,
        List<LookupRecord> records,
        List<CustomerRoute> routes,
        List<ProviderAddress> providerAddresses,
        List<ProviderRoute> providerRoutes,
        List<VirtualSubnet> subnets,
        List<RoutingDomain> routingDomains,
        List<VirtualPort> ports) {

    static final HostPolicy EMPTY =
            new HostPolicy(0, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /** @throws PolicyRejectedException for an object that is not for a host, or that this agent cannot realise */
    static HostPolicy of(long revision, Collection<PolicyObject> all) throws PolicyRejectedException {
        List<PolicyObject> objects = all.stream().filter(HostPolicy::isInReach).toList();
        for (PolicyObject object : objects) {
            PolicyRules.check(object);
        }
        HostPolicy policy = new HostPolicy(
                revision,
                sorted(objects, LookupRecord.class),
                sorted(objects, CustomerRoute.class),
                sorted(objects, ProviderAddress.class),
                sorted(objects, ProviderRoute.class),
                sorted(objects, VirtualSubnet.class),
                sorted(objects, RoutingDomain.class),
                sorted(objects, VirtualPort.class));
        PolicyRules.check(policy);
        return policy;
    }

    /**
     * The tunnel has IPv4 outside: a host with an IPv6 PA is out of reach, and its VMs are as if they had no record. Nothing is
     * flooded between hosts: a VM with an L2Only record alone is out of reach until its address has a record.
     */
    private static boolean isInReach(PolicyObject object) {
        return !(object instanceof LookupRecord record)
                || (record.providerAddress() instanceof Ipv4Address && record.type() != LookupRecord.Type.L2_ONLY);
    }

    private static <T extends PolicyObject> List<T> sorted(Collection<PolicyObject> objects, Class<T> type) {
        return objects.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .sorted(Comparator.comparing(PolicyObject::key))
                .toList();
    }

    /** This host's own PAs. */
    Set<IpAddress> ownAddresses() {
        return providerAddresses.stream().map(ProviderAddress::providerAddress).collect(Collectors.toSet());
    }

    /** PAs of other hosts and gateways that VMs here may send to. */
    Set<IpAddress> remoteAddresses() {
        Set<IpAddress> own = ownAddresses();
        return records.stream()
                .filter(record -> !record.isDefaultGateway())
                .map(LookupRecord::providerAddress)
                .filter(address -> !own.contains(address))
                .collect(Collectors.toSet());
    }

    /** Lookup records by (RDID, CA), wildcards left out. */
    Map<CustomerKey, LookupRecord> recordsByAddress() {
        Map<CustomerKey, LookupRecord> map = new HashMap<>();
        for (LookupRecord record : records) {
            if (!record.customerAddress().isUnspecified()) {
                map.put(new CustomerKey(record.rdid(), record.customerAddress()), record);
            }
        }
        return map;
    }

    /** MAC of the distributed router in each virtual subnet: the one of the default-gateway record. */
    Map<Vsid, MacAddress> routerMacs() {
        return records.stream()
                .filter(LookupRecord::isDefaultGateway)
                .collect(Collectors.toMap(LookupRecord::vsid, LookupRecord::mac, (first, _) -> first));
    }

    /** 802.1Q VLAN of the PA network, 0 = untagged. The rules allow one per host. */
    int providerVlan() {
        return providerAddresses.stream()
                .findFirst()
                .map(ProviderAddress::vlanId)
                .orElse(0);
    }

    /** The PA a VM sends from: the one of its record, or else the host's first. */
    Optional<IpAddress> sourceAddress(CustomerKey ca, Map<CustomerKey, LookupRecord> recordsByAddress) {
        LookupRecord record = recordsByAddress.get(ca);
        if (record != null && ownAddresses().contains(record.providerAddress())) {
            return Optional.of(record.providerAddress());
        }
        return providerAddresses.stream().findFirst().map(ProviderAddress::providerAddress);
    }

    /** A CA is unique within its routing domain only. */
    record CustomerKey(UUID rdid, IpAddress address) {}
}
