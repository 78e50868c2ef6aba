package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.nat.NatRefusal;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.nat.TenantUsage;
import net.nvgate.gateway.route.NatChoice;
import net.nvgate.gateway.route.NatQuotas;
import net.nvgate.gateway.route.NatTable;

/** How full external addresses are, and what tenants with sessions have in use, against their quotas. */
final class NatGauges {

    /** TCP and UDP ports, ICMP identifiers. */
    private static final int PROTOCOLS = 3;

    /** Addresses, and tenants, that are shown at most: the lowest ones. */
    private static final int SHOWN_MAX = 4_096;

    private NatGauges() {}

    static void read(DataPath path, List<Sample> samples) {
        addresses(path, samples);
        portBlocks(path, samples);
        List<TablePolicy.TenantUse> tenants = path.policy().tenantQuotas().stream()
                .filter(tenant -> sum(path, tenant, TenantUsage::hosts) > 0 || refusals(path, tenant) > 0)
                .limit(SHOWN_MAX)
                .toList();
        gauge(path, tenants, "sessions", "NAT sessions of a tenant", TenantUsage::sessions, samples);
        gauge(path, tenants, "ports", "External ports and ICMP identifiers of a tenant", TenantUsage::ports, samples);
        gauge(path, tenants, "hosts", "Inside addresses with sessions or mappings", TenantUsage::hosts, samples);
        quotas(tenants, samples);
        refusals(path, tenants, samples);
    }

    private static void addresses(DataPath path, List<Sample> samples) {
        Map<Ipv4Address, Long> usable = new TreeMap<>();
        for (NatTable.Connection row : path.policy().natConnections()) {
            long ports = Math.max(0, row.portMax() - Math.max(NatChoice.PORT_FIRST, row.portMin()) + 1);
            usable.merge(new Ipv4Address(row.externalIp()), PROTOCOLS * ports, Long::sum);
        }
        List<Map.Entry<Ipv4Address, Long>> shown =
                usable.entrySet().stream().limit(SHOWN_MAX).toList();
        for (Map.Entry<Ipv4Address, Long> address : shown) {
            samples.add(Sample.gauge(
                    "nvgate_nat_ports",
                    "Ports and ICMP identifiers that can be given out at an external address, all protocols together",
                    Map.of("external_address", address.getKey().toString()),
                    address.getValue()));
        }
        for (Map.Entry<Ipv4Address, Long> address : shown) {
            long taken = path.workers().stream()
                    .mapToLong(worker ->
                            worker.nat().ports().taken(address.getKey().value()))
                    .sum();
            samples.add(Sample.gauge(
                    "nvgate_nat_ports_taken",
                    "Ports and ICMP identifiers that mappings have at an external address",
                    Map.of("external_address", address.getKey().toString()),
                    taken));
        }
    }

    private static void portBlocks(DataPath path, List<Sample> samples) {
        samples.add(Sample.gauge(
                "nvgate_nat_port_blocks",
                "Blocks of ports that hosts have",
                Map.of(),
                path.workers().stream()
                        .mapToLong(worker -> worker.nat().blocksUsed())
                        .sum()));
        portBlocks(path, "assigned", "Blocks of ports given to hosts", PortBlockEvents::assigned, samples);
        portBlocks(path, "released", "Blocks of ports that went back", PortBlockEvents::released, samples);
        portBlocks(
                path,
                "not_logged",
                "Blocks of ports given or gone back without a line in the log, because too many came at once",
                PortBlockEvents::notTold,
                samples);
    }

    private static void portBlocks(
            DataPath path, String what, String help, ToLongFunction<PortBlockEvents> count, List<Sample> samples) {
        samples.add(Sample.counter(
                "nvgate_nat_port_blocks_" + what,
                help,
                Map.of(),
                path.workers().stream()
                        .mapToLong(worker -> count.applyAsLong(worker.nat().blockEvents()))
                        .sum()));
    }

    private interface Use {
        int of(TenantUsage usage, int tenant);
    }

    private static long sum(DataPath path, TablePolicy.TenantUse tenant, Use use) {
        return path.workers().stream()
                .mapToLong(worker -> use.of(worker.nat().subscribers().tenants(), tenant.index()))
                .sum();
    }

    private static void gauge(
            DataPath path,
            List<TablePolicy.TenantUse> tenants,
            String what,
            String help,
            Use use,
            List<Sample> samples) {
        for (TablePolicy.TenantUse tenant : tenants) {
            samples.add(Sample.gauge(
                    "nvgate_tenant_" + what, help, Map.of("rdid", tenant.rdid().toString()), sum(path, tenant, use)));
        }
    }

    private static void quotas(List<TablePolicy.TenantUse> tenants, List<Sample> samples) {
        for (TablePolicy.TenantUse tenant : tenants) {
            NatQuotas.Row quota = tenant.quota();
            Map<String, Integer> limits = new LinkedHashMap<>();
            limits.put("ports", quota.ports());
            limits.put("sessions", quota.sessions());
            limits.put("sessions-per-second", quota.sessionsPerSecond());
            limits.put("host-ports", quota.hostPorts());
            limits.put("host-sessions", quota.hostSessions());
            limits.put("host-sessions-per-second", quota.hostSessionsPerSecond());
            limits.forEach((resource, most) -> {
                if (most != 0) {
                    samples.add(Sample.gauge(
                            "nvgate_tenant_quota",
                            "What a tenant may use at most, where there is a limit",
                            labels(tenant, "resource", resource),
                            (long) most));
                }
            });
        }
    }

    private static long refusals(DataPath path, TablePolicy.TenantUse tenant) {
        long sum = 0;
        for (NatRefusal refusal : NatRefusal.values()) {
            sum += refusals(path, tenant, refusal);
        }
        return sum;
    }

    private static long refusals(DataPath path, TablePolicy.TenantUse tenant, NatRefusal refusal) {
        return path.workers().stream()
                .mapToLong(worker -> worker.nat().subscribers().tenants().refusals(tenant.index(), refusal))
                .sum();
    }

    private static void refusals(DataPath path, List<TablePolicy.TenantUse> tenants, List<Sample> samples) {
        for (TablePolicy.TenantUse tenant : tenants) {
            List<NatRefusal> some = new ArrayList<>(List.of(NatRefusal.values()));
            some.removeIf(refusal -> refusals(path, tenant, refusal) == 0);
            for (NatRefusal refusal : some) {
                samples.add(Sample.counter(
                        "nvgate_tenant_refusals",
                        "Sessions and mappings refused to a tenant, by reason",
                        labels(tenant, "reason", refusal.label()),
                        refusals(path, tenant, refusal)));
            }
        }
    }

    private static Map<String, String> labels(TablePolicy.TenantUse tenant, String name, String value) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("rdid", tenant.rdid().toString());
        labels.put(name, value);
        return labels;
    }
}
