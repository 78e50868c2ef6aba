package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;

/**
 * The OpenFlow program of the tenant bridge: a pure function of policy and of what is plugged in where. The path of a
 * packet through it is drawn at {@link Table}.
 *
 * <p>Registers: xxreg0 = RDID (all 128 bits, so that no numbering of tenants has to be kept), reg4 = VSID of the sending
 * VM, reg5 = VSID to send with, or received, reg6 = FlowID, reg7 or xxreg2 = CA of the next hop, IPv4 or
 * IPv6.
 */
final class FlowProgram {

    static final String RDID = "xxreg0";
    static final String VM_VSID = "reg4";
    static final String VSID = "reg5";
    static final String FLOW_ID = "reg6";

    /** Priority of an entry for a prefix: longer prefixes win, and leave one step in between. */
    static final int PREFIX_PRIORITY = 1000;

    private FlowProgram() {}

    /**
     * @param ofports OpenFlow port of each plugged-in virtual NIC, by NIC id
     * @param tunnelPort OpenFlow port of the NVGRE tunnel
     */
    static List<Flow> of(HostPolicy policy, Map<UUID, Integer> ofports, int tunnelPort) {
        List<LocalPort> plugged = new ArrayList<>();
        for (VirtualPort port : policy.ports()) {
            Integer ofport = ofports.get(port.nicId());
            if (ofport != null) {
                plugged.add(new LocalPort(port, ofport));
            }
        }
        List<Flow> flows = new ArrayList<>();
        flows.add(Flow.drop(Table.CLASSIFY, 200, "vlan_tci=0x1000/0x1000", FlowCounter.VLAN_TAG));
        flows.add(Flow.drop(Table.CLASSIFY, 0, "", FlowCounter.UNKNOWN_PORT));
        VmFlows.add(flows, policy, plugged);
        NeighborFlows.add(flows, policy, plugged);
        RoutingFlows.add(flows, policy, plugged, tunnelPort);
        WireFlows.add(flows, policy, plugged, tunnelPort);
        // Two objects may ask for the same entry, e.g. a wildcard record and the default route to the same gateway.
        Map<String, Flow> unique = new LinkedHashMap<>();
        flows.forEach(flow -> unique.put(flow.identity(), flow));
        for (Flow flow : List.copyOf(unique.values())) {
            countForSenders(unique, flow, plugged);
        }
        return List.copyOf(unique.values());
    }

    /** Drops that a VM brings upon itself get an entry for each VM that may run into them. */
    private static void countForSenders(Map<String, Flow> flows, Flow flow, List<LocalPort> plugged) {
        if (!flow.counter().isOfSender()
                || !flow.table().isOfSenders()
                || flow.match().contains("in_port=")) {
            return;
        }
        for (LocalPort local : plugged) {
            boolean ofAnyTenant = !flow.match().contains(RDID);
            if (ofAnyTenant || flow.match().contains(tenant(local.port().rdid()))) {
                Flow own = flow.ofSender(local.ofport());
                flows.put(own.identity(), own);
            }
        }
    }

    /** A virtual port that is plugged in. */
    record LocalPort(VirtualPort port, int ofport) {}

    /** Match or value of an RDID. */
    static String hex(UUID rdid) {
        return String.format("0x%016x%016x", rdid.getMostSignificantBits(), rdid.getLeastSignificantBits());
    }

    static String tenant(UUID rdid) {
        return RDID + "=" + hex(rdid);
    }

    static String set(Object value, String field) {
        return "set_field:" + value + "->" + field + ",";
    }
}
