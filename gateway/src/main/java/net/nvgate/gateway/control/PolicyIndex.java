package net.nvgate.gateway.control;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.AclAddresses;
import net.nvgate.fabric.policy.PolicyObject.BlackholeRoute;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.DhcpSubnet;
import net.nvgate.fabric.policy.PolicyObject.ExternalAddress;
import net.nvgate.fabric.policy.PolicyObject.ExternalRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.Nat64Prefix;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.NatExemption;
import net.nvgate.fabric.policy.PolicyObject.NatOneToOne;
import net.nvgate.fabric.policy.PolicyObject.NatRule;
import net.nvgate.fabric.policy.PolicyObject.NicBandwidth;
import net.nvgate.fabric.policy.PolicyObject.Nptv6Prefix;
import net.nvgate.fabric.policy.PolicyObject.PeerRoute;
import net.nvgate.fabric.policy.PolicyObject.PortAcl;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.TenantInterface;
import net.nvgate.fabric.policy.PolicyObject.TenantInterfaceRoute;
import net.nvgate.fabric.policy.PolicyObject.TenantSettings;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;
import org.jspecify.annotations.Nullable;

/**
 * Policy on the heap, indexed the ways the rows of the tables are computed from it. Objects come and go in any order;
 * each step marks the rows that may read differently. {@link #add} refuses an object that contradicts what is there and
 * has then changed nothing, and {@link #remove} is its exact inverse, so that a change set can be taken back.
 */
final class PolicyIndex {

    private final NamedTenants named = new NamedTenants();
    final SortedMap<UUID, Tenant> tenants = named.tenants;
    final Map<Integer, Subnet> subnets = named.subnets;

    final NatIndex nat = new NatIndex();
    final LinkIndex provider = new LinkIndex();
    final LinkIndex external = new LinkIndex();
    final Nptv6Index nptv6 = new Nptv6Index();
    final Nat64Index nat64 = new Nat64Index();
    final AclIndex acls = new AclIndex();
    final NicIndex nics = new NicIndex();

    /** Own IPv6 addresses that nobody else has (RFC 4862 §5.4). */
    final Set<Ipv6Address> unique6 = new HashSet<>();

    /** An address of ours on a tenant's VLAN. */
    record OnLink6(int link, Ipv6Address address) {}

    /** Those that nobody else has there. */
    final Set<OnLink6> unique6OnLinks = new HashSet<>();

    final TenantLinkIndex links = new TenantLinkIndex();
    /** Tenants by their indexes in the tables, as of the last change that was made. */
    final Map<Integer, Tenant> byIndex = new HashMap<>();

    final Records records;
    private final TenantRouting routing = new TenantRouting();
    private final MacIndex macs = new MacIndex();
    private int recordCount;
    private int routeCount;

    PolicyIndex(RouteTables tables) {
        this.records = new Records(tables, byIndex);
    }

    int recordCount() {
        return recordCount;
    }

    int routeCount() {
        return routeCount;
    }

    NamedTenants.Dropped dropUnreferenced(Iterable<Tenant> candidates) {
        return named.dropUnreferenced(candidates);
    }

    void add(PolicyObject object, Dirty dirty) throws PolicyRejectedException {
        ObjectRules.check(object);
        switch (object) {
            case RoutingDomain domain -> {
                named.refer(domain.rdid(), 1, dirty);
                named.tenant(domain.rdid()).name = domain.name();
            }
            case VirtualSubnet subnet -> addSubnet(subnet, dirty);
            case LookupRecord record -> addRecord(record, dirty);
            case CustomerRoute route -> addRoute(route, dirty);
            case NatConnection connection -> {
                refuseProvider(connection.key(), connection.externalAddress());
                nat.add(connection, named.tenant(connection.rdid()), dirty);
                named.refer(connection.rdid(), 1, dirty);
            }
            case NatRule rule -> nat.add(rule, dirty);
            case ProviderAddress own ->
                addOwn(provider, own.key(), own.providerAddress(), own.prefixLength(), own.vlanId(), dirty);
            case ExternalAddress own ->
                addOwn(external, own.key(), own.address(), own.prefixLength(), own.vlanId(), dirty);
            case ProviderRoute route -> {
                provider.add(link(route));
                dirty.provider = true;
            }
            case ExternalRoute route -> {
                external.add(link(route));
                dirty.external = true;
            }
            case VirtualPort _ -> {}
            case NatOneToOne pair -> {
                refuseOwn(pair.key(), pair.externalAddress());
                nat.add(pair, named.tenant(pair.rdid()), dirty);
                named.refer(pair.rdid(), 1, dirty);
            }
            case NatExemption exemption -> {
                NatIndex.add(exemption, named.tenant(exemption.rdid()), dirty);
                named.refer(exemption.rdid(), 1, dirty);
            }
            case TenantSettings settings -> {
                named.tenant(settings.rdid()).quota = settings.quota();
                routing.set(settings, named.tenant(settings.rdid()), dirty);
                named.refer(settings.rdid(), 1, dirty);
            }
            case Nat64Prefix prefix -> {
                nat64.add(prefix, named.tenant(prefix.rdid()), dirty);
                named.refer(prefix.rdid(), 1, dirty);
            }
            case Nptv6Prefix pair -> {
                nptv6.add(pair, named.tenant(pair.rdid()), dirty);
                named.refer(pair.rdid(), 1, dirty);
            }
            case TenantInterface tenantInterface -> {
                refuseVlan(tenantInterface);
                links.add(tenantInterface, named.tenant(tenantInterface.rdid()), dirty);
                named.refer(tenantInterface.rdid(), 1, dirty);
            }
            case TenantInterfaceRoute route -> {
                links.add(route);
                markLinks(route.interfaceId(), dirty);
            }
            case PeerRoute route ->
                routing.add(route, named.tenant(route.rdid()), named.tenant(route.peerRdid()), dirty);
            case BlackholeRoute route -> routing.add(route, named.tenant(route.rdid()), dirty);
            case DhcpSubnet dhcp -> {
                Subnet subnet = named.claim(dhcp.key(), dhcp.rdid(), dhcp.vsid().value());
                macs.setDhcp(subnet, dhcp, dirty);
                dirty.vsids.add(subnet.vsid);
                named.refer(subnet, 1, dirty);
            }
            case PortAcl acl -> {
                acls.add(acl, named.tenant(acl.rdid()), dirty);
                named.refer(acl.rdid(), 1, dirty);
            }
            case AclAddresses addresses -> {
                acls.add(addresses, named.tenant(addresses.rdid()), dirty);
                named.refer(addresses.rdid(), 1, dirty);
            }
            case NicBandwidth nic -> {
                nics.add(nic, named.tenant(nic.rdid()), dirty);
                named.refer(nic.rdid(), 1, dirty);
            }
        }
    }

    void remove(PolicyObject object, Dirty dirty) {
        switch (object) {
            case RoutingDomain domain -> {
                named.refer(domain.rdid(), -1, dirty);
                named.tenant(domain.rdid()).name = "";
            }
            case VirtualSubnet subnet -> removeSubnet(subnet, dirty);
            case LookupRecord record -> removeRecord(record, dirty);
            case CustomerRoute route -> removeRoute(route, dirty);
            case NatConnection connection -> {
                nat.remove(connection, named.tenant(connection.rdid()), dirty);
                named.refer(connection.rdid(), -1, dirty);
            }
            case NatRule rule -> nat.remove(rule, dirty);
            case ProviderAddress own -> removeOwn(provider, own.providerAddress(), dirty);
            case ExternalAddress own -> removeOwn(external, own.address(), dirty);
            case ProviderRoute route -> {
                provider.remove(link(route));
                dirty.provider = true;
            }
            case ExternalRoute route -> {
                external.remove(link(route));
                dirty.external = true;
            }
            case VirtualPort _ -> {}
            case NatOneToOne pair -> {
                nat.remove(pair, named.tenant(pair.rdid()), dirty);
                named.refer(pair.rdid(), -1, dirty);
            }
            case NatExemption exemption -> {
                NatIndex.remove(exemption, named.tenant(exemption.rdid()), dirty);
                named.refer(exemption.rdid(), -1, dirty);
            }
            case TenantSettings settings -> {
                named.tenant(settings.rdid()).quota = NatQuota.UNLIMITED;
                routing.set(TenantSettings.defaults(settings.rdid()), named.tenant(settings.rdid()), dirty);
                named.refer(settings.rdid(), -1, dirty);
            }
            case Nat64Prefix prefix -> {
                nat64.remove(prefix, named.tenant(prefix.rdid()), dirty);
                named.refer(prefix.rdid(), -1, dirty);
            }
            case Nptv6Prefix pair -> {
                nptv6.remove(pair, named.tenant(pair.rdid()), dirty);
                named.refer(pair.rdid(), -1, dirty);
            }
            case TenantInterface tenantInterface -> {
                links.remove(tenantInterface, named.tenant(tenantInterface.rdid()), dirty);
                named.refer(tenantInterface.rdid(), -1, dirty);
            }
            case TenantInterfaceRoute route -> {
                links.remove(route);
                markLinks(route.interfaceId(), dirty);
            }
            case PeerRoute route ->
                routing.remove(route, named.tenant(route.rdid()), named.tenant(route.peerRdid()), dirty);
            case BlackholeRoute route -> routing.remove(route, named.tenant(route.rdid()), dirty);
            case DhcpSubnet dhcp -> {
                Subnet subnet = named.existing(dhcp.rdid(), dhcp.vsid().value());
                macs.setDhcp(subnet, null, dirty);
                dirty.vsids.add(subnet.vsid);
                named.refer(subnet, -1, dirty);
            }
            case PortAcl acl -> {
                acls.remove(acl, named.tenant(acl.rdid()), dirty);
                named.refer(acl.rdid(), -1, dirty);
            }
            case AclAddresses addresses -> {
                acls.remove(addresses, named.tenant(addresses.rdid()), dirty);
                named.refer(addresses.rdid(), -1, dirty);
            }
            case NicBandwidth nic -> {
                nics.remove(nic, named.tenant(nic.rdid()), dirty);
                named.refer(nic.rdid(), -1, dirty);
            }
        }
    }

    private void markLinks(UUID interfaceId, Dirty dirty) {
        UUID rdid = links.tenantOf(interfaceId);
        if (rdid != null) {
            dirty.linkTenants.add(named.tenant(rdid));
        }
    }

    /** A VLAN is either that of a network that all tenants share, or one tenant's. */
    private void refuseVlan(TenantInterface tenantInterface) throws PolicyRejectedException {
        LinkIndex shared = tenantInterface.side() == Side.BACK_END ? provider : external;
        if (shared.hasVlan(tenantInterface.vlanId())) {
            throw new PolicyRejectedException(
                    tenantInterface.key(),
                    "VLAN " + tenantInterface.vlanId() + " of the " + TenantLinkIndex.side(tenantInterface)
                            + " is the gateway's own");
        }
    }

    private void refuseTenantVlan(LinkIndex link, String key, int vlan) throws PolicyRejectedException {
        int number = link == provider ? TenantLinks.backEnd(vlan) : TenantLinks.frontEnd(vlan);
        TenantInterface there = links.interfaces.get(number);
        if (there != null) {
            throw new PolicyRejectedException(key, "VLAN " + vlan + " is already that of " + there.key());
        }
    }

    /** Whether policy has an own IPv6 address on a tenant's VLAN. */
    boolean has(OnLink6 own) {
        TenantInterface there = links.interfaces.get(own.link());
        return there != null
                && TenantLinkRoutes6.addresses(there).stream()
                        .anyMatch(address -> address.address().equals(own.address()));
    }

    /** Own IPv6 addresses that are none any more would have to be found unique again. */
    void forgetUnique6() {
        unique6.removeIf(address -> !provider.owns(address) && !external.owns(address));
        unique6OnLinks.removeIf(own -> !has(own));
    }

    private void addSubnet(VirtualSubnet object, Dirty dirty) throws PolicyRejectedException {
        Subnet subnet = named.claim(object.key(), object.rdid(), object.vsid().value());
        subnet.announcements.put(object.key(), object);
        dirty.vsids.add(subnet.vsid);
        named.refer(subnet, 1, dirty);
    }

    private void removeSubnet(VirtualSubnet object, Dirty dirty) {
        Subnet subnet = named.existing(object.rdid(), object.vsid().value());
        subnet.announcements.remove(object.key());
        dirty.vsids.add(subnet.vsid);
        named.refer(subnet, -1, dirty);
    }

    private void addRecord(LookupRecord record, Dirty dirty) throws PolicyRejectedException {
        int vsid = record.vsid().value();
        Subnet known = subnets.get(vsid);
        // Of a million records nearly all are in subnets that are known by now.
        boolean isKnown = known != null && known.tenant.rdid.equals(record.rdid());
        Tenant tenant = known != null && isKnown ? known.tenant : named.tenant(record.rdid());
        IpAddress sole = soleAddress(record);
        LookupRecord other = sole == null ? null : records.of(tenant, sole);
        if (other != null) {
            throw new PolicyRejectedException(
                    record.key(),
                    "customer address " + sole + " of RDID " + record.rdid() + " is already in VSID " + other.vsid());
        }
        Subnet subnet = known != null && isKnown ? known : named.claim(record.key(), record.rdid(), vsid);
        if (sole == null) {
            tenant.otherRecords.put(record.key(), record);
        } else {
            records.put(tenant, record);
            tenant.recordCount++;
        }
        recordCount++;
        classify(subnet, record, dirty);
        macs.add(subnet, record, dirty);
        named.refer(subnet, 1, dirty);
    }

    private void removeRecord(LookupRecord record, Dirty dirty) {
        Subnet subnet = named.existing(record.rdid(), record.vsid().value());
        IpAddress sole = soleAddress(record);
        if (sole == null) {
            subnet.tenant.otherRecords.remove(record.key());
        } else {
            records.remove(subnet.tenant, sole);
            subnet.tenant.recordCount--;
        }
        recordCount--;
        macs.remove(subnet, record, dirty);
        if (subnet.special.remove(record.key()) != null) {
            dirty.gatewayChanged.add(subnet.tenant);
        } else {
            subnet.vmRecords--;
            markIfLast(subnet, dirty);
        }
        named.refer(subnet, -1, dirty);
    }

    private static void markRecord(Tenant tenant, LookupRecord record, Dirty dirty) {
        switch (soleAddress(record)) {
            case Ipv4Address ca -> dirty.records.add(new Dirty.RecordRow(tenant, ca.value()));
            case Ipv6Address ca -> dirty.records6.add(new Dirty.Record6Row(tenant, ca));
            case null -> {}
        }
    }

    /** The one CA of a record; null for wildcards and L2Only. */
    private static @Nullable IpAddress soleAddress(LookupRecord record) {
        return record.customerAddress().isUnspecified() ? null : record.customerAddress();
    }

    private void classify(Subnet subnet, LookupRecord record, Dirty dirty) {
        if (isSpecial(record)) {
            subnet.special.put(record.key(), record);
            dirty.gatewayChanged.add(subnet.tenant);
        } else {
            subnet.vmRecords++;
            if (subnet.vmRecords == 1) {
                dirty.vsids.add(subnet.vsid);
            }
        }
    }

    /** Whether the VSID has VMs shows in its row. */
    private static void markIfLast(Subnet subnet, Dirty dirty) {
        if (subnet.vmRecords == 0) {
            dirty.vsids.add(subnet.vsid);
        }
    }

    private boolean isSpecial(LookupRecord record) {
        return record.customerAddress().isUnspecified()
                || record.isDefaultGateway()
                || provider.owns(record.providerAddress());
    }

    private void addRoute(CustomerRoute route, Dirty dirty) {
        Tenant tenant = named.tenant(route.rdid());
        tenant.routes
                .computeIfAbsent(route.destinationPrefix(), _ -> new TreeSet<>(Tenant.BEST_FIRST))
                .add(route);
        NamedTenants.refer(tenant, 1, dirty);
        routeCount++;
        dirty.routes.add(new Dirty.RouteRow(tenant, route.destinationPrefix()));
    }

    private void removeRoute(CustomerRoute route, Dirty dirty) {
        Tenant tenant = named.tenant(route.rdid());
        tenant.routes.computeIfPresent(route.destinationPrefix(), (_, there) -> {
            there.remove(route);
            return there.isEmpty() ? null : there;
        });
        NamedTenants.refer(tenant, -1, dirty);
        routeCount--;
        dirty.routes.add(new Dirty.RouteRow(tenant, route.destinationPrefix()));
    }

    private void addOwn(LinkIndex link, String key, IpAddress address, int prefixLength, int vlan, Dirty dirty)
            throws PolicyRejectedException {
        boolean isProvider = link == provider;
        if (provider.owns(address) || external.owns(address)) {
            throw new PolicyRejectedException(key, address + " is already an address of this gateway");
        }
        if (address instanceof Ipv4Address v4
                && nat.isExternal(v4.value())
                && (isProvider || nat.isOneToOne(v4.value()))) {
            throw new PolicyRejectedException(key, address + " is already an external address of NAT");
        }
        refuseTenantVlan(link, key, vlan);
        link.add(new LinkIndex.Address(address, prefixLength, vlan));
        markOwn(link, address, dirty);
    }

    private void removeOwn(LinkIndex link, IpAddress address, Dirty dirty) {
        link.addresses.remove(address);
        markOwn(link, address, dirty);
    }

    private void markOwn(LinkIndex link, IpAddress address, Dirty dirty) {
        dirty.provider |= link == provider;
        dirty.external |= link == external;
        switch (address) {
            case Ipv4Address v4 -> dirty.ownAddresses.add(v4.value());
            case Ipv6Address v6 -> dirty.ownAddresses6.add(v6);
        }
    }

    private void refuseOwn(String key, IpAddress address) throws PolicyRejectedException {
        refuseProvider(key, address);
        if (external.owns(address)) {
            throw new PolicyRejectedException(key, address + " is already an external address of this gateway");
        }
    }

    private void refuseProvider(String key, IpAddress address) throws PolicyRejectedException {
        if (provider.owns(address)) {
            throw new PolicyRejectedException(key, address + " is already a provider address of this gateway");
        }
    }

    /** Provider addresses have changed: sorts every record anew into ours and others'. */
    void reclassify(Dirty dirty) {
        records.forEach(_ -> true, (tenant, record) -> reclassify(tenant, record, dirty));
        for (Tenant tenant : tenants.values()) {
            for (LookupRecord record : tenant.otherRecords.values()) {
                reclassify(tenant, record, dirty);
            }
            // A subnet's row names our PA of either family.
            dirty.gatewayChanged.add(tenant);
        }
    }

    private void reclassify(Tenant tenant, LookupRecord record, Dirty dirty) {
        Subnet subnet = named.existing(tenant.rdid, record.vsid().value());
        boolean was = subnet.special.containsKey(record.key());
        macs.mark(subnet, record, dirty);
        if (record.customerAddress().isUnspecified()) {
            dirty.gatewayChanged.add(tenant);
        }
        if (was == isSpecial(record)) {
            return;
        }
        if (was) {
            subnet.special.remove(record.key());
            dirty.gatewayChanged.add(tenant);
        } else {
            subnet.vmRecords--;
        }
        classify(subnet, record, dirty);
        dirty.vsids.add(subnet.vsid);
        markRecord(tenant, record, dirty);
    }

    /** A change has been added as a whole: looks up what needs all records. */
    void complete(Dirty dirty) {
        if (!dirty.dhcpSubnets.isEmpty()) {
            Set<Tenant> asked = new HashSet<>();
            dirty.dhcpSubnets.forEach(subnet -> asked.add(subnet.tenant));
            records.forEach(asked::contains, (tenant, record) -> {
                Subnet subnet = named.existing(tenant.rdid, record.vsid().value());
                if (dirty.dhcpSubnets.contains(subnet)) {
                    macs.add(subnet, record, dirty);
                }
            });
            dirty.dhcpSubnets.clear();
        }
    }

    private static LinkIndex.Route link(ProviderRoute route) {
        return new LinkIndex.Route(route.destinationPrefix(), route.nextHop(), route.metric());
    }

    private static LinkIndex.Route link(ExternalRoute route) {
        return new LinkIndex.Route(route.destinationPrefix(), route.nextHop(), route.metric());
    }
}
