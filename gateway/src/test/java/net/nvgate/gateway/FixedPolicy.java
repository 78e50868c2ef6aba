package net.nvgate.gateway;

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

/** One gateway's policy at one revision: a tenant with a VM, a gateway subnet and source NAT, as the manager makes it. */
final class FixedPolicy implements PolicySource {

    static final long REVISION = 7;
    static final String HOST_PA = "10.10.0.9";
    static final String GATEWAY_PA = "10.10.0.1";
    static final String VM_CA = "192.168.1.3";
    static final String NAT_ADDRESS = "203.0.113.50";
    static final String SERVER = "203.0.113.9";
    static final int VM_VSID = 6000;
    static final int GATEWAY_VSID = 5000;
    static final MacAddress VM_MAC = MacAddress.parse("00:1d:d8:b7:1c:03");
    static final MacAddress GATEWAY_MAC = MacAddress.parse("00:1d:d8:b7:1c:10");

    private static final UUID RDID = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final MacAddress ROUTER_MAC = MacAddress.parse("00:1d:d8:b7:1c:11");

    static final NodeId NODE = new NodeId(NodeId.Kind.GATEWAY, "gw1");

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
        return new PolicySnapshot(
                REVISION,
                List.of(
                        new PolicyObject.RoutingDomain(RDID, "blue"),
                        subnet(VM_VSID, "192.168.1.0/24", false),
                        subnet(GATEWAY_VSID, "10.254.254.0/29", true),
                        record(VM_VSID, VM_CA, VM_MAC, HOST_PA, LookupRecord.Type.STATIC),
                        record(VM_VSID, "192.168.1.1", ROUTER_MAC, "169.254.254.254", LookupRecord.Type.STATIC),
                        record(GATEWAY_VSID, "10.254.254.2", GATEWAY_MAC, GATEWAY_PA, LookupRecord.Type.STATIC),
                        record(GATEWAY_VSID, "0.0.0.0", GATEWAY_MAC, GATEWAY_PA, LookupRecord.Type.GATEWAY_WILDCARD),
                        record(GATEWAY_VSID, "10.254.254.1", ROUTER_MAC, "169.254.254.254", LookupRecord.Type.STATIC),
                        route(VM_VSID, "192.168.1.0/24", "0.0.0.0"),
                        route(GATEWAY_VSID, "10.254.254.0/29", "0.0.0.0"),
                        route(GATEWAY_VSID, "0.0.0.0/0", "10.254.254.2"),
                        new PolicyObject.ProviderAddress(IpAddress.parse(GATEWAY_PA), 24, 0),
                        new PolicyObject.ExternalAddress(IpAddress.parse("203.0.113.2"), 24, 0),
                        new PolicyObject.ExternalRoute(IpPrefix.parse("0.0.0.0/0"), IpAddress.parse(SERVER), 255),
                        new PolicyObject.NatConnection(
                                UUID.fromString("00000000-0000-4000-8000-000000000002"),
                                RDID,
                                IpAddress.parse(NAT_ADDRESS),
                                1024,
                                65535)));
    }

    private static PolicyObject subnet(int vsid, String prefix, boolean gateway) {
        return new PolicyObject.VirtualSubnet(RDID, new Vsid(vsid), IpPrefix.parse(prefix), gateway, "s" + vsid);
    }

    static PolicyObject record(int vsid, String ca, MacAddress mac, String pa, LookupRecord.Type type) {
        return new LookupRecord(RDID, new Vsid(vsid), IpAddress.parse(ca), mac, IpAddress.parse(pa), type, "vm1");
    }

    private static PolicyObject route(int vsid, String prefix, String nextHop) {
        return new PolicyObject.CustomerRoute(
                RDID, new Vsid(vsid), IpPrefix.parse(prefix), IpAddress.parse(nextHop), 255);
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
