package net.nvgate.fabric.hyperv;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.fabric.policy.PolicySnapshot;

/** The tenant of Microsoft's gateway sample on a host: one VM, a default gateway, and the gateway in a virtual subnet of its own. */
final class SamplePolicy {

    static final String FABRIC = "6f9c2c8e-0b1d-4d52-9a55-3a1f1b8e7c11";
    static final long REVISION = 42;

    private static final UUID RDID = UUID.fromString("11111111-2222-3333-4444-000000000000");
    private static final Vsid VMS = new Vsid(6000);
    private static final Vsid GATEWAY = new Vsid(5000);

    private SamplePolicy() {}

    /** @param vmName also of the VM network */
    static PolicySnapshot of(String vmName) {
        IpAddress pa = IpAddress.parse("192.168.1.101");
        MacAddress vm = MacAddress.parse("10:10:10:10:11:05");
        IpAddress onLink = IpAddress.parse("0.0.0.0");
        IpAddress gatewayCa = IpAddress.parse("10.0.1.2");
        List<PolicyObject> objects = List.of(
                new RoutingDomain(RDID, vmName),
                new VirtualSubnet(RDID, VMS, IpPrefix.parse("10.0.0.0/24"), false, "web"),
                new VirtualSubnet(RDID, GATEWAY, IpPrefix.parse("10.0.1.0/24"), true, "gateway"),
                new ProviderAddress(pa, 24, 0),
                new ProviderRoute(IpPrefix.parse("0.0.0.0/0"), IpAddress.parse("192.168.1.1"), 256),
                record(VMS, "10.0.0.5", vm, pa, LookupRecord.Type.STATIC, vmName),
                record(VMS, "fd00::5", vm, pa, LookupRecord.Type.STATIC, vmName),
                record(VMS, "10.0.0.1", mac(1), pa, LookupRecord.Type.STATIC, ""),
                record(VMS, "0.0.0.0", mac(7), pa, LookupRecord.Type.L2_ONLY, "guest"),
                record(GATEWAY, "10.0.1.2", mac(2), IpAddress.parse("192.168.1.103"), LookupRecord.Type.STATIC, "gw"),
                new CustomerRoute(RDID, VMS, IpPrefix.parse("10.0.0.0/24"), onLink, 255),
                new CustomerRoute(RDID, GATEWAY, IpPrefix.parse("10.0.1.0/24"), onLink, 255),
                new CustomerRoute(RDID, GATEWAY, IpPrefix.parse("0.0.0.0/0"), gatewayCa, 255),
                new VirtualPort(
                        UUID.fromString("99999999-0000-0000-0000-000000000001"),
                        vmName,
                        RDID,
                        VMS,
                        vm,
                        List.of(IpAddress.parse("10.0.0.5")),
                        1458,
                        new PortProfile.Bandwidth(Optional.empty(), Optional.of(30), Optional.empty())));
        return new PolicySnapshot(REVISION, objects);
    }

    private static LookupRecord record(
            Vsid vsid, String ca, MacAddress mac, IpAddress pa, LookupRecord.Type type, String vmName) {
        return new LookupRecord(RDID, vsid, IpAddress.parse(ca), mac, pa, type, vmName);
    }

    private static MacAddress mac(int last) {
        return MacAddress.parse("00:1d:d8:b7:1c:0" + last);
    }
}
