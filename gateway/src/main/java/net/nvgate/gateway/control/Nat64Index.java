package net.nvgate.gateway.control;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.policy.PolicyObject.Nat64Prefix;
import org.jspecify.annotations.Nullable;

/** NAT64 prefixes of each tenant. */
final class Nat64Index {

    /** A prefix and whose it is. */
    record Prefix(Tenant tenant, IpPrefix prefix) {}

    private static final TreeSet<IpPrefix> NONE = new TreeSet<>();

    private final Map<Tenant, TreeSet<IpPrefix>> byTenant = new HashMap<>();

    void add(Nat64Prefix object, Tenant tenant, Dirty dirty) {
        byTenant.computeIfAbsent(tenant, _ -> new TreeSet<>()).add(object.prefix());
        dirty.nat64.add(new Prefix(tenant, object.prefix()));
    }

    void remove(Nat64Prefix object, Tenant tenant, Dirty dirty) {
        TreeSet<IpPrefix> prefixes = byTenant.get(tenant);
        if (prefixes != null && prefixes.remove(object.prefix()) && prefixes.isEmpty()) {
            byTenant.remove(tenant);
        }
        dirty.nat64.add(new Prefix(tenant, object.prefix()));
    }

    boolean has(Prefix prefix) {
        return byTenant.getOrDefault(prefix.tenant, NONE).contains(prefix.prefix);
    }

    /** The lowest prefix of a tenant: that of its default. */
    @Nullable
    IpPrefix first(Tenant tenant) {
        TreeSet<IpPrefix> prefixes = byTenant.get(tenant);
        return prefixes == null ? null : prefixes.first();
    }
}
