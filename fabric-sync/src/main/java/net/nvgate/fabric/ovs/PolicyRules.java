package net.nvgate.fabric.ovs;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.AclAddresses;
import net.nvgate.fabric.policy.PolicyObject.BlackholeRoute;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.DhcpSubnet;
import net.nvgate.fabric.policy.PolicyObject.ExternalAddress;
import net.nvgate.fabric.policy.PolicyObject.ExternalRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.Nat64Prefix;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.NatExemption;
import net.nvgate.fabric.policy.PolicyObject.NatOneToOne;
import net.nvgate.fabric.policy.PolicyObject.NatRule;
import net.nvgate.fabric.policy.PolicyObject.NicBandwidth;
import net.nvgate.fabric.policy.PolicyObject.Nptv6Prefix;
import net.nvgate.fabric.policy.PolicyObject.PeerRoute;
import net.nvgate.fabric.policy.PolicyObject.PortAcl;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.TenantInterface;
import net.nvgate.fabric.policy.PolicyObject.TenantInterfaceRoute;
import net.nvgate.fabric.policy.PolicyObject.TenantSettings;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.fabric.sync.PolicyRejectedException;

/** What must hold for policy that this agent can turn into flows. */
final class PolicyRules {

    private PolicyRules() {}

    /** Rules of one object. */
    static void check(PolicyObject object) throws PolicyRejectedException {
        switch (object) {
            case LookupRecord record -> unicast(record, record.mac().isMulticast());
            case CustomerRoute route -> oneFamily(route);
            case ProviderAddress address -> ipv4(address, "providerAddress", address.providerAddress());
            case ProviderRoute route -> {
                ipv4(route, "destinationPrefix", route.destinationPrefix());
                ipv4(route, "nextHop", route.nextHop());
            }
            case VirtualPort port -> unicast(port, port.mac().isMulticast());
            case VirtualSubnet _, RoutingDomain _ -> {}
            case ExternalAddress _,
                    ExternalRoute _,
                    NatConnection _,
                    NatRule _,
                    NatOneToOne _,
                    NatExemption _,
                    TenantSettings _,
                    Nat64Prefix _,
                    Nptv6Prefix _,
                    TenantInterface _,
                    TenantInterfaceRoute _,
                    PeerRoute _,
                    BlackholeRoute _,
                    DhcpSubnet _,
                    PortAcl _,
                    AclAddresses _,
                    NicBandwidth _ ->
                throw new PolicyRejectedException(object.key(), "is policy of a gateway; this node is a host");
        }
    }

    /** Rules between objects. */
    static void check(HostPolicy policy) throws PolicyRejectedException {
        checkOneVlan(policy);
        checkOneDomainPerSubnet(policy);
        for (VirtualPort port : policy.ports()) {
            if (policy.providerAddresses().isEmpty()) {
                throw new PolicyRejectedException(port.key(), "runs here, but the host has no provider address");
            }
        }
    }

    /** The tunnel ends at the bridge's own port, and that port is in one VLAN. */
    private static void checkOneVlan(HostPolicy policy) throws PolicyRejectedException {
        for (ProviderAddress address : policy.providerAddresses()) {
            if (address.vlanId() != policy.providerVlan()) {
                throw new PolicyRejectedException(
                        address.key(),
                        "vlanId " + address.vlanId() + " differs from " + policy.providerVlan()
                                + " of the host's other provider addresses; all must be in one VLAN");
            }
        }
    }

    /** A VSID belongs to exactly one RDID: the wire carries nothing else that tells tenants apart. */
    private static void checkOneDomainPerSubnet(HostPolicy policy) throws PolicyRejectedException {
        Map<Vsid, UUID> owner = new HashMap<>();
        for (VirtualSubnet subnet : policy.subnets()) {
            claim(owner, subnet.vsid(), subnet.rdid(), subnet);
        }
        for (LookupRecord record : policy.records()) {
            claim(owner, record.vsid(), record.rdid(), record);
        }
        for (VirtualPort port : policy.ports()) {
            claim(owner, port.vsid(), port.rdid(), port);
        }
    }

    private static void claim(Map<Vsid, UUID> owner, Vsid vsid, UUID rdid, PolicyObject object)
            throws PolicyRejectedException {
        UUID other = owner.putIfAbsent(vsid, rdid);
        if (other != null && !other.equals(rdid)) {
            throw new PolicyRejectedException(
                    object.key(), "VSID " + vsid + " is in RDID " + other + " and cannot be in " + rdid + " as well");
        }
    }

    private static void oneFamily(CustomerRoute route) throws PolicyRejectedException {
        if (Family.of(route.nextHop()) != Family.of(route.destinationPrefix().address())) {
            throw new PolicyRejectedException(
                    route.key(), "nextHop " + route.nextHop() + " is not of the family of the destinationPrefix");
        }
    }

    private static void ipv4(PolicyObject object, String field, IpAddress address) throws PolicyRejectedException {
        if (!(address instanceof Ipv4Address)) {
            throw new PolicyRejectedException(object.key(), field + " " + address + " is not IPv4");
        }
    }

    private static void ipv4(PolicyObject object, String field, IpPrefix prefix) throws PolicyRejectedException {
        ipv4(object, field, prefix.address());
    }

    private static void unicast(PolicyObject object, boolean multicast) throws PolicyRejectedException {
        if (multicast) {
            throw new PolicyRejectedException(object.key(), "mac has the multicast bit set; a NIC's MAC is unicast");
        }
    }
}
