package net.nvgate.fabric.ovs;

import static net.nvgate.fabric.ovs.FlowProgram.PREFIX_PRIORITY;
import static net.nvgate.fabric.ovs.FlowProgram.set;
import static net.nvgate.fabric.ovs.FlowProgram.tenant;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.ovs.FlowProgram.LocalPort;
import net.nvgate.fabric.ovs.HostPolicy.CustomerKey;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;

/**
 * From the wire to the VMs, never back to the wire. The inner source must live where the frame comes from: at the PA of
 * its lookup record, or behind the PA of the gateway that the tenant's routes name for it.
 */
final class WireFlows {

    private static final int RECORD_PRIORITY = 2000;
    private static final int ND_PRIORITY = 3000;

    private WireFlows() {}

    static void add(List<Flow> flows, HostPolicy policy, List<LocalPort> plugged, int tunnelPort) {
        classify(flows, plugged, tunnelPort);
        Set<IpAddress> own = policy.ownAddresses();
        for (LookupRecord record : policy.records()) {
            if (record.isDefaultGateway() || own.contains(record.providerAddress())) {
                continue;
            }
            boolean wildcard = record.customerAddress().isUnspecified();
            Family family = Family.of(record.customerAddress());
            String source = wildcard ? "" : "," + family.source(record.customerAddress());
            // A wildcard counts as a default route: any prefix of the tenant's own is more precise.
            int priority = wildcard ? PREFIX_PRIORITY + 1 : RECORD_PRIORITY;
            flows.add(accept(priority, family, record.rdid(), record.providerAddress(), source));
        }
        Map<CustomerKey, LookupRecord> records = policy.recordsByAddress();
        for (CustomerRoute route : RoutingFlows.bestRoutes(policy)) {
            reversePath(flows, route, records);
        }
        NeighborFlows.dropAllTypes(flows, Table.WIRE_SOURCE, ND_PRIORITY);
        for (Family family : Family.values()) {
            flows.add(Flow.drop(Table.WIRE_SOURCE, 1, family.match(), FlowCounter.SPOOFED_SOURCE));
        }
        flows.add(Flow.drop(Table.WIRE_SOURCE, 0, "", FlowCounter.NOT_IP));
        for (LocalPort local : plugged) {
            deliver(flows, local);
        }
        flows.add(Flow.drop(Table.DELIVER, 0, "", FlowCounter.UNKNOWN_DESTINATION));
    }

    /** The key's VSID tells the tenant; any FlowID will do. */
    private static void classify(List<Flow> flows, List<LocalPort> plugged, int tunnelPort) {
        Map<Vsid, UUID> tenants = new TreeMap<>();
        plugged.forEach(local -> tenants.put(local.port().vsid(), local.port().rdid()));
        String inPort = "in_port=" + tunnelPort;
        tenants.forEach((vsid, rdid) -> flows.add(Flow.to(
                Table.CLASSIFY,
                100,
                inPort + String.format(",tun_id=0x%x/0xffffff00", (long) vsid.value() << 8),
                set(FlowProgram.hex(rdid), FlowProgram.RDID)
                        + set(vsid, FlowProgram.VSID)
                        + Table.WIRE_SOURCE.next())));
        flows.add(Flow.drop(Table.CLASSIFY, 50, inPort, FlowCounter.UNKNOWN_VSID));
    }

    /** The customer route back to a source names the only gateway it may come from; on-link sources need a record. */
    private static void reversePath(List<Flow> flows, CustomerRoute route, Map<CustomerKey, LookupRecord> records) {
        Family family = Family.of(route.nextHop());
        String source = family.source(route.destinationPrefix());
        int priority = PREFIX_PRIORITY + 2 * route.destinationPrefix().length();
        if (!route.nextHop().isUnspecified()) {
            LookupRecord gateway = records.get(new CustomerKey(route.rdid(), route.nextHop()));
            if (gateway != null && !gateway.isDefaultGateway()) {
                flows.add(accept(priority + 1, family, route.rdid(), gateway.providerAddress(), source));
            }
        }
        String match = family.match() + "," + tenant(route.rdid()) + source;
        flows.add(Flow.drop(Table.WIRE_SOURCE, priority, match, FlowCounter.SPOOFED_SOURCE));
    }

    private static Flow accept(int priority, Family family, UUID rdid, IpAddress pa, String source) {
        String match = family.match() + "," + tenant(rdid) + ",tun_src=" + pa + source;
        return Flow.to(Table.WIRE_SOURCE, priority, match, Table.DELIVER.next());
    }

    private static void deliver(List<Flow> flows, LocalPort local) {
        for (IpAddress address : local.port().addresses()) {
            Family family = Family.of(address);
            String match = family.match() + "," + FlowProgram.VSID + "="
                    + local.port().vsid() + ",dl_dst=" + local.port().mac() + "," + family.destination(address);
            flows.add(new Flow(Table.DELIVER, 100, match, FlowCounter.TUNNEL_IN, "output:" + local.ofport()));
        }
    }
}
