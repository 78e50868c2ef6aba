package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.NatExemption;
import net.nvgate.fabric.policy.PolicyObject.NatOneToOne;
import net.nvgate.fabric.policy.PolicyObject.NatRule;
import net.nvgate.fabric.sync.PolicyRejectedException;
import org.jspecify.annotations.Nullable;

/** NAT connections, rules, 1:1 pairs and exemptions of all tenants. What is not IPv4 is kept but has no rows. */
final class NatIndex {

    /** Ascending by address, then by port. */
    static final Comparator<NatConnection> ORDER = Comparator.comparing(NatConnection::externalAddress)
            .thenComparingInt(NatConnection::portMin)
            .thenComparing(NatConnection::id);

    /** A tenant's host. */
    private record Host(UUID rdid, int ca) {}

    final Map<UUID, NatConnection> connections = new HashMap<>();
    final NatRuleIndex rules = new NatRuleIndex();

    /** By external address, then by first port. */
    private final Map<Integer, TreeMap<Integer, NatConnection>> byAddress = new HashMap<>();

    private final Map<Integer, NatOneToOne> oneToOnes = new HashMap<>();
    private final Map<Host, NatOneToOne> oneToOneHosts = new HashMap<>();

    /** Whether packets to an address from outside are translated. */
    boolean isExternal(int address) {
        return byAddress.containsKey(address) || oneToOnes.containsKey(address);
    }

    boolean isOneToOne(int address) {
        return oneToOnes.containsKey(address);
    }

    /** External addresses of connections and 1:1 pairs. */
    Set<Integer> addresses() {
        Set<Integer> addresses = new HashSet<>(byAddress.keySet());
        addresses.addAll(oneToOnes.keySet());
        return addresses;
    }

    /** Connections of an external address, ascending by port. */
    List<NatConnection> at(int address) {
        TreeMap<Integer, NatConnection> there = byAddress.get(address);
        return there == null ? List.of() : List.copyOf(there.values());
    }

    @Nullable
    NatOneToOne oneToOne(int address) {
        return oneToOnes.get(address);
    }

    void add(NatConnection connection, Tenant tenant, Dirty dirty) throws PolicyRejectedException {
        if (connection.externalAddress() instanceof Ipv4Address address) {
            check(connection, address);
            activateAll(connection, dirty);
            byAddress.computeIfAbsent(address.value(), _ -> new TreeMap<>()).put(connection.portMin(), connection);
        }
        connections.put(connection.id(), connection);
        tenant.connections.add(connection);
        mark(connection, tenant, dirty);
    }

    private void check(NatConnection connection, Ipv4Address address) throws PolicyRejectedException {
        for (NatConnection other : at(address.value())) {
            if (connection.portMin() <= other.portMax() && other.portMin() <= connection.portMax()) {
                throw new PolicyRejectedException(
                        connection.key(),
                        "external address " + address + " is already that of " + other.key()
                                + " with some of the ports " + connection.portMin() + ".." + connection.portMax());
            }
        }
        NatOneToOne pair = oneToOnes.get(address.value());
        if (pair != null) {
            throw new PolicyRejectedException(
                    connection.key(), "external address " + address + " is already that of " + pair.key());
        }
        rules.check(connection, address);
    }

    /** All of them or none. */
    private void activateAll(NatConnection connection, Dirty dirty) throws PolicyRejectedException {
        List<NatRule> done = new ArrayList<>();
        try {
            for (NatRule rule : rules.of(connection)) {
                activate(rule, connection, dirty);
                done.add(rule);
            }
        } catch (PolicyRejectedException e) {
            done.forEach(rule -> rules.deactivate(rule, connection, dirty));
            throw e;
        }
    }

    private void activate(NatRule rule, NatConnection connection, Dirty dirty) throws PolicyRejectedException {
        if (connection.externalAddress() instanceof Ipv4Address address) {
            for (NatConnection other : at(address.value())) {
                if (!other.id().equals(connection.id()) && NatRuleIndex.overlaps(rule, other)) {
                    throw new PolicyRejectedException(
                            rule.key(),
                            "external port " + rule.externalPort() + " of " + address + " is already that of "
                                    + other.key());
                }
            }
        }
        rules.activate(rule, connection, dirty);
    }

    void remove(NatConnection connection, Tenant tenant, Dirty dirty) {
        rules.of(connection).forEach(rule -> rules.deactivate(rule, connection, dirty));
        connections.remove(connection.id());
        tenant.connections.remove(connection);
        if (connection.externalAddress() instanceof Ipv4Address address) {
            byAddress.computeIfPresent(address.value(), (_, there) -> {
                there.remove(connection.portMin(), connection);
                return there.isEmpty() ? null : there;
            });
        }
        mark(connection, tenant, dirty);
    }

    private static void mark(NatConnection connection, Tenant tenant, Dirty dirty) {
        dirty.connections.add(connection.id());
        dirty.tenants.add(tenant);
        if (connection.externalAddress() instanceof Ipv4Address address) {
            dirty.natAddresses.add(address.value());
            dirty.ownAddresses.add(address.value());
        }
    }

    void add(NatRule rule, Dirty dirty) throws PolicyRejectedException {
        NatConnection connection = connections.get(rule.connectionId());
        if (connection != null) {
            activate(rule, connection, dirty);
        }
        rules.add(rule);
    }

    void remove(NatRule rule, Dirty dirty) {
        NatConnection connection = connections.get(rule.connectionId());
        if (connection != null) {
            rules.deactivate(rule, connection, dirty);
        }
        rules.remove(rule);
    }

    void add(NatOneToOne pair, Tenant tenant, Dirty dirty) throws PolicyRejectedException {
        if (pair.externalAddress() instanceof Ipv4Address external
                && pair.internalAddress() instanceof Ipv4Address internal) {
            NatOneToOne other = oneToOnes.get(external.value());
            Host host = new Host(pair.rdid(), internal.value());
            if (other == null) {
                other = oneToOneHosts.get(host);
            }
            List<NatConnection> there = at(external.value());
            if (other != null || !there.isEmpty()) {
                throw new PolicyRejectedException(
                        pair.key(),
                        "external address " + external + " or internal address " + internal + " is already that of "
                                + (other != null
                                        ? other.key()
                                        : there.getFirst().key()));
            }
            oneToOnes.put(external.value(), pair);
            oneToOneHosts.put(host, pair);
            mark(external.value(), dirty);
        }
        dirty.tenants.add(tenant);
    }

    void remove(NatOneToOne pair, Tenant tenant, Dirty dirty) {
        if (pair.externalAddress() instanceof Ipv4Address external
                && pair.internalAddress() instanceof Ipv4Address internal) {
            oneToOnes.remove(external.value());
            oneToOneHosts.remove(new Host(pair.rdid(), internal.value()));
            mark(external.value(), dirty);
        }
        dirty.tenants.add(tenant);
    }

    private static void mark(int external, Dirty dirty) {
        dirty.oneToOnes.add(external);
        dirty.ownAddresses.add(external);
    }

    static void add(NatExemption exemption, Tenant tenant, Dirty dirty) {
        tenant.exemptions.put(exemption.id(), exemption);
        dirty.tenants.add(tenant);
    }

    static void remove(NatExemption exemption, Tenant tenant, Dirty dirty) {
        tenant.exemptions.remove(exemption.id());
        dirty.tenants.add(tenant);
    }
}
