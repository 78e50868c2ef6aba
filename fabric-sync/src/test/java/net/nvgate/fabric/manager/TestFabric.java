package net.nvgate.fabric.manager;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec.IpPoolSpec;
import net.nvgate.fabric.manager.FabricSpec.NicSpec;
import net.nvgate.fabric.manager.FabricSpec.VmNetworkSpec;
import net.nvgate.fabric.manager.FabricSpec.VmSpec;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.testing.Await;

/** A small datacenter for tests: a PA network 10.10.0.0/24 and an external network 203.0.113.0/24, both with pools. */
public final class TestFabric implements AutoCloseable {

    public final FabricManager manager;
    public final IpPool paPool;
    public final IpPool externalPool;
    public final LogicalNetwork paNetwork;

    public TestFabric(FabricStore store, long seed) {
        this(store, seed, "");
    }

    /** @param more fields of the PA network in JSON, each with a comma before it */
    public TestFabric(FabricStore store, long seed, String more) {
        manager = new FabricManager(store, new Random(seed), new SimpleMeterRegistry());
        paNetwork = network("pa-network", true, more);
        paPool = pool("pa-pool", paNetwork, "10.10.0.0/24", "10.10.0.254");
        externalPool = pool("external-pool", network("external-network", false), "203.0.113.0/24", "203.0.113.1");
    }

    /** What another manager has committed comes to this one by the store's watch. */
    public static void awaitRevision(FabricManager manager, long revision) {
        Await.until(() -> "revision " + revision + ", not " + manager.revision(), () -> manager.revision() >= revision);
    }

    public static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    public LogicalNetwork network(String name, boolean virtualization) {
        return network(name, virtualization, "");
    }

    private LogicalNetwork network(String name, boolean virtualization, String more) {
        return (LogicalNetwork)
                make(Kind.LOGICAL_NETWORK, named(name) + ",\"networkVirtualization\":" + virtualization + more);
    }

    public NetworkSite site(String name, LogicalNetwork network, String prefix) {
        return site(name, network, prefix, "");
    }

    /** @param more fields in JSON, each with a comma before it */
    public NetworkSite site(String name, LogicalNetwork network, String prefix, String more) {
        return (NetworkSite) make(
                Kind.NETWORK_SITE,
                named(name) + field("logicalNetworkId", network.id()) + ",\"subnets\":[{\"prefix\":\"" + prefix + "\"}]"
                        + more);
    }

    public IpPool pool(String name, LogicalNetwork network, String prefix, String router) {
        return manager.create(
                poolSpec(name, site(name + "-site", network, prefix).id(), prefix, "", "", List.of(), router));
    }

    /** Empty texts stand for absent fields. */
    public static IpPoolSpec poolSpec(
            String name, UUID site, String prefix, String start, String end, List<IpAddress> reserved, String router) {
        String json = "{" + named(name) + field("networkSiteId", site) + field("prefix", prefix)
                + (start.isEmpty() ? "" : field("rangeStart", start))
                + (end.isEmpty() ? "" : field("rangeEnd", end))
                + ",\"reserved\":" + FabricJson.write(reserved)
                + (router.isEmpty() ? "" : ",\"defaultGateways\":[\"" + router + "\"]") + "}";
        return FabricJson.read(json, IpPoolSpec.class);
    }

    private static Optional<IpAddress> optional(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(ip(text));
    }

    public Host host(String name) {
        return host(name, "");
    }

    /** @param more fields in JSON, each with a comma before it */
    public Host host(String name, String more) {
        return (Host)
                make(Kind.HOST, named(name) + field("hostType", "LINUX_OVS") + field("paPoolId", paPool.id()) + more);
    }

    public Gateway gateway(String name, int maxVmNetworks) {
        return gateway(name, ",\"maxVmNetworks\":" + maxVmNetworks);
    }

    /** @param more fields in JSON, each with a comma before it */
    public Gateway gateway(String name, String more) {
        return (Gateway) make(
                Kind.GATEWAY,
                named(name) + field("paPoolId", paPool.id()) + field("externalPoolId", externalPool.id()) + more);
    }

    public VmNetwork vmNetwork(String name) {
        return manager.create(new VmNetworkSpec(new SpecMeta(name, ""), paNetwork.id(), Optional.empty()));
    }

    public VmSubnet vmSubnet(String name, VmNetwork network, String prefix) {
        return vmSubnet(name, network, prefix, "");
    }

    /** @param more fields in JSON, each with a comma before it */
    public VmSubnet vmSubnet(String name, VmNetwork network, String prefix, String more) {
        return (VmSubnet)
                make(Kind.VM_SUBNET, named(name) + field("vmNetworkId", network.id()) + field("prefix", prefix) + more);
    }

    public VmNetworkGateway attach(String name, VmNetwork network, Gateway gateway) {
        return attach(name, network, gateway, "");
    }

    /** @param more fields in JSON, each with a comma before it */
    public VmNetworkGateway attach(String name, VmNetwork network, Gateway gateway, String more) {
        return (VmNetworkGateway) make(
                Kind.VM_NETWORK_GATEWAY,
                named(name) + field("vmNetworkId", network.id()) + field("gatewayId", gateway.id()) + more);
    }

    /** Makes an object from the members of a JSON object, as the API does. */
    public FabricObject make(Kind kind, String members) {
        FabricSpec<?> spec = FabricJson.read("{" + members + "}", FabricSpec.type(kind));
        return manager.create(spec);
    }

    /** Changes an object as the API does. */
    public <T extends FabricObject> T patch(T object, String members) {
        @SuppressWarnings("unchecked") // a patch does not change the kind
        T patched = (T) manager.patch(object.kind(), object.id(), Patch.read("{" + members + "}"));
        return patched;
    }

    public static String named(String name) {
        return "\"name\":\"" + name + "\"";
    }

    /** With a comma before it. */
    public static String field(String name, Object value) {
        return ",\"" + name + "\":\"" + value + "\"";
    }

    public Vm vm(String name, Host host, VmSubnet subnet) {
        return manager.create(vmSpec(name, host, subnet, ""));
    }

    public static VmSpec vmSpec(String name, Host host, VmSubnet subnet, String address) {
        NicSpec nic = new NicSpec(Optional.empty(), subnet.id(), optional(address), Optional.empty(), Optional.empty());
        return new VmSpec(new SpecMeta(name, ""), host.id(), List.of(nic));
    }

    /** A classification whose profile lets guests choose their addresses, on a logical switch. */
    public FabricObject guestClassification() {
        FabricObject profile = make(Kind.PORT_PROFILE, named("guests") + ",\"security\":{\"guestSpecifiedIp\":true}");
        FabricObject classification = make(Kind.PORT_CLASSIFICATION, named("guests"));
        FabricObject uplink = make(Kind.UPLINK_PORT_PROFILE, named("uplink"));
        make(
                Kind.LOGICAL_SWITCH,
                named("switch") + ",\"uplinkPortProfileIds\":[\"" + uplink.id()
                        + "\"],\"virtualPorts\":[{\"portClassificationId\":\"" + classification.id()
                        + "\",\"portProfileId\":\"" + profile.id() + "\"}]");
        return classification;
    }

    public NatConnection nat(String name, VmNetworkGateway gateway) {
        return nat(name, gateway, "");
    }

    /** @param more fields in JSON, each with a comma before it */
    public NatConnection nat(String name, VmNetworkGateway gateway, String more) {
        return (NatConnection)
                make(Kind.NAT_CONNECTION, named(name) + field("vmNetworkGatewayId", gateway.id()) + more);
    }

    public NatRule rule(String name, NatConnection nat, int port, String target) {
        return rule(name, nat, port, target, "");
    }

    /** @param more fields in JSON, each with a comma before it */
    public NatRule rule(String name, NatConnection nat, int port, String target, String more) {
        return (NatRule) make(
                Kind.NAT_RULE,
                named(name) + field("natConnectionId", nat.id()) + field("protocol", "TCP")
                        + field("internalAddress", target) + ",\"externalPort\":" + port + ",\"internalPort\":" + port
                        + more);
    }

    @Override
    public void close() {
        manager.close();
    }
}
