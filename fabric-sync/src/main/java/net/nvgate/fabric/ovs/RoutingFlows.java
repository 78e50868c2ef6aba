package net.nvgate.fabric.ovs;

import static net.nvgate.fabric.ovs.FlowProgram.PREFIX_PRIORITY;
import static net.nvgate.fabric.ovs.FlowProgram.set;
import static net.nvgate.fabric.ovs.FlowProgram.tenant;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.ovs.FlowProgram.LocalPort;
import net.nvgate.fabric.ovs.HostPolicy.CustomerKey;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import org.jspecify.annotations.Nullable;

/**
 * The distributed router: destination CA, customer route, lookup record, then a VM here or NVGRE to the record's PA.
 * Only the destination address decides; the MAC the VM chose is overwritten by the record's, as HNV of 2012 R2 does.
 */
final class RoutingFlows {

    private RoutingFlows() {}

    static void add(List<Flow> flows, HostPolicy policy, List<LocalPort> plugged, int tunnelPort) {
        Map<Vsid, MacAddress> routerMacs = policy.routerMacs();
        for (CustomerRoute route : bestRoutes(policy)) {
            route(flows, route, routerMacs.get(route.vsid()), leadsToGateway(policy, route));
        }
        flows.add(Flow.drop(Table.ROUTE, 0, "", FlowCounter.NO_ROUTE));
        for (Family family : Family.values()) {
            flows.add(Flow.drop(Table.HOP, 100, family.match() + ",nw_ttl=0", FlowCounter.TTL_EXPIRED));
            flows.add(Flow.drop(Table.HOP, 100, family.match() + ",nw_ttl=1", FlowCounter.TTL_EXPIRED));
            flows.add(Flow.to(Table.HOP, 0, family.match(), "dec_ttl," + Table.RECORD.next()));
        }
        records(flows, policy, plugged);
        flows.add(Flow.drop(Table.RECORD, 0, "", FlowCounter.NO_RECORD));
        flows.add(encap(tunnelPort));
    }

    /** One route per tenant and prefix: the lowest metric, then the lowest next hop. */
    static List<CustomerRoute> bestRoutes(HostPolicy policy) {
        Comparator<CustomerRoute> order =
                Comparator.comparingInt(CustomerRoute::metric).thenComparing(CustomerRoute::nextHop);
        Map<String, CustomerRoute> best = new TreeMap<>();
        for (CustomerRoute route : policy.routes()) {
            best.merge(
                    route.rdid() + " " + route.destinationPrefix(), route, (a, b) -> order.compare(a, b) <= 0 ? a : b);
        }
        return List.copyOf(best.values());
    }

    /**
     * The gateway is the hop that tenants see: it counts the TTL down and says so when it ends. It has the default route, also where
     * it shares a subnet with VMs.
     */
    private static boolean leadsToGateway(HostPolicy policy, CustomerRoute route) {
        return route.destinationPrefix().length() == 0
                || policy.subnets().stream()
                        .anyMatch(subnet -> subnet.gatewaySubnet()
                                && subnet.rdid().equals(route.rdid())
                                && subnet.prefix().contains(route.nextHop()));
    }

    private static void route(
            List<Flow> flows, CustomerRoute route, @Nullable MacAddress routerMac, boolean toGateway) {
        Family family = Family.of(route.nextHop());
        String match = family.match() + "," + tenant(route.rdid()) + family.destination(route.destinationPrefix());
        int priority = PREFIX_PRIORITY + 2 * route.destinationPrefix().length();
        boolean onLink = route.nextHop().isUnspecified();
        String nextHop = onLink ? family.destinationIsNextHop() : family.setNextHop(route.nextHop());
        if (onLink) {
            String sameSubnet = match + "," + FlowProgram.VM_VSID + "=" + route.vsid();
            flows.add(Flow.to(Table.ROUTE, priority + 1, sameSubnet, nextHop + Table.RECORD.next()));
        }
        String fromRouter = routerMac == null ? "" : set(routerMac, "eth_src");
        Table next = toGateway ? Table.RECORD : Table.HOP;
        flows.add(Flow.to(Table.ROUTE, priority, match, fromRouter + nextHop + next.next()));
    }

    private static void records(List<Flow> flows, HostPolicy policy, List<LocalPort> plugged) {
        Map<CustomerKey, LocalPort> here = new HashMap<>();
        for (LocalPort local : plugged) {
            for (IpAddress address : local.port().addresses()) {
                here.put(new CustomerKey(local.port().rdid(), address), local);
            }
        }
        Map<CustomerKey, VirtualPort> expected = new HashMap<>();
        for (VirtualPort port : policy.ports()) {
            for (IpAddress address : port.addresses()) {
                expected.put(new CustomerKey(port.rdid(), address), port);
            }
        }
        Set<IpAddress> own = policy.ownAddresses();
        for (LookupRecord record : policy.records()) {
            Family family = Family.of(record.customerAddress());
            String ofTenant = family.match() + "," + tenant(record.rdid());
            if (record.customerAddress().isUnspecified()) {
                flows.add(sendTo(record, 10, ofTenant));
                continue;
            }
            CustomerKey key = new CustomerKey(record.rdid(), record.customerAddress());
            String match = ofTenant + "," + family.nextHop(record.customerAddress());
            LocalPort local = here.get(key);
            if (local != null) {
                String actions = set(local.port().mac(), "eth_dst") + "output:" + local.ofport();
                flows.add(new Flow(Table.RECORD, 100, match, FlowCounter.LOCAL, actions));
            } else if (expected.containsKey(key)) {
                flows.add(Flow.drop(Table.RECORD, 100, match, FlowCounter.NOT_PLUGGED));
            } else if (record.isDefaultGateway() || own.contains(record.providerAddress())) {
                // Microsoft's samples write the dummy PA or the host's own one into default-gateway records.
                flows.add(Flow.drop(Table.RECORD, 100, match, FlowCounter.TO_ROUTER));
            } else {
                flows.add(sendTo(record, 100, match));
            }
        }
        for (VirtualSubnet subnet : policy.subnets()) {
            // A wildcard record is for addresses outside the tenant only.
            Family family = Family.of(subnet.prefix().address());
            String inside = family.match() + "," + tenant(subnet.rdid()) + "," + family.nextHop(subnet.prefix());
            flows.add(Flow.drop(Table.RECORD, 50, inside, FlowCounter.NO_RECORD));
        }
    }

    private static Flow sendTo(LookupRecord record, int priority, String match) {
        String actions = set(record.mac(), "eth_dst")
                + set(record.vsid(), FlowProgram.VSID)
                + set(record.providerAddress(), "tun_dst")
                + Table.ENCAP.next();
        return Flow.to(Table.RECORD, priority, match, actions);
    }

    /** RFC 7637 section 3.2: key = VSID in the upper 24 bits, FlowID of the inner flow's entropy in the lower 8. */
    private static Flow encap(int tunnelPort) {
        String actions = "multipath(symmetric_l3l4+udp,1024,modulo_n,256,0," + FlowProgram.FLOW_ID + "[0..7]),"
                + set(0, "tun_id")
                + "move:" + FlowProgram.VSID + "[0..23]->tun_id[8..31],"
                + "move:" + FlowProgram.FLOW_ID + "[0..7]->tun_id[0..7],output:" + tunnelPort;
        return new Flow(Table.ENCAP, 0, "", FlowCounter.TUNNEL_OUT, actions);
    }
}
