package net.nvgate.fabric.simulation;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.Vm;

/** What clients ask for, by what they see through a manager; names, addresses and limits are scarce on purpose. */
final class Requests {

    private static final int NAMES = 12;

    private static final List<Kind> MADE = List.of(
            Kind.HOST,
            Kind.GATEWAY,
            Kind.VM_NETWORK,
            Kind.VM_NETWORK,
            Kind.VM_SUBNET,
            Kind.VM_SUBNET,
            Kind.VM_SUBNET,
            Kind.VM_NETWORK_GATEWAY,
            Kind.VM_NETWORK_GATEWAY,
            Kind.VM,
            Kind.VM,
            Kind.VM,
            Kind.VM,
            Kind.NAT_CONNECTION,
            Kind.NAT_CONNECTION,
            Kind.NAT_RULE,
            Kind.NAT_RULE,
            Kind.NAT_ONE_TO_ONE,
            Kind.TENANT_INTERFACE,
            Kind.VM_NETWORK_PEERING,
            Kind.ADDRESS_GRANT);

    private final Random random;

    Requests(Random random) {
        this.random = random;
    }

    /** One operation. */
    Operation single(FabricManager fabric) {
        int dice = random.nextInt(100);
        if (dice < 50) {
            return create(fabric, MADE.get(random.nextInt(MADE.size())), Optional.empty());
        } else if (dice < 70) {
            Kind kind = MADE.get(random.nextInt(MADE.size()));
            return new Operation.Delete(kind, pick(fabric, kind));
        } else if (dice < 82) {
            return new Operation.Move(pick(fabric, Kind.VM), pick(fabric, Kind.HOST));
        } else if (dice < 85) {
            return changeMac(fabric);
        }
        return update(fabric);
    }

    /** Some operations, the later ones on what the first made. */
    List<Operation> batch(FabricManager fabric) {
        List<Operation> operations = new ArrayList<>();
        if (random.nextBoolean()) {
            UUID network = id();
            UUID subnet = id();
            operations.add(create(fabric, Kind.VM_NETWORK, Optional.of(network)));
            operations.add(make(
                    Kind.VM_SUBNET,
                    name() + field("id", subnet) + field("vmNetworkId", network) + field("prefix", prefix())));
            operations.add(make(
                    Kind.VM,
                    name() + field("hostId", pick(fabric, Kind.HOST)) + ",\"nics\":[{\"vmSubnetId\":\"" + subnet
                            + "\"}]"));
            operations.add(make(
                    Kind.VM_NETWORK_GATEWAY,
                    name() + field("vmNetworkId", network) + field("gatewayId", pick(fabric, Kind.GATEWAY))));
        }
        int more = 1 + random.nextInt(3);
        for (int i = 0; i < more; i++) {
            operations.add(single(fabric));
        }
        return operations;
    }

    private Operation update(FabricManager fabric) {
        return switch (random.nextInt(7)) {
            case 0 -> patch(fabric, Kind.PLAN, limits());
            case 1 -> patch(fabric, Kind.SUBSCRIPTION, "\"planId\":\"" + pick(fabric, Kind.PLAN) + "\"");
            case 2 -> patch(fabric, Kind.CLOUD, "\"capacity\":{\"vms\":" + random.nextInt(8) + "}");
            case 3 -> patch(fabric, Kind.VM, "\"vcpus\":" + (1 + random.nextInt(4)));
            case 4 -> patch(fabric, Kind.VM_NETWORK_GATEWAY, "\"routes\":" + routes());
            case 5 -> patch(fabric, Kind.NAT_CONNECTION, "\"portMax\":" + (2000 + 1000 * random.nextInt(40)));
            default -> patch(fabric, MADE.get(random.nextInt(MADE.size())), name());
        };
    }

    private String routes() {
        return random.nextBoolean()
                ? "[]"
                : "[{\"destinationPrefix\":\"10.8.0.0/16\",\"nextHops\":[\"" + target() + "\"]}]";
    }

    private String limits() {
        return "\"limits\":{\"vms\":" + random.nextInt(5) + ",\"vcpus\":" + random.nextInt(9) + ",\"vmSubnets\":"
                + random.nextInt(4) + ",\"vmNetworks\":" + random.nextInt(3) + ",\"natRules\":" + random.nextInt(3)
                + ",\"publicAddresses\":" + random.nextInt(3) + "}";
    }

    private Operation patch(FabricManager fabric, Kind kind, String members) {
        return new Operation.Update(kind, pick(fabric, kind), Patch.read("{" + members + "}"));
    }

    private Operation changeMac(FabricManager fabric) {
        return fabric.find(Kind.VM, pick(fabric, Kind.VM))
                .map(Vm.class::cast)
                .filter(vm -> !vm.nics().isEmpty())
                .<Operation>map(vm ->
                        new Operation.ChangeMac(vm.id(), vm.nics().getFirst().id(), Optional.empty()))
                .orElseGet(() -> update(fabric));
    }

    private Operation create(FabricManager fabric, Kind kind, Optional<UUID> id) {
        return make(kind, name() + id.map(known -> field("id", known)).orElse("") + members(fabric, kind));
    }

    private static Operation make(Kind kind, String members) {
        return new Operation.Create(FabricJson.read("{" + members + "}", FabricSpec.type(kind)));
    }

    private String members(FabricManager fabric, Kind kind) {
        return switch (kind) {
            case HOST -> field("hostType", "LINUX_OVS") + field("paPoolId", called(fabric, Kind.IP_POOL, "small"));
            case GATEWAY ->
                field("paPoolId", called(fabric, Kind.IP_POOL, "small"))
                        + field("externalPoolId", called(fabric, Kind.IP_POOL, "front"))
                        + ",\"maxVmNetworks\":" + (1 + random.nextInt(2));
            case VM_NETWORK -> field("logicalNetworkId", virtual(fabric)) + owner(fabric);
            case VM_SUBNET -> field("vmNetworkId", pick(fabric, Kind.VM_NETWORK)) + field("prefix", prefix());
            case VM_NETWORK_GATEWAY ->
                field("vmNetworkId", pick(fabric, Kind.VM_NETWORK)) + field("gatewayId", pick(fabric, Kind.GATEWAY));
            case VM ->
                field("hostId", pick(fabric, Kind.HOST)) + owner(fabric) + ",\"vcpus\":" + (1 + random.nextInt(3))
                        + ",\"nics\":[{\"vmSubnetId\":\"" + pick(fabric, Kind.VM_SUBNET) + "\"" + address() + "}]";
            case NAT_CONNECTION -> field("vmNetworkGatewayId", pick(fabric, Kind.VM_NETWORK_GATEWAY)) + shared(fabric);
            case NAT_RULE ->
                field("natConnectionId", pick(fabric, Kind.NAT_CONNECTION)) + field("protocol", "TCP")
                        + field("internalAddress", target()) + ",\"externalPort\":" + (80 + random.nextInt(4))
                        + ",\"portCount\":" + (1 + random.nextInt(2)) + ",\"internalPort\":80";
            case NAT_ONE_TO_ONE ->
                field("vmNetworkGatewayId", pick(fabric, Kind.VM_NETWORK_GATEWAY)) + field("internalAddress", target());
            case TENANT_INTERFACE ->
                field("vmNetworkGatewayId", pick(fabric, Kind.VM_NETWORK_GATEWAY)) + field("side", "FRONT_END")
                        + ",\"vlanId\":" + (1 + random.nextInt(3)) + ",\"addresses\":[{\"address\":\"192.168."
                        + random.nextInt(4) + ".1\",\"prefixLength\":24}]";
            case VM_NETWORK_PEERING ->
                field("vmNetworkId", pick(fabric, Kind.VM_NETWORK))
                        + field("peerVmNetworkId", pick(fabric, Kind.VM_NETWORK));
            default -> field("ipPoolId", pick(fabric, Kind.IP_POOL));
        };
    }

    private String owner(FabricManager fabric) {
        return random.nextInt(3) == 0 ? "" : field("subscriptionId", pick(fabric, Kind.SUBSCRIPTION));
    }

    private String address() {
        return random.nextInt(3) == 0 ? field("address", target()) : "";
    }

    /** Now and then the address that another connection has, with half of the ports. */
    private String shared(FabricManager fabric) {
        List<FabricObject> others = fabric.list(Kind.NAT_CONNECTION);
        if (others.isEmpty() || random.nextBoolean()) {
            return ",\"portMax\":30000";
        }
        FabricObject other = others.get(random.nextInt(others.size()));
        return field("externalAddress", ((NatConnection) other).externalAddress())
                + (random.nextBoolean() ? ",\"portMin\":30001" : "");
    }

    private String prefix() {
        return "192.168." + random.nextInt(4) + "." + (random.nextBoolean() ? "0/24" : "0/28");
    }

    private String target() {
        return "192.168." + random.nextInt(4) + "." + (2 + random.nextInt(10));
    }

    private String name() {
        return named("n" + random.nextInt(NAMES));
    }

    private UUID id() {
        return new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() >>> 2) | (1L << 63));
    }

    private static UUID called(FabricManager fabric, Kind kind, String name) {
        return fabric.list(kind, name).getFirst().id();
    }

    private static UUID virtual(FabricManager fabric) {
        return fabric.list(Kind.LOGICAL_NETWORK).stream()
                .map(LogicalNetwork.class::cast)
                .filter(LogicalNetwork::networkVirtualization)
                .findFirst()
                .orElseThrow()
                .id();
    }

    /** An object that the manager shows; an id of nothing if there is none. */
    private UUID pick(FabricManager fabric, Kind kind) {
        List<FabricObject> objects = fabric.list(kind);
        return objects.isEmpty()
                ? id()
                : objects.get(random.nextInt(objects.size())).id();
    }
}
