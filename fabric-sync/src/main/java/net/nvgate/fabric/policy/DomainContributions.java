package net.nvgate.fabric.policy;

import static net.nvgate.fabric.policy.PolicyObject.LookupRecord.DISTRIBUTED_ROUTER_PA;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyObject.BlackholeRoute;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.DhcpSubnet;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.Nat64Prefix;
import net.nvgate.fabric.policy.PolicyObject.Nptv6Prefix;
import net.nvgate.fabric.policy.PolicyObject.TenantSettings;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;

/** Policy of a routing domain's subnets and of its gateway, per family of addresses. */
final class DomainContributions {

    private DomainContributions() {}

    static List<Contribution> subnet(VmSubnet subnet, ModelView model) {
        Section section = Section.domain(subnet.vmNetworkId());
        UUID rdid = rdid(subnet.vmNetworkId(), model);
        List<PolicyObject> shared = new ArrayList<>();
        addSubnet(shared, rdid, subnet, subnet.prefix(), subnet.defaultGateway());
        subnet.prefix6()
                .ifPresent(prefix -> addSubnet(
                        shared, rdid, subnet, prefix, subnet.defaultGateway6().orElseThrow()));
        List<Contribution> policy = all(section, shared);
        subnet.dhcp()
                .ifPresent(dhcp -> policy.add(new Contribution(
                        Section.gatewayOf(subnet.vmNetworkId()),
                        new DhcpSubnet(
                                rdid,
                                subnet.vsid(),
                                subnet.defaultGateway(),
                                dhcp.dnsServers(),
                                dhcp.domainName(),
                                dhcp.leaseSeconds(),
                                dhcp.mtu()))));
        return policy;
    }

    private static void addSubnet(
            List<PolicyObject> policy, UUID rdid, VmSubnet subnet, IpPrefix prefix, IpAddress router) {
        policy.add(new VirtualSubnet(rdid, subnet.vsid(), prefix, false, subnet.name()));
        policy.add(routerRecord(rdid, subnet.vsid(), router, subnet.defaultGatewayMac()));
        policy.add(onLink(rdid, subnet.vsid(), prefix));
    }

    private static LookupRecord routerRecord(UUID rdid, Vsid vsid, IpAddress router, MacAddress mac) {
        return new LookupRecord(rdid, vsid, router, mac, DISTRIBUTED_ROUTER_PA, LookupRecord.Type.STATIC, "");
    }

    private static CustomerRoute onLink(UUID rdid, Vsid vsid, IpPrefix prefix) {
        return new CustomerRoute(rdid, vsid, prefix, Contributions.unspecified(prefix.address()), Contributions.METRIC);
    }

    static List<Contribution> vmNetworkGateway(VmNetworkGateway gateway, ModelView model) {
        UUID rdid = rdid(gateway.vmNetworkId(), model);
        Gateway node = model.get(Gateway.class, gateway.gatewayId());
        List<PolicyObject> shared = new ArrayList<>();
        List<PolicyObject> own = new ArrayList<>();
        List<Contribution> reaching = new ArrayList<>();
        Way way = new Way(rdid, gateway, node, shared, own, reaching);
        way.add(gateway.routingSubnet(), gateway.address(), gateway.routerAddress());
        gateway.routingSubnet6()
                .ifPresent(prefix -> way.add(
                        prefix,
                        gateway.address6().orElseThrow(),
                        gateway.routerAddress6().orElseThrow()));
        addRoutes(shared, own, rdid, gateway, model);
        settings(rdid, gateway).ifPresent(own::add);
        gateway.nat64Prefix().ifPresent(prefix -> own.add(new Nat64Prefix(rdid, prefix)));
        gateway.nptv6Prefixes()
                .forEach(pair -> own.add(new Nptv6Prefix(rdid, pair.insidePrefix(), pair.outsidePrefix())));
        List<Contribution> policy = all(Section.domain(gateway.vmNetworkId()), shared);
        policy.addAll(reaching);
        policy.addAll(all(Section.gatewayOf(gateway.vmNetworkId()), own));
        return policy;
    }

    /** The way from the tenant to its gateway: what each family of addresses adds to it. */
    private record Way(
            UUID rdid,
            VmNetworkGateway gateway,
            Gateway node,
            List<PolicyObject> shared,
            List<PolicyObject> own,
            List<Contribution> reaching) {

        void add(IpPrefix subnet, IpAddress address, IpAddress router) {
            Vsid vsid = gateway.vsid();
            if (!gateway.sharesVmSubnet()) {
                shared.add(new VirtualSubnet(rdid, vsid, subnet, true, gateway.name()));
                shared.add(routerRecord(rdid, vsid, router, gateway.routerMac()));
                shared.add(onLink(rdid, vsid, subnet));
            }
            addReaching(address, LookupRecord.Type.STATIC);
            shared.add(new CustomerRoute(rdid, vsid, Contributions.any(address), address, Contributions.METRIC));
            IpAddress wildcard = Contributions.unspecified(address);
            if (gateway.wildcardRecords() == VmNetworkGateway.WildcardRecords.ALL_HOSTS) {
                addReaching(wildcard, LookupRecord.Type.GATEWAY_WILDCARD);
            } else {
                own.add(record(wildcard, LookupRecord.Type.GATEWAY_WILDCARD, node.providerAddress()));
            }
        }

        /** A node gets the record with the PA of its own family. */
        private void addReaching(IpAddress address, LookupRecord.Type type) {
            for (IpAddress pa : node.providerAddresses()) {
                Section section = Section.reaching(gateway.vmNetworkId(), pa);
                reaching.add(new Contribution(section, record(address, type, pa)));
            }
        }

        private LookupRecord record(IpAddress address, LookupRecord.Type type, IpAddress pa) {
            return new LookupRecord(rdid, gateway.vsid(), address, gateway.mac(), pa, type, gateway.name());
        }
    }

    private static void addRoutes(
            List<PolicyObject> shared, List<PolicyObject> own, UUID rdid, VmNetworkGateway gateway, ModelView model) {
        for (VmNetworkGateway.Route route : gateway.routes()) {
            if (route.blackhole()) {
                own.add(new BlackholeRoute(rdid, route.destinationPrefix()));
            }
            for (IpAddress nextHop : route.nextHops()) {
                Vsid vsid = model.subnetHolding(gateway.vmNetworkId(), nextHop).vsid();
                shared.add(new CustomerRoute(rdid, vsid, route.destinationPrefix(), nextHop, route.metric()));
            }
        }
    }

    /** Empty if all are defaults. */
    private static Optional<TenantSettings> settings(UUID rdid, VmNetworkGateway gateway) {
        TenantSettings settings = new TenantSettings(
                rdid,
                gateway.planLimits().applied(gateway.quota()),
                gateway.dscpMode(),
                gateway.dscp(),
                gateway.pcp(),
                gateway.effectiveLimits());
        return settings.equals(TenantSettings.defaults(rdid)) ? Optional.empty() : Optional.of(settings);
    }

    private static UUID rdid(UUID vmNetworkId, ModelView model) {
        return model.get(VmNetwork.class, vmNetworkId).rdid();
    }

    private static List<Contribution> all(Section section, List<PolicyObject> objects) {
        List<Contribution> policy = new ArrayList<>(objects.size());
        objects.forEach(object -> policy.add(new Contribution(section, object)));
        return policy;
    }
}
