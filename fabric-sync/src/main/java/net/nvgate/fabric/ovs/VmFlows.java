package net.nvgate.fabric.ovs;

import static net.nvgate.fabric.ovs.FlowProgram.set;

import java.util.List;
import java.util.Map;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.ovs.FlowProgram.LocalPort;
import net.nvgate.fabric.ovs.HostPolicy.CustomerKey;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;

/** From the VM up to routing: who is it, does it send as itself, and ARP answered from lookup records. */
final class VmFlows {

    private static final String MULTICAST_MAC = "dl_dst=01:00:00:00:00:00/01:00:00:00:00:00";

    private VmFlows() {}

    static void add(List<Flow> flows, HostPolicy policy, List<LocalPort> plugged) {
        Map<CustomerKey, LookupRecord> records = policy.recordsByAddress();
        for (LocalPort local : plugged) {
            classify(flows, local);
            for (IpAddress address : local.port().addresses()) {
                source(flows, policy, records, local, address);
            }
        }
        for (Family family : Family.values()) {
            flows.add(Flow.drop(Table.SOURCE, 300, family.match() + "," + MULTICAST_MAC, FlowCounter.MULTICAST));
            String multicast = family.match() + family.destination(family.multicast());
            flows.add(Flow.drop(Table.SOURCE, 300, multicast, FlowCounter.MULTICAST));
            flows.add(Flow.drop(Table.SOURCE, 100, family.match(), FlowCounter.SPOOFED_ADDRESS));
        }
        flows.add(Flow.drop(Table.SOURCE, 100, "arp", FlowCounter.SPOOFED_ARP));
        flows.add(Flow.drop(Table.SOURCE, 0, "", FlowCounter.NOT_IP));
        for (LookupRecord record : policy.records()) {
            if (record.customerAddress() instanceof Ipv4Address address && !address.isUnspecified()) {
                flows.add(arpAnswer(record));
            }
        }
        flows.add(Flow.drop(Table.ARP, 0, "", FlowCounter.ARP_UNKNOWN));
    }

    private static void classify(List<Flow> flows, LocalPort local) {
        VirtualPort port = local.port();
        String inPort = "in_port=" + local.ofport();
        flows.add(Flow.to(
                Table.CLASSIFY,
                100,
                inPort + ",dl_src=" + port.mac(),
                set(FlowProgram.hex(port.rdid()), FlowProgram.RDID)
                        + set(port.vsid(), FlowProgram.VM_VSID)
                        + Table.SOURCE.next()));
        flows.add(new Flow(Table.CLASSIFY, 50, inPort, FlowCounter.SPOOFED_MAC, "drop", local.ofport()));
    }

    /** A PA is bound to the CA here, because the PA to send from is the one of the sender's record. */
    private static void source(
            List<Flow> flows,
            HostPolicy policy,
            Map<CustomerKey, LookupRecord> records,
            LocalPort local,
            IpAddress address) {
        VirtualPort port = local.port();
        String inPort = "in_port=" + local.ofport();
        IpAddress pa = policy.sourceAddress(new CustomerKey(port.rdid(), address), records)
                .orElseThrow(() -> new IllegalStateException("policy without provider address passed the rules"));
        Family family = Family.of(address);
        flows.add(Flow.to(
                Table.SOURCE,
                200,
                family.match() + "," + inPort + "," + family.source(address),
                set(pa, "tun_src") + Table.ROUTE.next()));
        if (family == Family.IPV4) {
            arp(flows, local, address);
        }
    }

    private static void arp(List<Flow> flows, LocalPort local, IpAddress address) {
        String arp =
                "arp,in_port=" + local.ofport() + ",arp_sha=" + local.port().mac();
        // An answer would look to the VM as if another had its address.
        flows.add(Flow.drop(Table.SOURCE, 300, arp + ",arp_tpa=" + address, FlowCounter.GRATUITOUS_ARP));
        flows.add(Flow.to(Table.SOURCE, 200, arp + ",arp_spa=" + address, Table.ARP.next()));
        // RFC 5227 probe: the sender has no address yet.
        flows.add(Flow.to(Table.SOURCE, 200, arp + ",arp_spa=0.0.0.0", Table.ARP.next()));
    }

    private static Flow arpAnswer(LookupRecord record) {
        String match =
                "arp," + FlowProgram.VM_VSID + "=" + record.vsid() + ",arp_op=1,arp_tpa=" + record.customerAddress();
        String actions = "move:eth_src[]->eth_dst[]," + set(record.mac(), "eth_src") + set(2, "arp_op")
                + "move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[]," + set(record.mac(), "arp_sha")
                + set(record.customerAddress(), "arp_spa") + "IN_PORT";
        return new Flow(Table.ARP, 100, match, FlowCounter.ARP_ANSWERED, actions);
    }
}
