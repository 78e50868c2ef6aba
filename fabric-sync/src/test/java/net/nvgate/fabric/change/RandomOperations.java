package net.nvgate.fabric.change;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;

/** Makes up batches on a fabric as it is; later operations often concern what earlier ones make. Many are refused, as in life. */
final class RandomOperations {

    private static final List<Kind> MORTAL = List.of(
            Kind.HOST,
            Kind.GATEWAY,
            Kind.VM_NETWORK,
            Kind.VM_SUBNET,
            Kind.VM_NETWORK_GATEWAY,
            Kind.VM,
            Kind.VM,
            Kind.VM,
            Kind.NAT_CONNECTION,
            Kind.NAT_RULE,
            Kind.NAT_ONE_TO_ONE,
            Kind.TENANT_INTERFACE);

    private final TestFabric fabric;
    private final FabricObject network;
    private final FabricObject paPool;
    private final Random random;
    private final Map<Kind, List<UUID>> ids = new EnumMap<>(Kind.class);
    private int serial;

    /**
     * @param network where hosts, gateways and tenants are
     * @param paPool of that network
     */
    RandomOperations(TestFabric fabric, FabricObject network, FabricObject paPool, long seed) {
        this.fabric = fabric;
        this.network = network;
        this.paPool = paPool;
        random = new Random(seed);
    }

    /** @param max operations at most */
    List<Operation> next(int max) {
        ids.clear();
        for (Kind kind : EnumSet.copyOf(MORTAL)) {
            ids.put(
                    kind,
                    new ArrayList<>(fabric.manager.list(kind).stream()
                            .map(FabricObject::id)
                            .toList()));
        }
        List<Operation> operations = new ArrayList<>();
        int count = 1 + random.nextInt(max);
        while (operations.size() < count) {
            operations.add(operation(random.nextInt(100)));
        }
        return operations;
    }

    private Operation operation(int dice) {
        if (dice < 8) {
            Kind kind = MORTAL.get(random.nextInt(MORTAL.size()));
            return new Operation.Delete(kind, pick(kind));
        } else if (dice < 14) {
            Kind kind = MORTAL.get(random.nextInt(MORTAL.size()));
            return new Operation.Update(kind, pick(kind), Patch.read("{" + named("n" + serial++) + "}"));
        } else if (dice < 24) {
            return new Operation.Move(pick(Kind.VM), pick(Kind.HOST));
        } else if (dice < 30) {
            return new Operation.Update(
                    Kind.VM_NETWORK_GATEWAY, pick(Kind.VM_NETWORK_GATEWAY), Patch.read("{" + gatewayFields() + "}"));
        }
        return create(kind(dice));
    }

    private static Kind kind(int dice) {
        if (dice < 36) {
            return Kind.HOST;
        } else if (dice < 39) {
            return Kind.GATEWAY;
        } else if (dice < 46) {
            return Kind.VM_NETWORK;
        } else if (dice < 56) {
            return Kind.VM_SUBNET;
        } else if (dice < 64) {
            return Kind.VM_NETWORK_GATEWAY;
        } else if (dice < 82) {
            return Kind.VM;
        } else if (dice < 88) {
            return Kind.NAT_CONNECTION;
        } else if (dice < 94) {
            return Kind.NAT_RULE;
        }
        return dice < 97 ? Kind.NAT_ONE_TO_ONE : Kind.TENANT_INTERFACE;
    }

    private Operation create(Kind kind) {
        String more = members(kind);
        UUID id = new UUID(random.nextLong(), random.nextLong());
        known(kind).add(id);
        String members = named("n" + serial++) + field("id", id) + more;
        return new Operation.Create(FabricJson.read("{" + members + "}", FabricSpec.type(kind)));
    }

    private String members(Kind kind) {
        return switch (kind) {
            case HOST -> field("hostType", "LINUX_OVS") + field("paPoolId", paPool.id());
            case GATEWAY -> field("paPoolId", paPool.id()) + field("externalPoolId", fabric.externalPool.id());
            case VM_NETWORK -> field("logicalNetworkId", network.id());
            case VM_SUBNET -> {
                int number = random.nextInt(4);
                yield field("vmNetworkId", pick(Kind.VM_NETWORK))
                        + field("prefix", "192.168." + number + ".0/24")
                        + (random.nextBoolean() ? "" : field("prefix6", "fd00:0:0:" + number + "::/64"))
                        + (random.nextBoolean() ? "" : ",\"dhcp\":{}");
            }
            case VM_NETWORK_GATEWAY ->
                field("vmNetworkId", pick(Kind.VM_NETWORK)) + field("gatewayId", pick(Kind.GATEWAY));
            case VM ->
                field("hostId", pick(Kind.HOST)) + ",\"nics\":[{\"vmSubnetId\":\"" + pick(Kind.VM_SUBNET) + "\"}]";
            case NAT_CONNECTION -> field("vmNetworkGatewayId", pick(Kind.VM_NETWORK_GATEWAY));
            case NAT_RULE ->
                field("natConnectionId", pick(Kind.NAT_CONNECTION))
                        + field("protocol", "TCP")
                        + field("internalAddress", target())
                        + ",\"externalPort\":" + (1 + random.nextInt(9)) + ",\"internalPort\":80";
            case NAT_ONE_TO_ONE ->
                field("vmNetworkGatewayId", pick(Kind.VM_NETWORK_GATEWAY)) + field("internalAddress", target());
            default ->
                field("vmNetworkGatewayId", pick(Kind.VM_NETWORK_GATEWAY)) + field("side", "FRONT_END")
                        + ",\"vlanId\":" + (1 + random.nextInt(20))
                        + ",\"addresses\":[{\"address\":\"172.16." + random.nextInt(4) + ".1\",\"prefixLength\":24}]";
        };
    }

    private String target() {
        return "192.168." + random.nextInt(4) + "." + (2 + random.nextInt(20));
    }

    private String gatewayFields() {
        return switch (random.nextInt(4)) {
            case 0 -> "\"routes\":[{\"destinationPrefix\":\"10.8.0.0/16\",\"nextHops\":[\"" + target() + "\"]}]";
            case 1 -> "\"routes\":[],\"nat64Prefix\":" + (random.nextBoolean() ? "null" : "\"64:ff9b::/96\"");
            case 2 -> "\"quota\":{\"ports\":" + random.nextInt(1000) + "}";
            default -> "\"pcp\":" + random.nextBoolean();
        };
    }

    private List<UUID> known(Kind kind) {
        return ids.computeIfAbsent(kind, _ -> new ArrayList<>());
    }

    /** An object of the fabric or of this batch; an unknown id if there is none. */
    private UUID pick(Kind kind) {
        List<UUID> known = known(kind);
        return known.isEmpty()
                ? new UUID(random.nextLong(), random.nextLong())
                : known.get(random.nextInt(known.size()));
    }
}
