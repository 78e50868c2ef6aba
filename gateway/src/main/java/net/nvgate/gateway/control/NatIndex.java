package net.nvgate.gateway.control;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.NatRule;
import net.nvgate.fabric.sync.PolicyRejectedException;
import org.jspecify.annotations.Nullable;

/**
 * NAT connections and rules of all tenants. A rule is active while its connection is there and both are IPv4; only active
 * rules have rows.
 */
final class NatIndex {

    /** External tuple. Protocol is the IANA number. */
    record Outside(int address, int protocol, int port) {}

    /** A server's own tuple. */
    record Inside(UUID rdid, int ca, int protocol, int port) {}

    record Active(NatRule rule, Outside outside, Inside inside) {}

    private static final Comparator<Active> LOWEST_OUTSIDE = Comparator.<Active, Ipv4Address>comparing(
                    active -> new Ipv4Address(active.outside.address))
            .thenComparingInt(active -> active.outside.port);

    final Map<UUID, NatConnection> connections = new HashMap<>();
    final Map<Integer, NatConnection> byAddress = new HashMap<>();
    final Map<Outside, Active> outside = new HashMap<>();
    private final Map<Inside, TreeSet<Active>> inside = new HashMap<>();
    /** By connection, then by {@link #externalKey}. */
    private final Map<UUID, TreeMap<Integer, NatRule>> rules = new HashMap<>();

    private int ruleCount;

    /** The rule a server's packets fall under: of several, that with the lowest external tuple. */
    @Nullable
    Active at(Inside tuple) {
        TreeSet<Active> active = inside.get(tuple);
        return active == null ? null : active.first();
    }

    int ruleCount() {
        return ruleCount;
    }

    void add(NatConnection connection, Tenant tenant, Dirty dirty) throws PolicyRejectedException {
        if (connection.externalAddress() instanceof Ipv4Address address) {
            NatConnection other = byAddress.get(address.value());
            if (other != null) {
                throw new PolicyRejectedException(
                        connection.key(), "external address " + address + " is already that of " + other.key());
            }
            byAddress.put(address.value(), connection);
            markConnection(address, tenant, dirty);
        }
        connections.put(connection.id(), connection);
        tenant.connections.put(connection.externalAddress(), connection);
        for (NatRule rule : rules.getOrDefault(connection.id(), new TreeMap<>()).values()) {
            activate(rule, connection, dirty);
        }
    }

    void remove(NatConnection connection, Tenant tenant, Dirty dirty) {
        for (NatRule rule : rules.getOrDefault(connection.id(), new TreeMap<>()).values()) {
            deactivate(rule, connection, dirty);
        }
        connections.remove(connection.id());
        tenant.connections.remove(connection.externalAddress(), connection);
        if (connection.externalAddress() instanceof Ipv4Address address) {
            byAddress.remove(address.value());
            markConnection(address, tenant, dirty);
        }
    }

    private static void markConnection(Ipv4Address address, Tenant tenant, Dirty dirty) {
        dirty.connections.add(address.value());
        dirty.ownAddresses.add(address.value());
        dirty.tenants.add(tenant);
    }

    void add(NatRule rule, Dirty dirty) throws PolicyRejectedException {
        TreeMap<Integer, NatRule> ofConnection = rules.computeIfAbsent(rule.connectionId(), _ -> new TreeMap<>());
        NatRule other = ofConnection.putIfAbsent(externalKey(rule), rule);
        if (other != null) {
            throw new PolicyRejectedException(
                    rule.key(),
                    "external " + rule.protocol() + " port " + rule.externalPort() + " is already that of "
                            + other.key());
        }
        ruleCount++;
        NatConnection connection = connections.get(rule.connectionId());
        if (connection != null) {
            activate(rule, connection, dirty);
        }
    }

    void remove(NatRule rule, Dirty dirty) {
        NatConnection connection = connections.get(rule.connectionId());
        if (connection != null) {
            deactivate(rule, connection, dirty);
        }
        TreeMap<Integer, NatRule> ofConnection = rules.get(rule.connectionId());
        if (ofConnection != null && ofConnection.remove(externalKey(rule), rule)) {
            ruleCount--;
            if (ofConnection.isEmpty()) {
                rules.remove(rule.connectionId());
            }
        }
    }

    private static int externalKey(NatRule rule) {
        return rule.protocol().number() << 16 | rule.externalPort();
    }

    private void activate(NatRule rule, NatConnection connection, Dirty dirty) {
        Active active = active(rule, connection);
        if (active != null) {
            outside.put(active.outside, active);
            inside.computeIfAbsent(active.inside, _ -> new TreeSet<>(LOWEST_OUTSIDE))
                    .add(active);
            mark(active, dirty);
        }
    }

    private void deactivate(NatRule rule, NatConnection connection, Dirty dirty) {
        Active active = active(rule, connection);
        if (active != null && outside.remove(active.outside, active)) {
            inside.computeIfPresent(active.inside, (_, rulesThere) -> {
                rulesThere.remove(active);
                return rulesThere.isEmpty() ? null : rulesThere;
            });
            mark(active, dirty);
        }
    }

    private static void mark(Active active, Dirty dirty) {
        dirty.outsideRules.add(active.outside);
        dirty.insideRules.add(active.inside);
    }

    /** Null if the rule or its connection is not IPv4. */
    private static @Nullable Active active(NatRule rule, NatConnection connection) {
        if (connection.externalAddress() instanceof Ipv4Address external
                && rule.internalAddress() instanceof Ipv4Address internal) {
            int protocol = rule.protocol().number();
            return new Active(
                    rule,
                    new Outside(external.value(), protocol, rule.externalPort()),
                    new Inside(connection.rdid(), internal.value(), protocol, rule.internalPort()));
        }
        return null;
    }
}
