package net.nvgate.fabric.sync;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.sync.v1.CustomerRoute;
import net.nvgate.fabric.sync.v1.ExternalAddress;
import net.nvgate.fabric.sync.v1.ExternalRoute;
import net.nvgate.fabric.sync.v1.LookupRecord;
import net.nvgate.fabric.sync.v1.LookupRecordType;
import net.nvgate.fabric.sync.v1.NatConnection;
import net.nvgate.fabric.sync.v1.NatRule;
import net.nvgate.fabric.sync.v1.Prefix;
import net.nvgate.fabric.sync.v1.ProviderAddress;
import net.nvgate.fabric.sync.v1.ProviderRoute;
import net.nvgate.fabric.sync.v1.RoutingDomain;
import net.nvgate.fabric.sync.v1.VirtualPort;
import net.nvgate.fabric.sync.v1.VirtualSubnet;

/**
 * Protobuf to policy objects, checking every field. One decoder shares the RDIDs, VSIDs and PAs that a million records
 * have in common, so that a big policy takes less memory and time. Used by one thread.
 */
final class PolicyDecoder {

    /** Longest name accepted, in UTF-16 code units: a fabric name has at most 64. */
    static final int NAME_MAX = 256;

    /** Addresses of one virtual port at most. */
    static final int PORT_ADDRESSES_MAX = 64;

    private static final int KEY_MAX = 1024;
    private static final int SHARED_MAX = 1 << 16;

    private final Map<ByteString, UUID> uuids = new HashMap<>();
    private final Map<ByteString, IpAddress> providerAddresses = new HashMap<>();
    private final Map<Integer, Vsid> vsids = new HashMap<>();

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
            case NAT_CONNECTION -> decode(wire.getNatConnection());
            case NAT_RULE -> decode(wire.getNatRule());
            case VIRTUAL_PORT -> decode(wire.getVirtualPort());
            case OBJECT_NOT_SET ->
                throw new ModelException("policy-object", "object", "none", "must be of a kind this version knows");
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
                uuid(kind, "rdid", w.getRdid()),
                vsid(w.getVsid()),
                address(kind, "customerAddress", w.getCustomerAddress()),
                mac(kind, w.getMac()),
                shared(providerAddresses, w.getProviderAddress(), b -> address(kind, "providerAddress", b)),
                type(w.getType()),
                name(kind, "vmName", w.getVmName()));
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
                uuid(kind, "rdid", w.getRdid()),
                vsid(w.getVsid()),
                prefix(kind, "destinationPrefix", w.getDestinationPrefix()),
                address(kind, "nextHop", w.getNextHop()),
                inRange(kind, "metric", w.getMetric(), 0, Integer.MAX_VALUE));
    }

    private PolicyObject decode(ProviderAddress w) {
        String kind = "provider-address";
        IpAddress address = address(kind, "providerAddress", w.getProviderAddress());
        return new PolicyObject.ProviderAddress(
                address,
                inRange(kind, "prefixLength", w.getPrefixLength(), 0, address.bits()),
                inRange(kind, "vlanId", w.getVlanId(), 0, 4094));
    }

    private PolicyObject decode(ProviderRoute w) {
        String kind = "provider-route";
        return new PolicyObject.ProviderRoute(
                prefix(kind, "destinationPrefix", w.getDestinationPrefix()),
                address(kind, "nextHop", w.getNextHop()),
                inRange(kind, "metric", w.getMetric(), 0, Integer.MAX_VALUE));
    }

    private PolicyObject decode(ExternalAddress w) {
        String kind = "external-address";
        IpAddress address = address(kind, "address", w.getAddress());
        return new PolicyObject.ExternalAddress(
                address,
                inRange(kind, "prefixLength", w.getPrefixLength(), 0, address.bits()),
                inRange(kind, "vlanId", w.getVlanId(), 0, 4094));
    }

    private PolicyObject decode(ExternalRoute w) {
        String kind = "external-route";
        return new PolicyObject.ExternalRoute(
                prefix(kind, "destinationPrefix", w.getDestinationPrefix()),
                address(kind, "nextHop", w.getNextHop()),
                inRange(kind, "metric", w.getMetric(), 0, Integer.MAX_VALUE));
    }

    private PolicyObject decode(RoutingDomain w) {
        String kind = "routing-domain";
        return new PolicyObject.RoutingDomain(uuid(kind, "rdid", w.getRdid()), name(kind, "name", w.getName()));
    }

    private PolicyObject decode(VirtualSubnet w) {
        String kind = "virtual-subnet";
        return new PolicyObject.VirtualSubnet(
                uuid(kind, "rdid", w.getRdid()),
                vsid(w.getVsid()),
                prefix(kind, "prefix", w.getPrefix()),
                w.getGatewaySubnet(),
                name(kind, "name", w.getName()));
    }

    private PolicyObject decode(NatConnection w) {
        String kind = "nat-connection";
        int portMin = inRange(kind, "portMin", w.getPortMin(), 1, 65535);
        return new PolicyObject.NatConnection(
                uuid(kind, "id", w.getId()),
                uuid(kind, "rdid", w.getRdid()),
                address(kind, "externalAddress", w.getExternalAddress()),
                portMin,
                inRange(kind, "portMax", w.getPortMax(), portMin, 65535));
    }

    private PolicyObject decode(NatRule w) {
        String kind = "nat-rule";
        return new PolicyObject.NatRule(
                uuid(kind, "id", w.getId()),
                uuid(kind, "connectionId", w.getConnectionId()),
                protocol(w.getProtocol()),
                inRange(kind, "externalPort", w.getExternalPort(), 1, 65535),
                address(kind, "internalAddress", w.getInternalAddress()),
                inRange(kind, "internalPort", w.getInternalPort(), 1, 65535));
    }

    private static PolicyObject.NatRule.Protocol protocol(int number) {
        for (var protocol : PolicyObject.NatRule.Protocol.values()) {
            if (protocol.number() == number) {
                return protocol;
            }
        }
        throw new ModelException("nat-rule", "protocol", number, "must be 6 (TCP) or 17 (UDP)");
    }

    private PolicyObject decode(VirtualPort w) {
        String kind = "virtual-port";
        inRange(kind, "addresses", w.getAddressesCount(), 0, PORT_ADDRESSES_MAX);
        return new PolicyObject.VirtualPort(
                uuid(kind, "nicId", w.getNicId()),
                name(kind, "vmName", w.getVmName()),
                uuid(kind, "rdid", w.getRdid()),
                vsid(w.getVsid()),
                mac(kind, w.getMac()),
                w.getAddressesList().stream()
                        .map(b -> address(kind, "addresses", b))
                        .toList(),
                inRange(kind, "mtu", w.getMtu(), 1, 65535));
    }

    private UUID uuid(String kind, String field, ByteString bytes) {
        return shared(uuids, bytes, b -> {
            if (b.size() != 16) {
                throw new ModelException(kind, field, b.size() + " bytes", "must be 16 bytes long");
            }
            ByteBuffer buffer = b.asReadOnlyByteBuffer();
            return new UUID(buffer.getLong(), buffer.getLong());
        });
    }

    private Vsid vsid(int value) {
        return shared(vsids, value, Vsid::new);
    }

    private static <K, V> V shared(Map<K, V> known, K key, Function<K, V> make) {
        V value = known.get(key);
        if (value == null) {
            value = make.apply(key);
            if (known.size() >= SHARED_MAX) {
                known.clear();
            }
            known.put(key, value);
        }
        return value;
    }

    private static IpAddress address(String kind, String field, ByteString bytes) {
        if (bytes.size() != 4 && bytes.size() != 16) {
            throw new ModelException(kind, field, bytes.size() + " bytes", "must be 4 or 16 bytes long");
        }
        return IpAddress.ofBytes(bytes.toByteArray());
    }

    private static IpPrefix prefix(String kind, String field, Prefix wire) {
        return new IpPrefix(address(kind, field, wire.getAddress()), wire.getLength());
    }

    private static MacAddress mac(String kind, long value) {
        if (value >>> 48 != 0) {
            throw new ModelException(kind, "mac", Long.toHexString(value), "must fit in 48 bits");
        }
        return new MacAddress(value);
    }

    private static int inRange(String kind, String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ModelException(kind, field, Integer.toUnsignedString(value), "must be " + min + ".." + max);
        }
        return value;
    }

    private static String name(String kind, String field, String value) {
        if (value.length() > NAME_MAX) {
            throw new ModelException(
                    kind, field, value.length() + " characters", "must have at most " + NAME_MAX + " characters");
        }
        return value;
    }
}
