package net.nvgate.fabric.sync;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.model.AclProtocol;
import net.nvgate.fabric.model.Alg;
import net.nvgate.fabric.model.Bandwidth;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.Filtering;
import net.nvgate.fabric.model.InterfaceAddress;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.LimitMode;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.model.NatSettings;
import net.nvgate.fabric.model.NatTimeouts;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.model.PortRange;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.model.Urpf;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyObject;

/** Policy objects for tests. */
final class Samples {

    static final UUID RDID = new UUID(0x1122334455667788L, 0x99aabbccddeeff00L);
    static final NodeId GW1 = new NodeId(NodeId.Kind.GATEWAY, "gw1");
    static final NodeId GW2 = new NodeId(NodeId.Kind.GATEWAY, "gw2");
    static final NodeId HOST1 = new NodeId(NodeId.Kind.HOST, "host1");

    private Samples() {}

    /** A lookup record with CA 10.0.0.0 + n. */
    static PolicyObject.LookupRecord record(int n) {
        return record(n, "10.1.0.1");
    }

    static PolicyObject.LookupRecord record(int n, String providerAddress) {
        return new PolicyObject.LookupRecord(
                RDID,
                new Vsid(6000),
                new Ipv4Address(0x0a000000 + n),
                new MacAddress(0x001dd8b71c00L + n),
                IpAddress.parse(providerAddress),
                PolicyObject.LookupRecord.Type.STATIC,
                "vm" + n);
    }

    static PolicyObject[] records(int from, int to) {
        PolicyObject[] records = new PolicyObject[to - from];
        for (int n = from; n < to; n++) {
            records[n - from] = record(n);
        }
        return records;
    }

    /** One or more of every kind, IPv4 and IPv6, with edge values. */
    static List<PolicyObject> everyKind() {
        IpAddress v4 = IpAddress.parse("192.0.2.1");
        IpAddress v6 = IpAddress.parse("2001:db8::1");
        IpPrefix prefix = IpPrefix.parse("192.168.1.0/24");
        UUID id = new UUID(-1, 0);
        return List.of(
                record(1),
                new PolicyObject.LookupRecord(
                        RDID,
                        new Vsid(Vsid.MAX),
                        IpAddress.parse("::"),
                        new MacAddress(0xffff_ffff_ffffL),
                        v6,
                        PolicyObject.LookupRecord.Type.GATEWAY_WILDCARD,
                        ""),
                new PolicyObject.LookupRecord(
                        RDID,
                        new Vsid(Vsid.MIN),
                        v6,
                        new MacAddress(0),
                        v4,
                        PolicyObject.LookupRecord.Type.DYNAMIC,
                        "Ünïcode 雲"),
                new PolicyObject.LookupRecord(
                        RDID,
                        new Vsid(5000),
                        Ipv4Address.UNSPECIFIED,
                        new MacAddress(7),
                        v4,
                        PolicyObject.LookupRecord.Type.L2_ONLY,
                        "vm"),
                new PolicyObject.CustomerRoute(RDID, new Vsid(6000), prefix, Ipv4Address.UNSPECIFIED, 255),
                new PolicyObject.CustomerRoute(RDID, new Vsid(6000), IpPrefix.parse("::/0"), v6, Integer.MAX_VALUE),
                new PolicyObject.ProviderAddress(v4, 24, 4094),
                new PolicyObject.ProviderRoute(IpPrefix.parse("0.0.0.0/0"), v4, 0),
                new PolicyObject.ExternalAddress(v6, 128, 0),
                new PolicyObject.ExternalRoute(IpPrefix.parse("0.0.0.0/0"), v4, 1),
                new PolicyObject.RoutingDomain(RDID, "tenant-a"),
                new PolicyObject.VirtualSubnet(RDID, new Vsid(6000), prefix, false, "web"),
                new PolicyObject.VirtualSubnet(RDID, new Vsid(5000), prefix, true, ""),
                new PolicyObject.NatConnection(id, RDID, v4, 1024, 65535),
                new PolicyObject.NatRule(id, RDID, PolicyObject.NatRule.Protocol.TCP, 80, v4, 8080),
                new PolicyObject.NatRule(RDID, id, PolicyObject.NatRule.Protocol.UDP, 65535, v4, 1),
                new PolicyObject.VirtualPort(id, "vm", RDID, new Vsid(6000), new MacAddress(1), List.of(), 1458),
                new PolicyObject.VirtualPort(RDID, "vm", RDID, new Vsid(6000), new MacAddress(1), List.of(v4, v6), 1),
                new PolicyObject.VirtualPort(
                        new UUID(0, 5),
                        "vm",
                        RDID,
                        new Vsid(6000),
                        new MacAddress(1),
                        List.of(v4),
                        1,
                        new PortProfile.Bandwidth(Optional.empty(), Optional.of(0), Optional.of(1_000_000))),
                new PolicyObject.NicBandwidth(
                        id,
                        RDID,
                        List.of(v4, v6),
                        new PortProfile.Bandwidth(Optional.of(10), Optional.empty(), Optional.empty())),
                new PolicyObject.NatConnection(
                        new UUID(0, 1),
                        RDID,
                        v4,
                        2048,
                        4095,
                        List.of(prefix, IpPrefix.parse("10.0.0.0/8")),
                        new NatSettings(
                                Filtering.ENDPOINT_INDEPENDENT,
                                new NatTimeouts(1, 2, 3, 4, 86_400),
                                4096,
                                List.of(prefix),
                                Set.of()),
                        new Bandwidth(1, Integer.MAX_VALUE)),
                new PolicyObject.NatConnection(
                        new UUID(0, 2),
                        RDID,
                        v4,
                        1,
                        1,
                        List.of(),
                        new NatSettings(
                                Filtering.ADDRESS_DEPENDENT,
                                NatTimeouts.DEFAULT,
                                64,
                                List.of(),
                                Set.of(Alg.FTP, Alg.TFTP))),
                new PolicyObject.NatRule(
                        new UUID(0, 3),
                        RDID,
                        PolicyObject.NatRule.Protocol.UDP,
                        10_000,
                        v4,
                        20_000,
                        1000,
                        List.of(IpPrefix.parse("198.51.100.0/24"))),
                new PolicyObject.NatOneToOne(id, RDID, v4, IpAddress.parse("10.0.0.1")),
                new PolicyObject.NatExemption(id, RDID, prefix, IpPrefix.parse("0.0.0.0/0")),
                PolicyObject.TenantSettings.defaults(id),
                new PolicyObject.TenantSettings(
                        RDID,
                        new NatQuota(1, 2, 3, 4, 5, Integer.MAX_VALUE),
                        DscpMode.PIPE,
                        63,
                        true,
                        new Bandwidth(5, 6, 7, Integer.MAX_VALUE, LimitMode.SHAPE)),
                new PolicyObject.Nat64Prefix(RDID, IpPrefix.parse("64:ff9b::/96")),
                new PolicyObject.Nptv6Prefix(RDID, IpPrefix.parse("fd00:1::/48"), IpPrefix.parse("2001:db8:1::/48")),
                new PolicyObject.TenantInterface(
                        id,
                        RDID,
                        Side.FRONT_END,
                        4094,
                        List.of(new InterfaceAddress(v4, 31), new InterfaceAddress(v6, 64)),
                        Urpf.OFF),
                new PolicyObject.TenantInterface(RDID, RDID, Side.BACK_END, 1, List.of(), Urpf.LOOSE),
                new PolicyObject.TenantInterfaceRoute(id, IpPrefix.parse("::/0"), v6, 255),
                new PolicyObject.PeerRoute(RDID, prefix, id),
                new PolicyObject.BlackholeRoute(RDID, prefix),
                new PolicyObject.DhcpSubnet(RDID, new Vsid(6000), v4, List.of(v4, v6), "example.net", 86_400, 1458),
                new PolicyObject.DhcpSubnet(RDID, new Vsid(Vsid.MAX), v4, List.of(), "", 1, 65_535),
                new PolicyObject.PortAcl(
                        id,
                        RDID,
                        "web",
                        true,
                        List.of(prefix),
                        List.of("tier=web"),
                        AclAction.DENY,
                        AclAction.REJECT,
                        List.of(
                                new PortAclRule(
                                        1,
                                        "",
                                        AclDirection.OUTBOUND,
                                        AclAction.ALLOW,
                                        AclProtocol.ANY,
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        false),
                                new PortAclRule(
                                        2,
                                        "mail",
                                        AclDirection.INBOUND,
                                        AclAction.REJECT,
                                        AclProtocol.TCP,
                                        List.of(prefix),
                                        List.of(id),
                                        List.of("a=b"),
                                        List.of(new PortRange(0, 65_535)),
                                        List.of(IpPrefix.parse("::/0")),
                                        List.of(RDID),
                                        List.of("c="),
                                        List.of(new PortRange(25, 25)),
                                        Optional.empty(),
                                        Optional.empty(),
                                        true),
                                new PortAclRule(
                                        65_535,
                                        "",
                                        AclDirection.INBOUND,
                                        AclAction.DENY,
                                        AclProtocol.ICMPV6,
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        Optional.of(255),
                                        Optional.of(0),
                                        false))),
                new PolicyObject.PortAcl(
                        RDID, RDID, "", false, List.of(), List.of(), AclAction.ALLOW, AclAction.ALLOW, List.of()),
                new PolicyObject.AclAddresses(id, RDID, List.of(), List.of(prefix)),
                new PolicyObject.AclAddresses(RDID, RDID, List.of("tier=web", "b="), List.of()));
    }
}
