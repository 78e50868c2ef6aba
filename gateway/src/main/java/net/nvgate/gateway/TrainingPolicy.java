package net.nvgate.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.policy.PolicySource;

/** What {@link Training} has the gateway apply: tenants with VMs, a gateway subnet and source NAT. It does not change. */
final class TrainingPolicy implements PolicySource {

    static final NodeId NODE = new NodeId(NodeId.Kind.GATEWAY, "training");

    private static final long REVISION = 1;
    private static final int TENANTS = 50;
    private static final int VMS = 20;
    private static final int SUBNET = 0x5000;
    private static final int GATEWAY_SUBNET = 0x6000;
    private static final IpAddress GATEWAY_PA = IpAddress.parse("10.10.0.1");
    private static final IpAddress ANY = IpAddress.parse("0.0.0.0");
    private static final IpAddress TRANSIT = IpAddress.parse("10.254.254.2");

    @Override
    public long revision() {
        return REVISION;
    }

    @Override
    public boolean knows(NodeId node) {
        return node.equals(NODE);
    }

    @Override
    public PolicySnapshot snapshot(NodeId node) {
        List<PolicyObject> objects = new ArrayList<>(List.of(
                new PolicyObject.ProviderAddress(GATEWAY_PA, 24, 0),
                new PolicyObject.ExternalAddress(IpAddress.parse("203.0.113.2"), 24, 0),
                new PolicyObject.ExternalRoute(prefix("0.0.0.0/0"), IpAddress.parse("203.0.113.1"), 255)));
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            addTenant(objects, tenant);
        }
        return new PolicySnapshot(REVISION, objects);
    }

    private static void addTenant(List<PolicyObject> objects, int tenant) {
        UUID rdid = new UUID(1, tenant);
        Vsid subnet = new Vsid(SUBNET + tenant);
        Vsid gateway = new Vsid(GATEWAY_SUBNET + tenant);
        MacAddress mac = new MacAddress(0x001dd8b71c00L + tenant);
        objects.add(new PolicyObject.RoutingDomain(rdid, "tenant" + tenant));
        objects.add(new PolicyObject.VirtualSubnet(rdid, subnet, prefix("192.168.1.0/24"), false, "vms"));
        objects.add(new PolicyObject.VirtualSubnet(rdid, gateway, prefix("10.254.254.0/29"), true, "gateway"));
        objects.add(new LookupRecord(rdid, gateway, TRANSIT, mac, GATEWAY_PA, LookupRecord.Type.STATIC, "gateway"));
        objects.add(
                new LookupRecord(rdid, gateway, ANY, mac, GATEWAY_PA, LookupRecord.Type.GATEWAY_WILDCARD, "gateway"));
        objects.add(new PolicyObject.CustomerRoute(rdid, subnet, prefix("192.168.1.0/24"), ANY, 255));
        objects.add(new PolicyObject.CustomerRoute(rdid, gateway, prefix("10.254.254.0/29"), ANY, 255));
        objects.add(new PolicyObject.CustomerRoute(rdid, gateway, prefix("0.0.0.0/0"), TRANSIT, 255));
        objects.add(new PolicyObject.NatConnection(
                new UUID(2, tenant), rdid, IpAddress.parse("198.18.0." + (1 + tenant)), 1024, 65_535));
        for (int vm = 0; vm < VMS; vm++) {
            objects.add(new LookupRecord(
                    rdid,
                    subnet,
                    IpAddress.parse("192.168.1." + (10 + vm)),
                    new MacAddress(0x001dd8800000L + (long) VMS * tenant + vm),
                    IpAddress.parse("10.10.0." + (10 + vm)),
                    LookupRecord.Type.STATIC,
                    "vm" + vm));
        }
    }

    private static IpPrefix prefix(String text) {
        return IpPrefix.parse(text);
    }

    @Override
    public Optional<Catchup> since(NodeId node, long revision) {
        return revision == REVISION ? Optional.of(new Catchup(REVISION, List.of())) : Optional.empty();
    }

    @Override
    public Subscription subscribe(Listener listener) {
        return () -> {};
    }
}
