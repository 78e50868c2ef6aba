package net.nvgate.mgmt.bench;

import java.util.Locale;

/**
 * Fabric files of many small tenants: each VM network has a VM subnet, 25 VMs on four hosts, a NAT connection and a port forward; 100 VM
 * networks are of one subscription, {@code tenant0}, {@code tenant1}, ...
 */
final class BigFabric {

    static final int VMS_PER_NETWORK = 25;
    static final int NETWORKS_PER_TENANT = 100;
    private static final int NETWORKS_PER_GATEWAY = 500;
    private static final int NETWORKS_PER_FOUR_HOSTS = 84;

    private BigFabric() {}

    static int tenants(int networks) {
        return (networks + NETWORKS_PER_TENANT - 1) / NETWORKS_PER_TENANT;
    }

    /** What is physical, and one tenant of fixed addresses, whose packets a bench can make without asking. */
    static final String BASE = """
            name: load-base
            logical-networks:
              - {name: hnv, networkVirtualization: true}
              - {name: external}
            network-sites:
              - {name: hnv, logicalNetwork: hnv, subnets: [{prefix: 10.10.0.0/16}]}
              - {name: external, logicalNetwork: external, subnets: [{prefix: 203.0.96.0/19}]}
            ip-pools:
              - {name: pa, networkSite: hnv, prefix: 10.10.0.0/16, rangeStart: 10.10.0.1, rangeEnd: 10.10.255.254}
              - {name: external, networkSite: external, prefix: 203.0.96.0/19, rangeStart: 203.0.96.10, rangeEnd: 203.0.127.200, defaultGateways: [203.0.113.9]}
            hosts:
              - {name: wire, hostType: LINUX_OVS, paPool: pa, providerAddress: 10.10.0.9}
            gateways:
              - {name: gw0, paPool: pa, providerAddress: 10.10.0.1, externalPool: external, externalAddress: 203.0.113.2, maxVmNetworks: 1000}
            vm-networks:
              - {name: wire, logicalNetwork: hnv}
            vm-subnets:
              - {name: wire, vmNetwork: wire, prefix: 192.168.1.0/24, vsid: 6000}
            vm-network-gateways:
              - {name: wire, vmNetwork: wire, gateway: gw0, vsid: 5000, mac: "00:1d:d8:b7:1c:10", routerMac: "00:1d:d8:b7:1c:11"}
            nat-connections:
              - {name: wire, vmNetworkGateway: wire, externalAddress: 203.0.113.50}
            vms:
              - {name: wire, host: wire, nics: [{vmSubnet: wire/wire, address: 192.168.1.3, mac: "00:1d:d8:b7:1c:03"}]}
            """;

    private static String machines(int networks) {
        StringBuilder file = new StringBuilder("""
                clouds:
                  - {name: cloud, logicalNetworks: [hnv]}
                plans:
                  - {name: plan, cloud: cloud, access: PUBLIC}
                hosts:
                """);
        int fours = (networks + NETWORKS_PER_FOUR_HOSTS - 1) / NETWORKS_PER_FOUR_HOSTS;
        for (int host = 0; host < 4 * fours; host++) {
            add(file, "  - {name: h%d, hostType: LINUX_OVS, paPool: pa}\n", host);
        }
        if (networks > NETWORKS_PER_GATEWAY) {
            file.append("gateways:\n");
        }
        for (int gateway = 1; gateway <= (networks - 1) / NETWORKS_PER_GATEWAY; gateway++) {
            add(file, "  - {name: gw%d, paPool: pa, externalPool: external, maxVmNetworks: 1000}\n", gateway);
        }
        file.append("subscriptions:\n");
        for (int tenant = 0; tenant < tenants(networks); tenant++) {
            add(file, "  - {name: tenant%d, plan: plan, owner: tenant%d}\n", tenant, tenant);
        }
        return file.toString();
    }

    /** Machines, tenants, VMs; what {@link #BASE} has must be there. */
    static String tenantsFile(int networks) {
        StringBuilder vmNetworks =
                new StringBuilder("name: load\n").append(machines(networks)).append("vm-networks:\n");
        StringBuilder subnets = new StringBuilder("vm-subnets:\n");
        StringBuilder gateways = new StringBuilder("vm-network-gateways:\n");
        StringBuilder connections = new StringBuilder("nat-connections:\n");
        StringBuilder rules = new StringBuilder("nat-rules:\n");
        StringBuilder vms = new StringBuilder("vms:\n");
        for (int i = 0; i < networks; i++) {
            int tenant = i / NETWORKS_PER_TENANT;
            add(vmNetworks, "  - {name: n%d, logicalNetwork: hnv, subscription: tenant%d}\n", i, tenant);
            add(subnets, "  - {name: web, vmNetwork: n%d, prefix: 10.0.0.0/24}\n", i);
            add(gateways, "  - {name: n%d, vmNetwork: n%d, gateway: gw%d}\n", i, i, i / NETWORKS_PER_GATEWAY);
            add(connections, "  - {name: n%d, vmNetworkGateway: n%d}\n", i, i);
            add(
                    rules,
                    "  - {name: n%d-http, natConnection: n%d, protocol: TCP, externalPort: 80, internalAddress: 10.0.0.10, internalPort: 8080}\n",
                    i,
                    i);
            for (int vm = 0; vm < VMS_PER_NETWORK; vm++) {
                int host = i / NETWORKS_PER_FOUR_HOSTS * 4 + vm % 4;
                add(
                        vms,
                        "  - {name: vm%d-%d, host: h%d, subscription: tenant%d, labels: {tier: t%d}, nics: [{vmSubnet: n%d/web, address: 10.0.0.%d}]}\n",
                        i,
                        vm,
                        host,
                        tenant,
                        vm % 3,
                        i,
                        10 + vm);
            }
        }
        return vmNetworks
                .append(subnets)
                .append(gateways)
                .append(connections)
                .append(rules)
                .append(vms)
                .toString();
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation is in no library here
    private static void add(StringBuilder file, String line, Object... values) {
        file.append(String.format(Locale.ROOT, line, values));
    }
}
