package net.nvgate.gateway.export;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.control.TablePolicy;
import net.nvgate.gateway.control.TablePolicy.TenantName;
import net.nvgate.gateway.route.Lookup6Row;
import net.nvgate.gateway.route.LookupRow;
import net.nvgate.gateway.route.NatChoice;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatQuotas;
import net.nvgate.gateway.route.RouteTables;

/**
 * Names out of the policy and its tables, remembered until there is another revision; a tenant's for longer, since sessions outlive
 * it. Used by one thread.
 */
final class PolicyNames implements Names {

    /** VMs remembered at most; then all are forgotten. */
    private static final int VMS_MAX = 1 << 16;

    private record Vm(int domain, IpAddress address) {}

    private final TablePolicy policy;
    private final RouteTables tables;
    private final Map<Integer, Optional<TenantName>> tenants = new HashMap<>();
    private final Map<Integer, TenantName> lastTenants = new HashMap<>();
    private final Map<Vm, Integer> vsids = new HashMap<>();
    private final Map<Integer, String> pools = new HashMap<>();
    private long revision = -1;

    PolicyNames(TablePolicy policy, RouteTables tables) {
        this.policy = policy;
        this.tables = tables;
    }

    /** To be called now and then: forgets what an earlier revision said. */
    void refresh() {
        long now = policy.revision();
        if (now != revision || vsids.size() > VMS_MAX) {
            revision = now;
            tenants.clear();
            vsids.clear();
            pools.clear();
        }
    }

    @Override
    public Optional<TenantName> tenant(int domain) {
        return tenants.computeIfAbsent(domain, this::lookUp);
    }

    private Optional<TenantName> lookUp(int domain) {
        Optional<TenantName> now = policy.tenant(domain);
        now.ifPresent(tenant -> lastTenants.put(domain, tenant));
        return now.or(() -> Optional.ofNullable(lastTenants.get(domain)));
    }

    @Override
    public int vsid(int domain, IpAddress inside) {
        Vm vm = new Vm(domain, inside);
        Integer known = vsids.get(vm);
        if (known != null) {
            return known;
        }
        int vsid = vsid(vm);
        if (vsid != 0) {
            vsids.put(vm, vsid); // one that has none may be learned at any time, without a revision
        }
        return vsid;
    }

    private int vsid(Vm vm) {
        // The policy's lock keeps a row from being reused while it is read, here and below.
        synchronized (policy) {
            return switch (vm.address()) {
                case Ipv4Address v4 -> {
                    LookupRow record = tables.records.row(vm.domain(), v4.value());
                    yield record == null ? 0 : record.vsid();
                }
                case Ipv6Address v6 -> {
                    Lookup6Row record = tables.records6.row(vm.domain(), v6);
                    yield record == null ? 0 : record.vsid();
                }
            };
        }
    }

    /** The connection's index + 1. */
    @Override
    public int pool(int externalAddress, int port) {
        synchronized (policy) {
            return pool(tables.nat.connections.at(externalAddress, port));
        }
    }

    private int pool(long entry) {
        if (entry == 0) {
            return 0;
        }
        int pool = NatEntry.index(entry) + 1;
        pools.put(
                pool,
                new Ipv4Address(NatEntry.externalIp(entry)) + ":" + NatEntry.portMin(entry) + "-"
                        + NatEntry.portMax(entry));
        return pool;
    }

    @Override
    public int poolOf(int domain, int externalAddress) {
        synchronized (policy) {
            NatConnections connections = tables.nat.connections;
            return Stream.concat(
                            connections.choicesOf(domain).stream().map(NatConnections.Choice::index),
                            connections.choices6Of(domain).stream().map(NatConnections.Choice6::index))
                    .map(connections::get)
                    .filter(entry -> entry != 0)
                    .filter(entry -> externalAddress == 0 || NatEntry.externalIp(entry) == externalAddress)
                    .findFirst()
                    .map(this::pool)
                    .orElse(0);
        }
    }

    @Override
    public int portsOf(int pool) {
        synchronized (policy) {
            long entry = pool == 0 ? 0 : tables.nat.connections.get(pool - 1);
            return entry == 0
                    ? 0
                    : NatEntry.portMax(entry) - Math.max(NatChoice.PORT_FIRST, NatEntry.portMin(entry)) + 1;
        }
    }

    @Override
    public String poolName(int pool) {
        return pools.getOrDefault(pool, "");
    }

    @Override
    public int sessionsQuota(int domain, boolean ofHost) {
        synchronized (policy) {
            NatQuotas.Row quota = tables.nat.quotas.row(domain);
            return ofHost ? quota.hostSessions() : quota.sessions();
        }
    }
}
