package net.nvgate.fabric.sync;

import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.sync.v1.CustomerRoute;
import net.nvgate.fabric.sync.v1.ExternalAddress;
import net.nvgate.fabric.sync.v1.ExternalRoute;
import net.nvgate.fabric.sync.v1.LookupRecord;
import net.nvgate.fabric.sync.v1.LookupRecordType;
import net.nvgate.fabric.sync.v1.NodeKind;
import net.nvgate.fabric.sync.v1.ProviderAddress;
import net.nvgate.fabric.sync.v1.ProviderRoute;
import net.nvgate.fabric.sync.v1.RoutingDomain;
import net.nvgate.fabric.sync.v1.VirtualPort;
import net.nvgate.fabric.sync.v1.VirtualSubnet;

/**
 * Policy objects to and from protobuf. Total over the sealed type; what {@link #encode} makes, {@link #decode} gives
 * back equal. Addresses are 4 or 16 bytes in network byte order, UUIDs 16 bytes, MACs the low 48 bits.
 */
public final class PolicyCodec {

    private PolicyCodec() {}

    public static net.nvgate.fabric.sync.v1.PolicyObject encode(PolicyObject object) {
        var wire = net.nvgate.fabric.sync.v1.PolicyObject.newBuilder();
        switch (object) {
            case PolicyObject.LookupRecord o -> wire.setLookupRecord(encode(o));
            case PolicyObject.CustomerRoute o -> wire.setCustomerRoute(encode(o));
            case PolicyObject.ProviderAddress o -> wire.setProviderAddress(encode(o));
            case PolicyObject.ProviderRoute o -> wire.setProviderRoute(encode(o));
            case PolicyObject.ExternalAddress o -> wire.setExternalAddress(encode(o));
            case PolicyObject.ExternalRoute o -> wire.setExternalRoute(encode(o));
            case PolicyObject.RoutingDomain o -> wire.setRoutingDomain(encode(o));
            case PolicyObject.VirtualSubnet o -> wire.setVirtualSubnet(encode(o));
            case PolicyObject.NatConnection o -> wire.setNatConnection(NatCodec.encode(o));
            case PolicyObject.NatRule o -> wire.setNatRule(NatCodec.encode(o));
            case PolicyObject.VirtualPort o -> wire.setVirtualPort(encode(o));
            case PolicyObject.NatOneToOne o -> wire.setNatOneToOne(NatCodec.encode(o));
            case PolicyObject.NatExemption o -> wire.setNatExemption(NatCodec.encode(o));
            case PolicyObject.TenantSettings o -> wire.setTenantSettings(TenantCodec.encode(o));
            case PolicyObject.Nat64Prefix o -> wire.setNat64Prefix(TenantCodec.encode(o));
            case PolicyObject.Nptv6Prefix o -> wire.setNptv6Prefix(TenantCodec.encode(o));
            case PolicyObject.TenantInterface o -> wire.setTenantInterface(TenantCodec.encode(o));
            case PolicyObject.TenantInterfaceRoute o -> wire.setTenantInterfaceRoute(TenantCodec.encode(o));
            case PolicyObject.PeerRoute o -> wire.setPeerRoute(TenantCodec.encode(o));
            case PolicyObject.BlackholeRoute o -> wire.setBlackholeRoute(TenantCodec.encode(o));
            case PolicyObject.DhcpSubnet o -> wire.setDhcpSubnet(TenantCodec.encode(o));
            case PolicyObject.PortAcl o -> wire.setPortAcl(AclCodec.encode(o));
            case PolicyObject.AclAddresses o -> wire.setAclAddresses(AclCodec.encode(o));
            case PolicyObject.NicBandwidth o -> wire.setNicBandwidth(BandwidthCodec.encode(o));
        }
        return wire.build();
    }

    public static net.nvgate.fabric.sync.v1.PolicyChange encode(PolicyChange change) {
        var wire = net.nvgate.fabric.sync.v1.PolicyChange.newBuilder();
        return switch (change) {
            case PolicyChange.Put put -> wire.setPut(encode(put.object())).build();
            case PolicyChange.Remove remove -> wire.setRemove(remove.key()).build();
        };
    }

    /** @throws ModelException naming object, field, value and rule, if the message is not a valid policy object */
    public static PolicyObject decode(net.nvgate.fabric.sync.v1.PolicyObject wire) {
        return new PolicyDecoder().decode(wire);
    }

    /** @throws ModelException naming object, field, value and rule, if the message is not a valid change */
    public static PolicyChange decode(net.nvgate.fabric.sync.v1.PolicyChange wire) {
        return new PolicyDecoder().decode(wire);
    }

    static NodeKind encode(NodeId.Kind kind) {
        return switch (kind) {
            case GATEWAY -> NodeKind.NODE_KIND_GATEWAY;
            case HOST -> NodeKind.NODE_KIND_HOST;
        };
    }

    /** @throws ModelException for a kind of node this version does not know */
    static NodeId.Kind decode(NodeKind kind) {
        return switch (kind) {
            case NODE_KIND_GATEWAY -> NodeId.Kind.GATEWAY;
            case NODE_KIND_HOST -> NodeId.Kind.HOST;
            case NODE_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw new ModelException("hello", "kind", kind, "must be gateway or host");
        };
    }

    private static LookupRecord encode(PolicyObject.LookupRecord o) {
        return LookupRecord.newBuilder()
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setVsid(o.vsid().value())
                .setCustomerAddress(FieldWriter.bytes(o.customerAddress()))
                .setMac(o.mac().value())
                .setProviderAddress(FieldWriter.bytes(o.providerAddress()))
                .setType(encode(o.type()))
                .setVmName(o.vmName())
                .build();
    }

    private static LookupRecordType encode(PolicyObject.LookupRecord.Type type) {
        return switch (type) {
            case STATIC -> LookupRecordType.LOOKUP_RECORD_TYPE_STATIC;
            case DYNAMIC -> LookupRecordType.LOOKUP_RECORD_TYPE_DYNAMIC;
            case GATEWAY_WILDCARD -> LookupRecordType.LOOKUP_RECORD_TYPE_GATEWAY_WILDCARD;
            case L2_ONLY -> LookupRecordType.LOOKUP_RECORD_TYPE_L2_ONLY;
        };
    }

    private static CustomerRoute encode(PolicyObject.CustomerRoute o) {
        return CustomerRoute.newBuilder()
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setVsid(o.vsid().value())
                .setDestinationPrefix(FieldWriter.prefix(o.destinationPrefix()))
                .setNextHop(FieldWriter.bytes(o.nextHop()))
                .setMetric(o.metric())
                .build();
    }

    private static ProviderAddress encode(PolicyObject.ProviderAddress o) {
        return ProviderAddress.newBuilder()
                .setProviderAddress(FieldWriter.bytes(o.providerAddress()))
                .setPrefixLength(o.prefixLength())
                .setVlanId(o.vlanId())
                .build();
    }

    private static ProviderRoute encode(PolicyObject.ProviderRoute o) {
        return ProviderRoute.newBuilder()
                .setDestinationPrefix(FieldWriter.prefix(o.destinationPrefix()))
                .setNextHop(FieldWriter.bytes(o.nextHop()))
                .setMetric(o.metric())
                .build();
    }

    private static ExternalAddress encode(PolicyObject.ExternalAddress o) {
        return ExternalAddress.newBuilder()
                .setAddress(FieldWriter.bytes(o.address()))
                .setPrefixLength(o.prefixLength())
                .setVlanId(o.vlanId())
                .build();
    }

    private static ExternalRoute encode(PolicyObject.ExternalRoute o) {
        return ExternalRoute.newBuilder()
                .setDestinationPrefix(FieldWriter.prefix(o.destinationPrefix()))
                .setNextHop(FieldWriter.bytes(o.nextHop()))
                .setMetric(o.metric())
                .build();
    }

    private static RoutingDomain encode(PolicyObject.RoutingDomain o) {
        return RoutingDomain.newBuilder()
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setName(o.name())
                .build();
    }

    private static VirtualSubnet encode(PolicyObject.VirtualSubnet o) {
        return VirtualSubnet.newBuilder()
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setVsid(o.vsid().value())
                .setPrefix(FieldWriter.prefix(o.prefix()))
                .setGatewaySubnet(o.gatewaySubnet())
                .setName(o.name())
                .build();
    }

    private static VirtualPort encode(PolicyObject.VirtualPort o) {
        var wire = VirtualPort.newBuilder()
                .setNicId(FieldWriter.bytes(o.nicId()))
                .setVmName(o.vmName())
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setVsid(o.vsid().value())
                .setMac(o.mac().value())
                .setMtu(o.mtu());
        if (!o.bandwidth().isUnlimited()) {
            wire.setBandwidth(BandwidthCodec.encode(o.bandwidth()));
        }
        o.addresses().forEach(address -> wire.addAddresses(FieldWriter.bytes(address)));
        return wire.build();
    }
}
