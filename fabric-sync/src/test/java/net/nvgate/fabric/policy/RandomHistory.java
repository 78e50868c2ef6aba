package net.nvgate.fabric.policy;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;

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
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.FabricStore;

/** Makes a fabric live through random use cases. Some are refused, as in life. An even seed gives PAs per host and VSID. */
public final class RandomHistory {

    /** What is deleted and renamed; the networks and pools of the datacenter stay. */
    private static final List<Kind> MORTAL = List.copyOf(EnumSet.range(Kind.HOST, Kind.VM_NETWORK_PEERING));

    private final TestFabric fabric;
    private final Random random;
    private final FabricObject guests;
    private int serial;
    private int refused;

    private RandomHistory(TestFabric fabric, long seed) {
        this.fabric = fabric;
        random = new Random(seed);
        guests = fabric.guestClassification();
        FabricObject cloud = fabric.make(Kind.CLOUD, named("cloud"));
        for (String plan : List.of("thin", "thick")) {
            fabric.make(Kind.PLAN, named(plan) + field("cloudId", cloud.id()) + ",\"limits\":{\"ports\":100}");
        }
        fabric.make(
                Kind.SUBSCRIPTION,
                named("tenant") + field("planId", pick(Plan.class).id()) + field("owner", "tenant"));
    }

    public static void run(FabricStore store, long seed, int operations) {
        String addressing = seed % 2 == 0 ? "PER_HOST_AND_VSID" : "PER_HOST";
        try (TestFabric fabric = new TestFabric(store, seed, field("providerAddressing", addressing))) {
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
            operation(random.nextInt(150));
        } catch (FabricException e) {
            refused++;
        }
    }

    private void operation(int dice) {
        String name = "n" + serial++;
        if (dice >= 145) {
            planOperation();
        } else if (dice < 5 || any(Kind.HOST).isEmpty()) {
            host(name);
        } else if (dice < 8 || any(Kind.GATEWAY).isEmpty()) {
            fabric.gateway(name, 3);
        } else if (dice < 12 || any(Kind.VM_NETWORK).isEmpty()) {
            vmNetwork(name);
        } else if (dice < 20 || any(Kind.VM_SUBNET).isEmpty()) {
            int number = random.nextInt(4);
            String more = random.nextBoolean() ? "" : field("prefix6", "fd00:0:0:" + number + "::/64");
            fabric.vmSubnet(name, pick(VmNetwork.class), "192.168." + number + ".0/24", more);
        } else if (dice < 26) {
            VmNetwork network = pick(VmNetwork.class);
            fabric.attach(name, network, pick(Gateway.class), shared(network));
        } else if (dice < 50) {
            vm(name);
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
        } else if (dice >= 130) {
            nicOperation(dice - 130);
        } else if (dice >= 100) {
            tenantOperation(dice - 100, name);
        } else {
            any(pickKind()).ifPresent(object -> fabric.manager.delete(object.kind(), object.id()));
        }
    }

    /** Every other one belongs to the subscription, if it is still there. */
    private void vmNetwork(String name) {
        Optional<FabricObject> tenant = any(Kind.SUBSCRIPTION).filter(_ -> random.nextBoolean());
        fabric.make(
                Kind.VM_NETWORK,
                named(name)
                        + field("logicalNetworkId", fabric.paNetwork.id())
                        + tenant.map(owner -> field("subscriptionId", owner.id()))
                                .orElse(""));
    }

    /** Another limit for all gateways of a plan, or another plan for all of a subscription. */
    private void planOperation() {
        if (any(Kind.PLAN).isEmpty() || any(Kind.SUBSCRIPTION).isEmpty()) {
            return;
        }
        if (random.nextBoolean()) {
            fabric.patch(pick(Plan.class), "\"limits\":{\"ports\":" + (1 + random.nextInt(3)) + "}");
        } else {
            fabric.patch(
                    pick(Subscription.class), "\"planId\":\"" + pick(Plan.class).id() + "\"");
        }
    }

    private void host(String name) {
        String type = random.nextInt(4) == 0 ? "HYPER_V" : "LINUX_OVS";
        fabric.make(Kind.HOST, named(name) + field("hostType", type) + field("paPoolId", fabric.paPool.id()));
    }

    /** Every other one chooses addresses by itself. */
    private void vm(String name) {
        String guest = random.nextBoolean()
                ? ""
                : field("addressing", "GUEST_SPECIFIED") + field("portClassificationId", guests.id());
        fabric.make(
                Kind.VM,
                named(name) + field("hostId", pick(Host.class).id()) + ",\"nics\":[{\"vmSubnetId\":\""
                        + pick(VmSubnet.class).id() + "\"" + guest + "}]");
    }

    /** @param dice 0..14 */
    private void nicOperation(int dice) {
        if (any(Kind.VM).isEmpty()) {
            return;
        }
        Vm vm = pick(Vm.class);
        Vm.Nic nic = vm.nics().getFirst();
        if (dice < 4) {
            fabric.manager.changeMac(vm.id(), nic.id(), Optional.empty());
        } else if (dice < 6 && !nic.learnedAddresses().isEmpty()) {
            fabric.manager.forgetAddress(
                    vm.id(), nic.id(), nic.learnedAddresses().getFirst());
        } else if (nic.addressing() == Vm.Addressing.GUEST_SPECIFIED) {
            String subnet = nic.address().toString().replaceAll("\\d+$", "");
            IpAddress address = TestFabric.ip(subnet + (200 + random.nextInt(8)));
            fabric.manager.learnAddress(vm.id(), nic.id(), address);
        }
    }

    /** @param dice 0..29 */
    private void tenantOperation(int dice, String name) {
        if (any(Kind.VM_NETWORK_GATEWAY).isEmpty()) {
            return;
        }
        VmNetworkGateway attached = pick(VmNetworkGateway.class);
        String of = named(name) + field("vmNetworkGatewayId", attached.id());
        String target = "192.168." + random.nextInt(4) + "." + (2 + random.nextInt(20));
        if (dice < 4) {
            fabric.make(Kind.NAT_ONE_TO_ONE, of + field("internalAddress", target));
        } else if (dice < 6) {
            fabric.make(
                    Kind.NAT_EXEMPTION,
                    of + field("sourcePrefix", target + "/32") + field("destinationPrefix", "10.0.0.0/8"));
        } else if (dice < 10) {
            fabric.make(Kind.TENANT_INTERFACE, of + field("side", "FRONT_END") + interfaceFields());
        } else if (dice < 13) {
            fabric.make(
                    Kind.VM_NETWORK_PEERING,
                    named(name)
                            + field("vmNetworkId", attached.vmNetworkId())
                            + field("peerVmNetworkId", pick(VmNetwork.class).id()));
        } else if (dice < 20) {
            fabric.patch(attached, gatewayFields(target));
        } else if (dice < 24 && any(Kind.NAT_CONNECTION).isPresent()) {
            fabric.patch(
                    pick(NatConnection.class),
                    "\"filtering\":\"ADDRESS_DEPENDENT\",\"timeouts\":{\"udpSeconds\":" + (200 + dice) + "}");
        } else if (dice < 27 && any(Kind.VM_SUBNET).isPresent()) {
            fabric.patch(pick(VmSubnet.class), random.nextBoolean() ? "\"dhcp\":null" : "\"dhcp\":{}");
        } else if (any(Kind.TENANT_INTERFACE).isPresent()) {
            fabric.patch(
                    pick(TenantInterface.class), interfaceFields().replaceAll("^.*?\"addresses\"", "\"addresses\""));
        }
    }

    /** Now and then the gateway is to share a VM subnet. */
    private String shared(VmNetwork network) {
        return fabric.manager.list(Kind.VM_SUBNET).stream()
                .map(VmSubnet.class::cast)
                .filter(subnet -> subnet.vmNetworkId().equals(network.id()) && random.nextInt(4) == 0)
                .findFirst()
                .map(subnet -> field("vmSubnetId", subnet.id()))
                .orElse("");
    }

    private String interfaceFields() {
        String subnet = "172.16." + random.nextInt(4);
        return ",\"vlanId\":" + (1 + random.nextInt(20)) + ",\"addresses\":[{\"address\":\"" + subnet
                + ".1\",\"prefixLength\":24}],\"routes\":[{\"destinationPrefix\":\"10.9.0.0/16\",\"nextHop\":\""
                + subnet
                + ".2\"}]";
    }

    /** Settings, and now and then a prefix or routes. */
    private String gatewayFields(String nextHop) {
        return switch (random.nextInt(6)) {
            case 5 -> "\"wildcardRecords\":" + (random.nextBoolean() ? "\"ALL_HOSTS\"" : "\"GATEWAY\"");
            case 0 -> "\"routes\":[{\"destinationPrefix\":\"10.8.0.0/16\",\"nextHops\":[\"" + nextHop + "\"]}]";
            case 1 -> "\"routes\":[{\"destinationPrefix\":\"10.7.0.0/16\",\"blackhole\":true}]";
            case 2 -> "\"routes\":[],\"nat64Prefix\":" + (random.nextBoolean() ? "null" : "\"64:ff9b::/96\"");
            case 3 -> "\"quota\":{\"ports\":" + random.nextInt(1000) + "}";
            default -> "\"pcp\":" + random.nextBoolean();
        };
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
