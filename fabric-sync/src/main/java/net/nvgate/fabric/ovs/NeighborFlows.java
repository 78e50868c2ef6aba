package net.nvgate.fabric.ovs;

import static net.nvgate.fabric.ovs.FlowProgram.set;

import java.util.List;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.ovs.FlowProgram.LocalPort;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;

/**
 * IPv6 Neighbor Discovery of the VMs (RFC 4861, RFC 4862), answered from lookup records. A solicitation is turned into its answer:
 * type, addresses, flags, and its source link-layer option into a target link-layer option.
 */
final class NeighborFlows {

    private static final int SOLICITATION = 135;
    private static final int ADVERTISEMENT = 136;

    /** Router solicitation to redirect: what only routers or neighbours on a real link may say. */
    private static final int FIRST_TYPE = 133;

    private static final int LAST_TYPE = 137;

    private static final String SOLICIT = "icmp6,icmpv6_type=" + SOLICITATION;
    private static final String ADVERTISE = "icmp6,icmpv6_type=" + ADVERTISEMENT;
    /** RFC 4861 section 7.1.1: nobody has forwarded it. */
    private static final String VALID = ",icmpv6_code=0,nw_ttl=255";

    private static final String NO_OPTION = ",nd_sll=00:00:00:00:00:00";
    private static final String LINK_LOCAL = ",ipv6_src=fe80::/10";
    private static final String UNSPECIFIED = ",ipv6_src=::";

    /** R, S and O bits of RFC 4861 section 4.4. */
    private static final String ROUTER = "0xe0000000";

    private static final String HOST = "0x60000000";
    private static final String UNSOLICITED = "0x20000000";

    private NeighborFlows() {}

    static void add(List<Flow> flows, HostPolicy policy, List<LocalPort> plugged) {
        for (LocalPort local : plugged) {
            boolean any = false;
            for (IpAddress address : local.port().addresses()) {
                if (address instanceof Ipv6Address) {
                    ownAddress(flows, local, address);
                    any = true;
                }
            }
            if (any) {
                senders(flows, local, LINK_LOCAL);
                flows.add(Flow.to(
                        Table.SOURCE,
                        500,
                        SOLICIT + VALID + ",in_port=" + local.ofport() + UNSPECIFIED + NO_OPTION,
                        Table.ND.next()));
            }
        }
        flows.add(Flow.drop(Table.SOURCE, 400, SOLICIT, FlowCounter.SPOOFED_ND));
        dropAllTypes(flows, Table.SOURCE, 390);
        for (LookupRecord record : policy.records()) {
            if (record.customerAddress() instanceof Ipv6Address address && !address.isUnspecified()) {
                flows.add(solicited(record));
            }
        }
        flows.add(Flow.drop(Table.ND, 0, "", FlowCounter.ND_UNKNOWN));
        answers(flows);
    }

    /** None of them may pass between hosts: each answers its own VMs. */
    static void dropAllTypes(List<Flow> flows, Table table, int priority) {
        for (int type = FIRST_TYPE; type <= LAST_TYPE; type++) {
            flows.add(Flow.drop(table, priority, "icmp6,icmpv6_type=" + type, FlowCounter.ND_UNKNOWN));
        }
    }

    private static void ownAddress(List<Flow> flows, LocalPort local, IpAddress address) {
        // An answer would look to the VM as if another had its address.
        String own = SOLICIT + ",in_port=" + local.ofport() + ",nd_target=" + address;
        flows.add(Flow.drop(Table.SOURCE, 600, own, FlowCounter.OWN_ADDRESS_ND));
        senders(flows, local, ",ipv6_src=" + address);
    }

    /** Its source link-layer option, if there is one, must be the VM's MAC. */
    private static void senders(List<Flow> flows, LocalPort local, String source) {
        String match = SOLICIT + VALID + ",in_port=" + local.ofport() + source;
        flows.add(Flow.to(Table.SOURCE, 500, match + ",nd_sll=" + local.port().mac(), Table.ND.next()));
        flows.add(Flow.to(Table.SOURCE, 500, match + NO_OPTION, Table.ND.next()));
    }

    private static Flow solicited(LookupRecord record) {
        String match =
                SOLICIT + "," + FlowProgram.VM_VSID + "=" + record.vsid() + ",nd_target=" + record.customerAddress();
        String actions = "move:eth_src[]->eth_dst[]," + set(record.mac(), "eth_src")
                + "move:ipv6_src[]->ipv6_dst[]," + set(record.customerAddress(), "ipv6_src")
                + set(ADVERTISEMENT, "icmpv6_type")
                + set(record.isDefaultGateway() ? ROUTER : HOST, "nd_reserved")
                + Table.ND_ANSWER.next();
        return Flow.to(Table.ND, 100, match, actions);
    }

    /** In a table of their own: Open vSwitch lets a flow write a target option only if it matches advertisements. */
    private static void answers(List<Flow> flows) {
        // Duplicate address detection: the asker has no address yet, so all nodes are told, which is the asker alone.
        String toAllNodes =
                set("33:33:00:00:00:01", "eth_dst") + set("ff02::1", "ipv6_dst") + set(UNSOLICITED, "nd_reserved");
        flows.add(new Flow(
                Table.ND_ANSWER, 300, ADVERTISE + ",ipv6_dst=::", FlowCounter.ND_ANSWERED, toAllNodes + "IN_PORT"));
        flows.add(new Flow(
                Table.ND_ANSWER,
                200,
                ADVERTISE + ",nd_options_type=1",
                FlowCounter.ND_ANSWERED,
                set(2, "nd_options_type") + "move:eth_src[]->nd_tll[],IN_PORT"));
        // RFC 4861 section 7.2.4: who asks one neighbour without saying its own MAC knows the other's.
        flows.add(new Flow(Table.ND_ANSWER, 100, ADVERTISE, FlowCounter.ND_ANSWERED, "IN_PORT"));
        flows.add(Flow.drop(Table.ND_ANSWER, 0, "", FlowCounter.ND_UNKNOWN));
    }
}
