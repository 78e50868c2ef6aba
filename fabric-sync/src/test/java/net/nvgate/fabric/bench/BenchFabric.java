package net.nvgate.fabric.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;

/**
 * A fabric that grows: 25 VMs per VM network on four hosts, 500 VM networks per gateway, at every size. Hosts are Linux with Open vSwitch,
 * {@code h0}, {@code h1}, ...; gateways {@code gw0}, {@code gw500}, ...
 */
final class BenchFabric {

    static final int VMS_PER_NETWORK = 25;
    static final int NETWORKS_PER_GATEWAY = 500;
    private static final int HOSTS_PER_NETWORK = 4;
    private static final int BATCH = 2_000;

    private final int vmsPerHost;
    private final String addressing;
    private final List<String> hosts = new ArrayList<>();
    private final List<String> subnets = new ArrayList<>();
    private String paPool = "";
    private String paNetwork = "";
    private String externalPool = "";
    private String gateway = "";
    private int vms;

    /** @param addressing PER_HOST or PER_HOST_AND_VSID */
    BenchFabric(int vmsPerHost, String addressing) {
        this.vmsPerHost = vmsPerHost;
        this.addressing = addressing;
    }

    boolean isEmpty() {
        return paPool.isEmpty();
    }

    /** Adds VMs up to a number. */
    void grow(FabricManager manager, int size) {
        if (isEmpty()) {
            makeNetworks(manager);
        }
        while (vms < size) {
            List<Operation> batch = new ArrayList<>();
            for (int i = 0; i < BATCH && vms < size; i++) {
                batch.add(nextVm(manager));
            }
            manager.run(batch, false);
        }
    }

    private static FabricObject make(FabricManager manager, Kind kind, String members) {
        return manager.run(create(kind, members));
    }

    private static Operation.Create create(Kind kind, String members) {
        FabricSpec<?> spec = FabricJson.read("{" + members + "}", FabricSpec.type(kind));
        return new Operation.Create(spec);
    }

    /** A VM in a subnet on a host. */
    static Operation.Create vm(String name, UUID host, UUID subnet) {
        return create(
                Kind.VM,
                "\"name\":\"" + name + "\",\"hostId\":\"" + host + "\",\"nics\":[{\"vmSubnetId\":\"" + subnet + "\"}]");
    }

    /** A VM more in one of the present VM networks, on one of its hosts; there is room for forty times as many. */
    Operation.Create anotherVm(String name, RandomGenerator random) {
        int network = random.nextInt(subnets.size());
        int host = network * VMS_PER_NETWORK / (vmsPerHost * HOSTS_PER_NETWORK) * HOSTS_PER_NETWORK
                + random.nextInt(HOSTS_PER_NETWORK);
        return vm(name, UUID.fromString(hosts.get(host)), UUID.fromString(subnets.get(network)));
    }

    private void makeNetworks(FabricManager manager) {
        paNetwork = make(
                        manager,
                        Kind.LOGICAL_NETWORK,
                        "\"name\":\"pa\",\"networkVirtualization\":true,\"providerAddressing\":\"" + addressing + "\"")
                .id()
                .toString();
        paPool = pool(manager, "pa", paNetwork, "10.0.0.0/8");
        String external = make(manager, Kind.LOGICAL_NETWORK, "\"name\":\"external\"")
                .id()
                .toString();
        externalPool = pool(manager, "external", external, "172.16.0.0/12");
    }

    private static String pool(FabricManager manager, String name, String network, String prefix) {
        String site = make(
                        manager,
                        Kind.NETWORK_SITE,
                        "\"name\":\"" + name + "\",\"logicalNetworkId\":\"" + network + "\",\"subnets\":[{\"prefix\":\""
                                + prefix + "\"}]")
                .id()
                .toString();
        return make(
                        manager,
                        Kind.IP_POOL,
                        "\"name\":\"" + name + "\",\"networkSiteId\":\"" + site + "\",\"prefix\":\"" + prefix + "\"")
                .id()
                .toString();
    }

    /** Hosts and VM networks come as they are needed. */
    Operation.Create nextVm(FabricManager manager) {
        int network = vms / VMS_PER_NETWORK;
        if (network == subnets.size()) {
            subnets.add(vmNetwork(manager, network));
        }
        // The four hosts of a VM network's VMs serve it and the other networks of their VMs.
        int first = vms / (vmsPerHost * HOSTS_PER_NETWORK) * HOSTS_PER_NETWORK;
        while (hosts.size() < first + HOSTS_PER_NETWORK) {
            hosts.add(make(
                            manager,
                            Kind.HOST,
                            "\"name\":\"h" + hosts.size() + "\",\"hostType\":\"LINUX_OVS\",\"paPoolId\":\"" + paPool
                                    + "\"")
                    .id()
                    .toString());
        }
        UUID host = UUID.fromString(hosts.get(first + vms % HOSTS_PER_NETWORK));
        return vm("vm" + vms++, host, UUID.fromString(subnets.get(network)));
    }

    private String vmNetwork(FabricManager manager, int number) {
        if (number % NETWORKS_PER_GATEWAY == 0) {
            gateway = make(
                            manager,
                            Kind.GATEWAY,
                            "\"name\":\"gw" + number + "\",\"maxVmNetworks\":" + NETWORKS_PER_GATEWAY
                                    + ",\"paPoolId\":\"" + paPool + "\",\"externalPoolId\":\"" + externalPool + "\"")
                    .id()
                    .toString();
        }
        String network = make(
                        manager,
                        Kind.VM_NETWORK,
                        "\"name\":\"n" + number + "\",\"logicalNetworkId\":\"" + paNetwork + "\"")
                .id()
                .toString();
        String of = ",\"vmNetworkId\":\"" + network + "\"";
        make(manager, Kind.VM_NETWORK_GATEWAY, "\"name\":\"g" + number + "\",\"gatewayId\":\"" + gateway + "\"" + of);
        return make(manager, Kind.VM_SUBNET, "\"name\":\"s" + number + "\",\"prefix\":\"10.0.0.0/22\"" + of)
                .id()
                .toString();
    }
}
