package net.nvgate.fabric.netwnv;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;

/**
 * The policy of a Hyper-V host as its NetWNV should be. What NetWNV leaves to the administrator says whose records they are:
 *
 * <pre>
 *  CustomerID  the RDID
 *  Context     name of the VM network
 *  VMName      name of the VM; of a gateway's records, of the VM network gateway; of a default gateway's (DG), of the VM subnet
 * </pre>
 *
 * Interface indexes and states are the host's to say; they are 0 and empty.
 */
public final class HostProjection {

    private static final NetWnvGlobal DISTRIBUTED_ROUTER = new NetWnvGlobal(false);

    private final Map<UUID, String> networks = new HashMap<>();
    private final Map<Vsid, VirtualSubnet> subnets = new HashMap<>();

    private HostProjection(Collection<PolicyObject> policy) {
        for (PolicyObject object : policy) {
            switch (object) {
                case RoutingDomain domain -> networks.put(domain.rdid(), domain.name());
                case VirtualSubnet subnet -> subnets.put(subnet.vsid(), subnet);
                default -> {}
            }
        }
    }

    /**
     * @param name of the host
     * @param policy of the host, as {@link net.nvgate.fabric.policy.PolicySource#snapshot} gives it; what is not NetWNV's is
     *     passed over
     * @return lists in an order that depends on nothing but the records
     */
    public static NetWnvHost of(String name, Collection<PolicyObject> policy) {
        HostProjection projection = new HostProjection(policy);
        return new NetWnvHost(
                name,
                all(policy, LookupRecord.class, projection::record, NetWnvOrder.RECORDS),
                all(policy, CustomerRoute.class, HostProjection::route, NetWnvOrder.CUSTOMER_ROUTES),
                all(policy, ProviderAddress.class, HostProjection::address, NetWnvOrder.PROVIDER_ADDRESSES),
                all(policy, ProviderRoute.class, HostProjection::route, NetWnvOrder.PROVIDER_ROUTES),
                Optional.of(DISTRIBUTED_ROUTER));
    }

    private static <P extends PolicyObject, R> List<R> all(
            Collection<PolicyObject> policy, Class<P> type, Function<P, R> form, Comparator<R> order) {
        return policy.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .map(form)
                .sorted(order)
                .toList();
    }

    private NetWnvLookupRecord record(LookupRecord record) {
        return new NetWnvLookupRecord(
                record.customerAddress(),
                record.vsid().value(),
                record.mac(),
                record.providerAddress(),
                NetWnvLookupRecord.Rule.TRANSLATION_METHOD_ENCAP,
                NetWnvLookupRecord.Type.of(record.type()),
                NetWnvText.guid(record.rdid()),
                networks.getOrDefault(record.rdid(), ""),
                vmName(record),
                false,
                false,
                false);
    }

    /** Only a DG's record names no machine. */
    private String vmName(LookupRecord record) {
        VirtualSubnet subnet = subnets.get(record.vsid());
        return record.vmName().isEmpty() && subnet != null ? subnet.name() : record.vmName();
    }

    private static NetWnvCustomerRoute route(CustomerRoute route) {
        return new NetWnvCustomerRoute(
                route.rdid(), route.vsid().value(), route.destinationPrefix(), route.nextHop(), route.metric());
    }

    private static NetWnvProviderAddress address(ProviderAddress address) {
        return NetWnvProviderAddress.of(address.providerAddress(), address.prefixLength(), address.vlanId());
    }

    private static NetWnvProviderRoute route(ProviderRoute route) {
        return new NetWnvProviderRoute(0, route.destinationPrefix(), route.nextHop(), route.metric());
    }
}
