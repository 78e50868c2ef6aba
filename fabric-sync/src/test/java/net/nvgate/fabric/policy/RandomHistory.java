package net.nvgate.fabric.policy;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.FabricStore;

/** Makes a fabric live through random use cases. Some are refused, as in life. */
final class RandomHistory {

    /** What is deleted and renamed; the networks and pools of the datacenter stay. */
    private static final List<Kind> MORTAL = List.copyOf(EnumSet.range(Kind.HOST, Kind.NAT_RULE));

    private final TestFabric fabric;
    private final Random random;
    private int serial;
    private int refused;

    private RandomHistory(TestFabric fabric, long seed) {
        this.fabric = fabric;
        random = new Random(seed);
    }

    static void run(FabricStore store, long seed, int operations) {
        try (TestFabric fabric = new TestFabric(store, seed)) {
            RandomHistory history = new RandomHistory(fabric, seed);
            for (int i = 0; i < operations; i++) {
                history.step();
            }
            if (history.refused > operations / 2) {
                throw new IllegalStateException("most operations were refused: " + history.refused);
            }
        }
    }

    private void step() {
        try {
            operation(random.nextInt(100));
        } catch (FabricException e) {
            refused++;
        }
    }

    private void operation(int dice) {
        String name = "n" + serial++;
        if (dice < 5 || any(Kind.HOST).isEmpty()) {
            fabric.host(name);
        } else if (dice < 8 || any(Kind.GATEWAY).isEmpty()) {
            fabric.gateway(name, 3);
        } else if (dice < 12 || any(Kind.VM_NETWORK).isEmpty()) {
            fabric.vmNetwork(name);
        } else if (dice < 20 || any(Kind.VM_SUBNET).isEmpty()) {
            fabric.vmSubnet(name, pick(VmNetwork.class), "192.168." + random.nextInt(4) + ".0/24");
        } else if (dice < 26) {
            fabric.attach(name, pick(VmNetwork.class), pick(Gateway.class));
        } else if (dice < 50) {
            fabric.vm(name, pick(Host.class), pick(VmSubnet.class));
        } else if (dice < 64 && any(Kind.VM).isPresent()) {
            fabric.manager.moveVm(pick(Vm.class).id(), pick(Host.class).id());
        } else if (dice < 69 && any(Kind.VM_NETWORK_GATEWAY).isPresent()) {
            fabric.nat(name, pick(VmNetworkGateway.class));
        } else if (dice < 74 && any(Kind.NAT_CONNECTION).isPresent()) {
            fabric.rule(name, pick(NatConnection.class), 1 + random.nextInt(9), "192.168." + random.nextInt(4) + ".7");
        } else if (dice < 80) {
            any(pickKind())
                    .ifPresent(object -> fabric.manager.patch(
                            object.kind(), object.id(), Patch.read("{\"name\":\"" + name + "\"}")));
        } else {
            any(pickKind()).ifPresent(object -> fabric.manager.delete(object.kind(), object.id()));
        }
    }

    /** VMs more often than the rest. */
    private Kind pickKind() {
        return random.nextInt(3) == 0 ? Kind.VM : MORTAL.get(random.nextInt(MORTAL.size()));
    }

    private Optional<FabricObject> any(Kind kind) {
        List<FabricObject> objects = fabric.manager.list(kind);
        return objects.isEmpty() ? Optional.empty() : Optional.of(objects.get(random.nextInt(objects.size())));
    }

    private <T extends FabricObject> T pick(Class<T> type) {
        return type.cast(any(Kind.of(type)).orElseThrow());
    }
}
