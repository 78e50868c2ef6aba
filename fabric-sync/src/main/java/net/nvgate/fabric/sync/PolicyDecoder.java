package net.nvgate.fabric.sync;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.sync.v1.CustomerRoute;
import net.nvgate.fabric.sync.v1.ExternalAddress;
import net.nvgate.fabric.sync.v1.ExternalRoute;
import net.nvgate.fabric.sync.v1.LookupRecord;
import net.nvgate.fabric.sync.v1.LookupRecordType;
import net.nvgate.fabric.sync.v1.ProviderAddress;
import net.nvgate.fabric.sync.v1.ProviderRoute;
import net.nvgate.fabric.sync.v1.RoutingDomain;
import net.nvgate.fabric.sync.v1.VirtualPort;
import net.nvgate.fabric.sync.v1.VirtualSubnet;

/**
 * Protobuf to policy objects, checking every field. One decoder shares what many objects have in common, see
 * {@link FieldReader}. Used by one thread.
 */
final class PolicyDecoder {

    /** Addresses of one virtual port at most. */
    static final int PORT_ADDRESSES_MAX = 64;

    private static final int KEY_MAX = 1024;

    private final FieldReader fields = new FieldReader();

    /** @throws ModelException naming object, field, value and rule, if the message is not a valid policy object */
    PolicyObject decode(net.nvgate.fabric.sync.v1.PolicyObject wire) {
        return switch (wire.getObjectCase()) {
            case LOOKUP_RECORD -> decode(wire.getLookupRecord());
            case CUSTOMER_ROUTE -> decode(wire.getCustomerRoute());
            case PROVIDER_ADDRESS -> decode(wire.getProviderAddress());
            case PROVIDER_ROUTE -> decode(wire.getProviderRoute());
            case EXTERNAL_ADDRESS -> decode(wire.getExternalAddress());
            case EXTERNAL_ROUTE -> decode(wire.getExternalRoute());
            case ROUTING_DOMAIN -> decode(wire.getRoutingDomain());
            case VIRTUAL_SUBNET -> decode(wire.getVirtualSubnet());
            case NAT_CONNECTION -> NatCodec.decode(wire.getNatConnection(), fields);
            case NAT_RULE -> NatCodec.decode(wire.getNatRule(), fields);
            case VIRTUAL_PORT -> decode(wire.getVirtualPort());
            case NAT_ONE_TO_ONE -> NatCodec.decode(wire.getNatOneToOne(), fields);
            case NAT_EXEMPTION -> NatCodec.decode(wire.getNatExemption(), fields);
            case TENANT_SETTINGS -> TenantCodec.decode(wire.getTenantSettings(), fields);
            case NAT64_PREFIX -> TenantCodec.decode(wire.getNat64Prefix(), fields);
            case NPTV6_PREFIX -> TenantCodec.decode(wire.getNptv6Prefix(), fields);
            case TENANT_INTERFACE -> TenantCodec.decode(wire.getTenantInterface(), fields);
            case TENANT_INTERFACE_ROUTE -> TenantCodec.decode(wire.getTenantInterfaceRoute(), fields);
            case PEER_ROUTE -> TenantCodec.decode(wire.getPeerRoute(), fields);
            case BLACKHOLE_ROUTE -> TenantCodec.decode(wire.getBlackholeRoute(), fields);
            case DHCP_SUBNET -> TenantCodec.decode(wire.getDhcpSubnet(), fields);
            case PORT_ACL -> AclCodec.decode(wire.getPortAcl(), fields);
            case ACL_ADDRESSES -> AclCodec.decode(wire.getAclAddresses(), fields);
            case NIC_BANDWIDTH -> BandwidthCodec.decode(wire.getNicBandwidth(), fields);
            case OBJECT_NOT_SET ->
                throw new ModelException(
                        "policy-object",
                        "object",
                        "none",
                        "must be of a kind this version knows; this node is older than its manager");
        };
    }

    /** @throws ModelException naming object, field, value and rule, if the message is not a valid change */
    PolicyChange decode(net.nvgate.fabric.sync.v1.PolicyChange wire) {
        return switch (wire.getChangeCase()) {
            case PUT -> new PolicyChange.Put(decode(wire.getPut()));
            case REMOVE -> {
                String key = wire.getRemove();
                if (key.isEmpty() || key.length() > KEY_MAX) {
                    throw new ModelException("policy-change", "remove", key, "must have 1.." + KEY_MAX + " characters");
                }
                yield new PolicyChange.Remove(key);
            }
            case CHANGE_NOT_SET -> throw new ModelException("policy-change", "change", "none", "must be put or remove");
        };
    }

    List<PolicyObject> decodeObjects(List<net.nvgate.fabric.sync.v1.PolicyObject> wire) {
        List<PolicyObject> objects = new ArrayList<>(wire.size());
        wire.forEach(object -> objects.add(decode(object)));
        return objects;
    }

    List<PolicyChange> decodeChanges(List<net.nvgate.fabric.sync.v1.PolicyChange> wire) {
        List<PolicyChange> changes = new ArrayList<>(wire.size());
        wire.forEach(change -> changes.add(decode(change)));
        return changes;
    }

    private PolicyObject decode(LookupRecord w) {
        String kind = "lookup-record";
        return new PolicyObject.LookupRecord(
                fields.uuid(kind, "rdid", w.getRdid()),
                fields.vsid(w.getVsid()),
                FieldReader.address(kind, "customerAddress", w.getCustomerAddress()),
                FieldReader.mac(kind, w.getMac()),
                fields.providerAddress(kind, w.getProviderAddress()),
                type(w.getType()),
                FieldReader.name(kind, "vmName", w.getVmName()));
    }

    private static PolicyObject.LookupRecord.Type type(LookupRecordType type) {
        return switch (type) {
            case LOOKUP_RECORD_TYPE_STATIC -> PolicyObject.LookupRecord.Type.STATIC;
            case LOOKUP_RECORD_TYPE_DYNAMIC -> PolicyObject.LookupRecord.Type.DYNAMIC;
            case LOOKUP_RECORD_TYPE_GATEWAY_WILDCARD -> PolicyObject.LookupRecord.Type.GATEWAY_WILDCARD;
            case LOOKUP_RECORD_TYPE_L2_ONLY -> PolicyObject.LookupRecord.Type.L2_ONLY;
            case LOOKUP_RECORD_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                throw new ModelException(
                        "lookup-record", "type", type, "must be Static, Dynamic, GatewayWildcard or L2Only");
        };
    }

    private PolicyObject decode(CustomerRoute w) {
        String kind = "customer-route";
        return new PolicyObject.CustomerRoute(
                fields.uuid(kind, "rdid", w.getRdid()),
                fields.vsid(w.getVsid()),
                FieldReader.prefix(kind, "destinationPrefix", w.getDestinationPrefix()),
                FieldReader.address(kind, "nextHop", w.getNextHop()),
                FieldReader.metric(kind, w.getMetric()));
    }

    private PolicyObject decode(ProviderAddress w) {
        String kind = "provider-address";
        IpAddress address = FieldReader.address(kind, "providerAddress", w.getProviderAddress());
        return new PolicyObject.ProviderAddress(
                address,
                FieldReader.inRange(kind, "prefixLength", w.getPrefixLength(), 0, address.bits()),
                FieldReader.inRange(kind, "vlanId", w.getVlanId(), 0, 4094));
    }

    private PolicyObject decode(ProviderRoute w) {
        String kind = "provider-route";
        return new PolicyObject.ProviderRoute(
                FieldReader.prefix(kind, "destinationPrefix", w.getDestinationPrefix()),
                FieldReader.address(kind, "nextHop", w.getNextHop()),
                FieldReader.metric(kind, w.getMetric()));
    }

    private PolicyObject decode(ExternalAddress w) {
        String kind = "external-address";
        IpAddress address = FieldReader.address(kind, "address", w.getAddress());
        return new PolicyObject.ExternalAddress(
                address,
                FieldReader.inRange(kind, "prefixLength", w.getPrefixLength(), 0, address.bits()),
                FieldReader.inRange(kind, "vlanId", w.getVlanId(), 0, 4094));
    }

    private PolicyObject decode(ExternalRoute w) {
        String kind = "external-route";
        return new PolicyObject.ExternalRoute(
                FieldReader.prefix(kind, "destinationPrefix", w.getDestinationPrefix()),
                FieldReader.address(kind, "nextHop", w.getNextHop()),
                FieldReader.metric(kind, w.getMetric()));
    }

    private PolicyObject decode(RoutingDomain w) {
        String kind = "routing-domain";
        return new PolicyObject.RoutingDomain(
                fields.uuid(kind, "rdid", w.getRdid()), FieldReader.name(kind, "name", w.getName()));
    }

    private PolicyObject decode(VirtualSubnet w) {
        String kind = "virtual-subnet";
        return new PolicyObject.VirtualSubnet(
                fields.uuid(kind, "rdid", w.getRdid()),
                fields.vsid(w.getVsid()),
                FieldReader.prefix(kind, "prefix", w.getPrefix()),
                w.getGatewaySubnet(),
                FieldReader.name(kind, "name", w.getName()));
    }

    private PolicyObject decode(VirtualPort w) {
        String kind = "virtual-port";
        return new PolicyObject.VirtualPort(
                fields.uuid(kind, "nicId", w.getNicId()),
                FieldReader.name(kind, "vmName", w.getVmName()),
                fields.uuid(kind, "rdid", w.getRdid()),
                fields.vsid(w.getVsid()),
                FieldReader.mac(kind, w.getMac()),
                FieldReader.addresses(kind, w.getAddressesList(), PORT_ADDRESSES_MAX),
                FieldReader.inRange(kind, "mtu", w.getMtu(), 1, 65535),
                BandwidthCodec.decode(w.getBandwidth()));
    }
}
