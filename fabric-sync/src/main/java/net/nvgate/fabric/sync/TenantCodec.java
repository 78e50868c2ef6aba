package net.nvgate.fabric.sync;

import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.sync.v1.BlackholeRoute;
import net.nvgate.fabric.sync.v1.DhcpSubnet;
import net.nvgate.fabric.sync.v1.DscpMode;
import net.nvgate.fabric.sync.v1.InterfaceAddress;
import net.nvgate.fabric.sync.v1.Nat64Prefix;
import net.nvgate.fabric.sync.v1.NatQuota;
import net.nvgate.fabric.sync.v1.Nptv6Prefix;
import net.nvgate.fabric.sync.v1.PeerRoute;
import net.nvgate.fabric.sync.v1.Side;
import net.nvgate.fabric.sync.v1.TenantInterface;
import net.nvgate.fabric.sync.v1.TenantInterfaceRoute;
import net.nvgate.fabric.sync.v1.TenantSettings;
import net.nvgate.fabric.sync.v1.Urpf;

/** A tenant's settings, prefixes, interfaces and routes on its gateway, to and from protobuf. */
final class TenantCodec {

    private static final String NEWER = "must be of a kind this version knows";

    private TenantCodec() {}

    static TenantSettings encode(PolicyObject.TenantSettings o) {
        return TenantSettings.newBuilder()
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setQuota(NatQuota.newBuilder()
                        .setPorts(o.quota().ports())
                        .setSessions(o.quota().sessions())
                        .setSessionsPerSecond(o.quota().sessionsPerSecond())
                        .setHostPorts(o.quota().hostPorts())
                        .setHostSessions(o.quota().hostSessions())
                        .setHostSessionsPerSecond(o.quota().hostSessionsPerSecond()))
                .setDscpMode(
                        switch (o.dscpMode()) {
                            case UNIFORM -> DscpMode.DSCP_MODE_UNIFORM;
                            case PIPE -> DscpMode.DSCP_MODE_PIPE;
                        })
                .setDscp(o.dscp())
                .setPcp(o.pcp())
                .setBandwidth(BandwidthCodec.encode(o.bandwidth()))
                .build();
    }

    static PolicyObject decode(TenantSettings w, FieldReader fields) {
        String kind = "tenant-settings";
        NatQuota quota = w.getQuota();
        return new PolicyObject.TenantSettings(
                fields.uuid(kind, "rdid", w.getRdid()),
                new net.nvgate.fabric.model.NatQuota(
                        quota.getPorts(),
                        quota.getSessions(),
                        quota.getSessionsPerSecond(),
                        quota.getHostPorts(),
                        quota.getHostSessions(),
                        quota.getHostSessionsPerSecond()),
                switch (w.getDscpMode()) {
                    case DSCP_MODE_UNSPECIFIED, DSCP_MODE_UNIFORM -> net.nvgate.fabric.model.DscpMode.UNIFORM;
                    case DSCP_MODE_PIPE -> net.nvgate.fabric.model.DscpMode.PIPE;
                    case UNRECOGNIZED -> throw new ModelException(kind, "dscpMode", w.getDscpMode(), NEWER);
                },
                FieldReader.inRange(kind, "dscp", w.getDscp(), 0, 63),
                w.getPcp(),
                BandwidthCodec.decode(w.getBandwidth()));
    }

    static Nat64Prefix encode(PolicyObject.Nat64Prefix o) {
        return Nat64Prefix.newBuilder()
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setPrefix(FieldWriter.prefix(o.prefix()))
                .build();
    }

    static PolicyObject decode(Nat64Prefix w, FieldReader fields) {
        String kind = "nat64-prefix";
        return new PolicyObject.Nat64Prefix(
                fields.uuid(kind, "rdid", w.getRdid()), FieldReader.prefix(kind, "prefix", w.getPrefix()));
    }

    static Nptv6Prefix encode(PolicyObject.Nptv6Prefix o) {
        return Nptv6Prefix.newBuilder()
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setInsidePrefix(FieldWriter.prefix(o.insidePrefix()))
                .setOutsidePrefix(FieldWriter.prefix(o.outsidePrefix()))
                .build();
    }

    static PolicyObject decode(Nptv6Prefix w, FieldReader fields) {
        String kind = "nptv6-prefix";
        return new PolicyObject.Nptv6Prefix(
                fields.uuid(kind, "rdid", w.getRdid()),
                FieldReader.prefix(kind, "insidePrefix", w.getInsidePrefix()),
                FieldReader.prefix(kind, "outsidePrefix", w.getOutsidePrefix()));
    }

    static TenantInterface encode(PolicyObject.TenantInterface o) {
        var wire = TenantInterface.newBuilder()
                .setId(FieldWriter.bytes(o.id()))
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setSide(
                        switch (o.side()) {
                            case BACK_END -> Side.SIDE_BACK_END;
                            case FRONT_END -> Side.SIDE_FRONT_END;
                        })
                .setVlanId(o.vlanId())
                .setUrpf(
                        switch (o.urpf()) {
                            case STRICT -> Urpf.URPF_STRICT;
                            case LOOSE -> Urpf.URPF_LOOSE;
                            case OFF -> Urpf.URPF_OFF;
                        });
        o.addresses()
                .forEach(address -> wire.addAddresses(InterfaceAddress.newBuilder()
                        .setAddress(FieldWriter.bytes(address.address()))
                        .setPrefixLength(address.prefixLength())));
        return wire.build();
    }

    static PolicyObject decode(TenantInterface w, FieldReader fields) {
        String kind = "tenant-interface";
        FieldReader.inRange(kind, "addresses", w.getAddressesCount(), 0, FieldReader.LIST_MAX);
        return new PolicyObject.TenantInterface(
                fields.uuid(kind, "id", w.getId()),
                fields.uuid(kind, "rdid", w.getRdid()),
                switch (w.getSide()) {
                    case SIDE_BACK_END -> net.nvgate.fabric.model.Side.BACK_END;
                    case SIDE_FRONT_END -> net.nvgate.fabric.model.Side.FRONT_END;
                    case SIDE_UNSPECIFIED, UNRECOGNIZED -> throw new ModelException(kind, "side", w.getSide(), NEWER);
                },
                FieldReader.inRange(kind, "vlanId", w.getVlanId(), 1, 4094),
                w.getAddressesList().stream()
                        .map(address -> new net.nvgate.fabric.model.InterfaceAddress(
                                FieldReader.address(kind, "addresses", address.getAddress()),
                                address.getPrefixLength()))
                        .toList(),
                switch (w.getUrpf()) {
                    case URPF_UNSPECIFIED, URPF_STRICT -> net.nvgate.fabric.model.Urpf.STRICT;
                    case URPF_LOOSE -> net.nvgate.fabric.model.Urpf.LOOSE;
                    case URPF_OFF -> net.nvgate.fabric.model.Urpf.OFF;
                    case UNRECOGNIZED -> throw new ModelException(kind, "urpf", w.getUrpf(), NEWER);
                });
    }

    static TenantInterfaceRoute encode(PolicyObject.TenantInterfaceRoute o) {
        return TenantInterfaceRoute.newBuilder()
                .setInterfaceId(FieldWriter.bytes(o.interfaceId()))
                .setDestinationPrefix(FieldWriter.prefix(o.destinationPrefix()))
                .setNextHop(FieldWriter.bytes(o.nextHop()))
                .setMetric(o.metric())
                .build();
    }

    static PolicyObject decode(TenantInterfaceRoute w, FieldReader fields) {
        String kind = "tenant-interface-route";
        return new PolicyObject.TenantInterfaceRoute(
                fields.uuid(kind, "interfaceId", w.getInterfaceId()),
                FieldReader.prefix(kind, "destinationPrefix", w.getDestinationPrefix()),
                FieldReader.address(kind, "nextHop", w.getNextHop()),
                FieldReader.metric(kind, w.getMetric()));
    }

    static PeerRoute encode(PolicyObject.PeerRoute o) {
        return PeerRoute.newBuilder()
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setDestinationPrefix(FieldWriter.prefix(o.destinationPrefix()))
                .setPeerRdid(FieldWriter.bytes(o.peerRdid()))
                .build();
    }

    static PolicyObject decode(PeerRoute w, FieldReader fields) {
        String kind = "peer-route";
        return new PolicyObject.PeerRoute(
                fields.uuid(kind, "rdid", w.getRdid()),
                FieldReader.prefix(kind, "destinationPrefix", w.getDestinationPrefix()),
                fields.uuid(kind, "peerRdid", w.getPeerRdid()));
    }

    static BlackholeRoute encode(PolicyObject.BlackholeRoute o) {
        return BlackholeRoute.newBuilder()
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setDestinationPrefix(FieldWriter.prefix(o.destinationPrefix()))
                .build();
    }

    static PolicyObject decode(BlackholeRoute w, FieldReader fields) {
        String kind = "blackhole-route";
        return new PolicyObject.BlackholeRoute(
                fields.uuid(kind, "rdid", w.getRdid()),
                FieldReader.prefix(kind, "destinationPrefix", w.getDestinationPrefix()));
    }

    static DhcpSubnet encode(PolicyObject.DhcpSubnet o) {
        return DhcpSubnet.newBuilder()
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setVsid(o.vsid().value())
                .setRouter(FieldWriter.bytes(o.router()))
                .addAllDnsServers(
                        o.dnsServers().stream().map(FieldWriter::bytes).toList())
                .setDomainName(o.domainName())
                .setLeaseSeconds(o.leaseSeconds())
                .setMtu(o.mtu())
                .build();
    }

    static PolicyObject decode(DhcpSubnet w, FieldReader fields) {
        String kind = "dhcp-subnet";
        FieldReader.inRange(kind, "dnsServers", w.getDnsServersCount(), 0, FieldReader.LIST_MAX);
        return new PolicyObject.DhcpSubnet(
                fields.uuid(kind, "rdid", w.getRdid()),
                fields.vsid(w.getVsid()),
                FieldReader.address(kind, "router", w.getRouter()),
                w.getDnsServersList().stream()
                        .map(b -> FieldReader.address(kind, "dnsServers", b))
                        .toList(),
                FieldReader.name(kind, "domainName", w.getDomainName()),
                FieldReader.inRange(kind, "leaseSeconds", w.getLeaseSeconds(), 1, Integer.MAX_VALUE),
                FieldReader.inRange(kind, "mtu", w.getMtu(), 1, 65535));
    }
}
