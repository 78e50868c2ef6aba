package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.InterfaceAddress;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.model.Urpf;
import net.nvgate.fabric.model.Vsid;
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
import net.nvgate.fabric.policy.PolicyObject.TenantInterface;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;

/** Policy as the manager sends it to a gateway with PA 10.0.0.254 and external address 203.0.113.10. */
final class PolicySamples {

    static final String OWN_PA = "10.0.0.254";
    static final String DISTRIBUTED = "169.254.254.254";
    static final long GATEWAY_MAC = 0x001d_d8b7_1c01L;
    static final long ROUTER_MAC = 0x001d_d8b7_1c02L;
    static final long VM_MAC = 0x001d_d8b7_1c03L;

    private PolicySamples() {}

    static UUID id(long number) {
        return new UUID(0, number);
    }

    static int v4(String text) {
        return ((Ipv4Address) IpAddress.parse(text)).value();
    }

    static List<PolicyObject> gateway() {
        return List.of(
                new ProviderAddress(IpAddress.parse(OWN_PA), 24, 0),
                new ProviderRoute(IpPrefix.parse("10.0.0.0/8"), IpAddress.parse("10.0.0.1"), 10),
                new ExternalAddress(IpAddress.parse("203.0.113.10"), 24, 7),
                new ExternalRoute(IpPrefix.parse("0.0.0.0/0"), IpAddress.parse("203.0.113.1"), 1));
    }

    /** Tenant n: VM VSID 6000 + n, gateway VSID 5000 + n, external address 203.0.113.(100 + n). */
    static List<PolicyObject> tenant(int n) {
        UUID rdid = id(n);
        List<PolicyObject> all = new ArrayList<>();
        all.add(new RoutingDomain(rdid, "tenant-" + n));
        all.add(subnet(n, 6000 + n, "192.168.1.0/24", false));
        all.add(subnet(n, 5000 + n, "10.254.254.0/29", true));
        all.add(vm(n, "192.168.1.3", "10.0.0.11"));
        all.add(record(n, 6000 + n, "192.168.1.1", ROUTER_MAC, DISTRIBUTED, LookupRecord.Type.STATIC));
        all.add(record(n, 5000 + n, "10.254.254.2", GATEWAY_MAC, OWN_PA, LookupRecord.Type.STATIC));
        all.add(record(n, 5000 + n, "0.0.0.0", GATEWAY_MAC, OWN_PA, LookupRecord.Type.GATEWAY_WILDCARD));
        all.add(record(n, 5000 + n, "10.254.254.1", ROUTER_MAC, DISTRIBUTED, LookupRecord.Type.STATIC));
        all.add(route(n, 6000 + n, "192.168.1.0/24", "0.0.0.0", 255));
        all.add(route(n, 5000 + n, "10.254.254.0/29", "0.0.0.0", 255));
        all.add(route(n, 5000 + n, "0.0.0.0/0", "10.254.254.2", 255));
        all.add(connection(n, "203.0.113." + (100 + n)));
        all.add(rule(n, n, 8080, "192.168.1.3", 80));
        return all;
    }

    static VirtualSubnet subnet(int n, int vsid, String prefix, boolean gatewaySubnet) {
        return new VirtualSubnet(id(n), new Vsid(vsid), IpPrefix.parse(prefix), gatewaySubnet, "subnet-" + vsid);
    }

    static LookupRecord vm(int n, String ca, String pa) {
        return record(n, 6000 + n, ca, VM_MAC, pa, LookupRecord.Type.STATIC);
    }

    static LookupRecord record(int n, int vsid, String ca, long mac, String pa, LookupRecord.Type type) {
        return new LookupRecord(
                id(n), new Vsid(vsid), IpAddress.parse(ca), new MacAddress(mac), IpAddress.parse(pa), type, "vm-" + ca);
    }

    static CustomerRoute route(int n, int vsid, String prefix, String nextHop, int metric) {
        return new CustomerRoute(id(n), new Vsid(vsid), IpPrefix.parse(prefix), IpAddress.parse(nextHop), metric);
    }

    static TenantInterface tenantInterface(int id, int n, Side side, int vlan, String... addresses) {
        return new TenantInterface(
                id(3000 + id),
                id(n),
                side,
                vlan,
                Stream.of(addresses)
                        .map(address -> new InterfaceAddress(IpAddress.parse(address), address.contains(":") ? 64 : 24))
                        .toList(),
                Urpf.STRICT);
    }

    static NatConnection connection(int n, String external) {
        return new NatConnection(id(1000 + n), id(n), IpAddress.parse(external), 1024, 65535);
    }

    static NatRule rule(int id, int n, int port, String internal, int internalPort) {
        return new NatRule(
                id(2000 + id), id(1000 + n), NatRule.Protocol.TCP, port, IpAddress.parse(internal), internalPort);
    }

    @SafeVarargs
    static List<PolicyObject> all(List<? extends PolicyObject>... parts) {
        List<PolicyObject> all = new ArrayList<>();
        for (List<? extends PolicyObject> part : parts) {
            all.addAll(part);
        }
        return all;
    }
}
