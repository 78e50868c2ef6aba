package net.nvgate.mgmt.api;

import java.util.List;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.ExternalAddress;
import net.nvgate.fabric.policy.PolicyObject.ExternalRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.NatRule;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.fabric.policy.PolicySnapshot;

/**
 * A node's policy as the API shows it: one list per type, sorted by key, each cut at a limit.
 *
 * @param total objects of the whole policy
 * @param truncated a list was cut
 */
record DesiredPolicy(
        long revision,
        int total,
        boolean truncated,
        List<LookupRecord> lookupRecords,
        List<CustomerRoute> customerRoutes,
        List<ProviderAddress> providerAddresses,
        List<ProviderRoute> providerRoutes,
        List<ExternalAddress> externalAddresses,
        List<ExternalRoute> externalRoutes,
        List<RoutingDomain> routingDomains,
        List<VirtualSubnet> virtualSubnets,
        List<NatConnection> natConnections,
        List<NatRule> natRules,
        List<VirtualPort> virtualPorts,
        List<PolicyObject.NatOneToOne> natOneToOnes,
        List<PolicyObject.NatExemption> natExemptions,
        List<PolicyObject.TenantSettings> tenantSettings,
        List<PolicyObject.Nat64Prefix> nat64Prefixes,
        List<PolicyObject.Nptv6Prefix> nptv6Prefixes,
        List<PolicyObject.TenantInterface> tenantInterfaces,
        List<PolicyObject.TenantInterfaceRoute> tenantInterfaceRoutes,
        List<PolicyObject.PeerRoute> peerRoutes,
        List<PolicyObject.BlackholeRoute> blackholeRoutes,
        List<PolicyObject.DhcpSubnet> dhcpSubnets,
        List<PolicyObject.PortAcl> portAcls,
        List<PolicyObject.AclAddresses> aclAddresses,
        List<PolicyObject.NicBandwidth> nicBandwidths) {

    /** @param limit objects of one type at most */
    static DesiredPolicy of(PolicySnapshot snapshot, int limit) {
        List<PolicyObject> all = snapshot.objects();
        boolean truncated = all.stream()
                .collect(java.util.stream.Collectors.groupingBy(
                        Object::getClass, java.util.stream.Collectors.counting()))
                .values()
                .stream()
                .anyMatch(count -> count > limit);
        return new DesiredPolicy(
                snapshot.revision(),
                all.size(),
                truncated,
                of(all, LookupRecord.class, limit),
                of(all, CustomerRoute.class, limit),
                of(all, ProviderAddress.class, limit),
                of(all, ProviderRoute.class, limit),
                of(all, ExternalAddress.class, limit),
                of(all, ExternalRoute.class, limit),
                of(all, RoutingDomain.class, limit),
                of(all, VirtualSubnet.class, limit),
                of(all, NatConnection.class, limit),
                of(all, NatRule.class, limit),
                of(all, VirtualPort.class, limit),
                of(all, PolicyObject.NatOneToOne.class, limit),
                of(all, PolicyObject.NatExemption.class, limit),
                of(all, PolicyObject.TenantSettings.class, limit),
                of(all, PolicyObject.Nat64Prefix.class, limit),
                of(all, PolicyObject.Nptv6Prefix.class, limit),
                of(all, PolicyObject.TenantInterface.class, limit),
                of(all, PolicyObject.TenantInterfaceRoute.class, limit),
                of(all, PolicyObject.PeerRoute.class, limit),
                of(all, PolicyObject.BlackholeRoute.class, limit),
                of(all, PolicyObject.DhcpSubnet.class, limit),
                of(all, PolicyObject.PortAcl.class, limit),
                of(all, PolicyObject.AclAddresses.class, limit),
                of(all, PolicyObject.NicBandwidth.class, limit));
    }

    private static <T extends PolicyObject> List<T> of(List<PolicyObject> all, Class<T> type, int limit) {
        return all.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .sorted(java.util.Comparator.comparing(PolicyObject::key))
                .limit(limit)
                .toList();
    }
}
