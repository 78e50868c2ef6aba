package net.nvgate.fabric.ovs;

import java.util.stream.Stream;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;

/**
 * The part of a tenant's policy that this agent has flows for. A tenant with both families works with IPv4 here; its IPv6
 * packets are dropped and counted as neither IPv4 nor ARP.
 */
final class Ipv4Part {

    private Ipv4Part() {}

    static Stream<PolicyObject> of(PolicyObject object) {
        return switch (object) {
            case LookupRecord record ->
                keep(record, isIpv4(record.customerAddress()) && isIpv4(record.providerAddress()));
            case CustomerRoute route -> keep(route, isIpv4(route.nextHop()));
            case VirtualSubnet subnet -> keep(subnet, isIpv4(subnet.prefix().address()));
            case VirtualPort port ->
                Stream.of(new VirtualPort(
                        port.nicId(),
                        port.vmName(),
                        port.rdid(),
                        port.vsid(),
                        port.mac(),
                        port.addresses().stream().filter(Ipv4Part::isIpv4).toList(),
                        port.mtu()));
            default -> Stream.of(object);
        };
    }

    private static Stream<PolicyObject> keep(PolicyObject object, boolean kept) {
        return kept ? Stream.of(object) : Stream.empty();
    }

    private static boolean isIpv4(IpAddress address) {
        return address instanceof Ipv4Address;
    }
}
