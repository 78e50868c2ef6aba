package net.nvgate.mgmt.api;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
import org.jspecify.annotations.Nullable;

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

    /** Types of objects and where they are in the answer. */
    private static final Map<String, Class<? extends PolicyObject>> TYPES = Map.ofEntries(
            Map.entry("lookupRecords", LookupRecord.class),
            Map.entry("customerRoutes", CustomerRoute.class),
            Map.entry("providerAddresses", ProviderAddress.class),
            Map.entry("providerRoutes", ProviderRoute.class),
            Map.entry("externalAddresses", ExternalAddress.class),
            Map.entry("externalRoutes", ExternalRoute.class),
            Map.entry("routingDomains", RoutingDomain.class),
            Map.entry("virtualSubnets", VirtualSubnet.class),
            Map.entry("natConnections", NatConnection.class),
            Map.entry("natRules", NatRule.class),
            Map.entry("virtualPorts", VirtualPort.class),
            Map.entry("natOneToOnes", PolicyObject.NatOneToOne.class),
            Map.entry("natExemptions", PolicyObject.NatExemption.class),
            Map.entry("tenantSettings", PolicyObject.TenantSettings.class),
            Map.entry("nat64Prefixes", PolicyObject.Nat64Prefix.class),
            Map.entry("nptv6Prefixes", PolicyObject.Nptv6Prefix.class),
            Map.entry("tenantInterfaces", PolicyObject.TenantInterface.class),
            Map.entry("tenantInterfaceRoutes", PolicyObject.TenantInterfaceRoute.class),
            Map.entry("peerRoutes", PolicyObject.PeerRoute.class),
            Map.entry("blackholeRoutes", PolicyObject.BlackholeRoute.class),
            Map.entry("dhcpSubnets", PolicyObject.DhcpSubnet.class),
            Map.entry("portAcls", PolicyObject.PortAcl.class),
            Map.entry("aclAddresses", PolicyObject.AclAddresses.class),
            Map.entry("nicBandwidths", PolicyObject.NicBandwidth.class));

    /**
     * Types by the names that members of the answer have, with commas between.
     *
     * @throws ProblemException if there is no such member
     */
    static Set<Class<? extends PolicyObject>> types(@Nullable String names) {
        if (names == null) {
            return Set.copyOf(TYPES.values());
        }
        Set<Class<? extends PolicyObject>> wanted = new HashSet<>();
        for (String name : names.split(",", -1)) {
            Class<? extends PolicyObject> type = TYPES.get(name);
            if (type == null) {
                throw new ProblemException(Problem.of(
                                ProblemCode.INVALID_VALUE,
                                "no member of the policy is called '" + name + "', but "
                                        + String.join(", ", new TreeSet<>(TYPES.keySet())))
                        .atField("types"));
            }
            wanted.add(type);
        }
        return wanted;
    }

    /**
     * @param types that are wanted; of the others there is nothing
     * @param limit objects of one type at most
     */
    static DesiredPolicy of(PolicySnapshot snapshot, Set<Class<? extends PolicyObject>> types, int limit) {
        Map<Class<?>, List<PolicyObject>> all =
                snapshot.objects().stream().collect(Collectors.groupingBy(Object::getClass));
        boolean truncated = types.stream()
                .anyMatch(type -> all.getOrDefault(type, List.of()).size() > limit);
        all.keySet().retainAll(types);
        return new DesiredPolicy(
                snapshot.revision(),
                snapshot.objects().size(),
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

    private static <T extends PolicyObject> List<T> of(
            Map<Class<?>, List<PolicyObject>> all, Class<T> type, int limit) {
        return all.getOrDefault(type, List.of()).stream()
                .sorted(Comparator.comparing(PolicyObject::key))
                .limit(limit)
                .map(type::cast)
                .toList();
    }
}
