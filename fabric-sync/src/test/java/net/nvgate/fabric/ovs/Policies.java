package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.fabric.policy.PolicySnapshot;

/**
 * A small fabric as the manager would project it to a host: tenants with VSIDs n, n+1 (VMs) and n-1000 (gateway), hosts
 * 10.0.0.11 and 10.0.0.12, gateway 10.0.0.1.
 */
final class Policies {

    static final IpAddress PA_A = IpAddress.parse("10.0.0.11");
    static final IpAddress PA_B = IpAddress.parse("10.0.0.12");
    static final IpAddress PA_GATEWAY = IpAddress.parse("10.0.0.1");
    static final Tenant BLUE = new Tenant(new UUID(0x1111, 0xb1), "blue", 6000, 0xb0);
    static final Tenant RED = new Tenant(new UUID(0x1111, 0x4ed), "red", 16_000_000, 0xe0);

    private Policies() {}

    /** @param macByte second-last octet of its MACs, so that tenants never share one */
    record Tenant(UUID rdid, String name, int vsid, int macByte) {

        Vsid vmVsid() {
            return new Vsid(vsid);
        }

        /** The tenant's second VM subnet. */
        Vsid otherVsid() {
            return new Vsid(vsid + 1);
        }

        Vsid gatewayVsid() {
            return new Vsid(vsid - 1000);
        }

        MacAddress mac(int last) {
            return MacAddress.parse(String.format("00:1d:d8:b7:%02x:%02x", macByte, last));
        }

        UUID nic(int last) {
            return new UUID(rdid.getLeastSignificantBits(), last);
        }

        /** VM 192.168.1.{last}, or 192.168.2.{last} from 100 up. */
        IpAddress vmAddress(int last) {
            return IpAddress.parse((last < 100 ? "192.168.1." : "192.168.2.") + last);
        }

        /** VM fd00:1::{last}, or fd00:2::{last} from 100 up, the number written in hexadecimal. */
        IpAddress vmAddress6(int last) {
            return IpAddress.parse((last < 100 ? "fd00:1::" : "fd00:2::") + Integer.toHexString(last));
        }

        LookupRecord vmRecord(int last, IpAddress pa) {
            return record(last < 100 ? vmVsid() : otherVsid(), vmAddress(last), mac(last), pa, "vm" + last);
        }

        VirtualPort vmPort(int last) {
            Vsid own = last < 100 ? vmVsid() : otherVsid();
            return new VirtualPort(nic(last), "vm" + last, rdid, own, mac(last), List.of(vmAddress(last)), 1500);
        }

        LookupRecord record(Vsid vsid, IpAddress ca, MacAddress mac, IpAddress pa, String vm) {
            return new LookupRecord(rdid, vsid, ca, mac, pa, LookupRecord.Type.STATIC, vm);
        }

        /** Everything but VMs: subnets, default-gateway records, the gateway and the routes. */
        List<PolicyObject> base() {
            IpAddress router = LookupRecord.DISTRIBUTED_ROUTER_PA;
            IpAddress onLink = IpAddress.parse("0.0.0.0");
            IpAddress gatewayCa = IpAddress.parse("10.254.254.2");
            return List.of(
                    new RoutingDomain(rdid, name),
                    new VirtualSubnet(rdid, vmVsid(), IpPrefix.parse("192.168.1.0/24"), false, "one"),
                    new VirtualSubnet(rdid, otherVsid(), IpPrefix.parse("192.168.2.0/24"), false, "two"),
                    new VirtualSubnet(rdid, gatewayVsid(), IpPrefix.parse("10.254.254.0/29"), true, "gateway"),
                    record(vmVsid(), IpAddress.parse("192.168.1.1"), mac(1), router, ""),
                    record(otherVsid(), IpAddress.parse("192.168.2.1"), mac(0xf1), router, ""),
                    record(gatewayVsid(), IpAddress.parse("10.254.254.1"), mac(0xf2), router, ""),
                    record(gatewayVsid(), gatewayCa, mac(0xfe), PA_GATEWAY, ""),
                    new CustomerRoute(rdid, vmVsid(), IpPrefix.parse("192.168.1.0/24"), onLink, 255),
                    new CustomerRoute(rdid, otherVsid(), IpPrefix.parse("192.168.2.0/24"), onLink, 255),
                    new CustomerRoute(rdid, gatewayVsid(), IpPrefix.parse("10.254.254.0/29"), onLink, 255),
                    new CustomerRoute(rdid, gatewayVsid(), IpPrefix.parse("0.0.0.0/0"), gatewayCa, 255));
        }
    }

    /** The tenant's IPv6: fd00:1::/64 and fd00:2::/64 beside the IPv4 subnets, fd0a:fefe::2 beside the gateway's CA. */
    static List<PolicyObject> base6(Tenant tenant) {
        UUID rdid = tenant.rdid();
        IpAddress router = LookupRecord.DISTRIBUTED_ROUTER_PA;
        IpAddress onLink = IpAddress.parse("::");
        IpAddress gatewayCa = IpAddress.parse("fd0a:fefe::2");
        return List.of(
                new VirtualSubnet(rdid, tenant.vmVsid(), IpPrefix.parse("fd00:1::/64"), false, "one"),
                new VirtualSubnet(rdid, tenant.otherVsid(), IpPrefix.parse("fd00:2::/64"), false, "two"),
                new VirtualSubnet(rdid, tenant.gatewayVsid(), IpPrefix.parse("fd0a:fefe::/64"), true, "gateway"),
                tenant.record(tenant.vmVsid(), IpAddress.parse("fd00:1::1"), tenant.mac(1), router, ""),
                tenant.record(tenant.otherVsid(), IpAddress.parse("fd00:2::1"), tenant.mac(0xf1), router, ""),
                tenant.record(tenant.gatewayVsid(), IpAddress.parse("fd0a:fefe::1"), tenant.mac(0xf2), router, ""),
                tenant.record(tenant.gatewayVsid(), gatewayCa, tenant.mac(0xfe), PA_GATEWAY, ""),
                new CustomerRoute(rdid, tenant.vmVsid(), IpPrefix.parse("fd00:1::/64"), onLink, 255),
                new CustomerRoute(rdid, tenant.otherVsid(), IpPrefix.parse("fd00:2::/64"), onLink, 255),
                new CustomerRoute(rdid, tenant.gatewayVsid(), IpPrefix.parse("fd0a:fefe::/64"), onLink, 255),
                new CustomerRoute(rdid, tenant.gatewayVsid(), IpPrefix.parse("::/0"), gatewayCa, 255));
    }

    /** {@link #hostA} where both tenants have both families; VM 4 has IPv6 only. */
    static List<PolicyObject> hostAWithIpv6() {
        List<PolicyObject> objects = new ArrayList<>();
        for (PolicyObject object : hostA()) {
            boolean ofVm4 =
                    object instanceof LookupRecord record && record.vmName().equals("vm4");
            if (!ofVm4 && !(object instanceof VirtualPort)) {
                objects.add(object);
            }
        }
        for (Tenant tenant : List.of(BLUE, RED)) {
            objects.addAll(base6(tenant));
            for (int last : new int[] {3, 4, 103, 5, 105}) {
                Vsid vsid = last < 100 ? tenant.vmVsid() : tenant.otherVsid();
                boolean here = last != 5 && last != 105;
                IpAddress address6 = tenant.vmAddress6(last);
                objects.add(tenant.record(vsid, address6, tenant.mac(last), here ? PA_A : PA_B, "vm" + last));
                if (here) {
                    List<IpAddress> addresses =
                            last == 4 ? List.of(address6) : List.of(tenant.vmAddress(last), address6);
                    objects.add(new VirtualPort(
                            tenant.nic(last), "vm" + last, tenant.rdid(), vsid, tenant.mac(last), addresses, 1500));
                }
            }
        }
        return objects;
    }

    static VirtualPort withAddress(VirtualPort port, IpAddress another) {
        List<IpAddress> addresses = new ArrayList<>(port.addresses());
        addresses.add(another);
        return new VirtualPort(
                port.nicId(), port.vmName(), port.rdid(), port.vsid(), port.mac(), addresses, port.mtu());
    }

    /** What host A gets: of both tenants VM 3 and 4 here, 5 and 105 on host B, 103 here. */
    static List<PolicyObject> hostA() {
        List<PolicyObject> objects = new ArrayList<>();
        objects.add(new ProviderAddress(PA_A, 24, 0));
        for (Tenant tenant : List.of(BLUE, RED)) {
            objects.addAll(tenant.base());
            for (int here : new int[] {3, 4, 103}) {
                objects.add(tenant.vmRecord(here, PA_A));
                objects.add(tenant.vmPort(here));
            }
            objects.add(tenant.vmRecord(5, PA_B));
            objects.add(tenant.vmRecord(105, PA_B));
        }
        return objects;
    }

    static PolicySnapshot snapshot(long revision, List<PolicyObject> objects) {
        return new PolicySnapshot(revision, objects);
    }
}
