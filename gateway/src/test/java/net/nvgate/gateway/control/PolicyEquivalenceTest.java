package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.connection;
import static net.nvgate.gateway.control.PolicySamples.id;
import static net.nvgate.gateway.control.PolicySamples.record;
import static net.nvgate.gateway.control.PolicySamples.route;
import static net.nvgate.gateway.control.PolicySamples.rule;
import static net.nvgate.gateway.control.PolicySamples.subnet;
import static net.nvgate.gateway.control.PolicySamples.tenantInterface;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.BlackholeRoute;
import net.nvgate.fabric.policy.PolicyObject.ExternalAddress;
import net.nvgate.fabric.policy.PolicyObject.ExternalRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.PeerRoute;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.TenantInterfaceRoute;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random deltas lead to the tables that a fresh gateway gets from the snapshot; what one rejects the other rejects. */
class PolicyEquivalenceTest {

    private static final String[] PAS = {"10.0.0.254", "10.0.0.253", "10.0.0.11", "169.254.254.254", "fd00::11"};
    private static final String[] CAS = {"192.168.1.3", "192.168.1.1", "10.254.254.2", "0.0.0.0", "fd01::3", "::"};
    private static final LookupRecord.Type[] TYPES = LookupRecord.Type.values();
    private static final String[] PREFIXES = {"0.0.0.0/0", "192.168.1.0/24", "172.16.0.0/12", "::/0"};
    private static final String[] HOPS = {"0.0.0.0", "10.254.254.2", "192.168.1.3", "192.168.1.1"};

    private final RouteTables tables = new RouteTables(TestMemory::allocate, 1);
    private final TablePolicy policy = new TablePolicy(tables, TableLimits.DEFAULT, _ -> {});

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {101, 102, 103, 104, 105})
    void deltasLeadWhereTheSnapshotLeads(long seed) throws PolicyRejectedException {
        Random random = new Random(seed);
        Map<String, PolicyObject> state = new LinkedHashMap<>();
        int rejected = 0;
        for (int revision = 1; revision <= 200; revision++) {
            Map<String, PolicyObject> next = new LinkedHashMap<>(state);
            List<PolicyChange> changes = changes(random, next);
            List<PolicyObject> snapshot = new ArrayList<>(next.values());
            Collections.shuffle(snapshot, random);
            if (sameAsSnapshot(revision, changes, snapshot)) {
                state = next;
            } else {
                rejected++;
            }
        }
        assertThat(rejected).as("both outcomes occur").isBetween(10, 190);
        policy.replace(new PolicySnapshot(1000, List.of()));
        assertThat(TableDump.of(tables, policy)).isEmpty();
        assertThat(tables.reclaimer.pending()).isZero();
    }

    /** False if both reject. */
    private boolean sameAsSnapshot(int revision, List<PolicyChange> changes, List<PolicyObject> snapshot)
            throws PolicyRejectedException {
        try (Arena arena = Arena.ofConfined()) {
            RouteTables freshTables = new RouteTables(
                    (bytes, align) -> arena.allocate(bytes, align).address(), 1);
            TablePolicy fresh = new TablePolicy(freshTables, TableLimits.DEFAULT, _ -> {});
            if (accepts(() -> fresh.replace(new PolicySnapshot(1, snapshot)))) {
                policy.apply(revision, changes);
                assertThat(TableDump.of(tables, policy)).isEqualTo(TableDump.of(freshTables, fresh));
                assertThat(allRows(policy)).isEqualTo(allRows(fresh));
                return true;
            }
            Set<String> before = TableDump.of(tables, policy);
            assertThat(accepts(() -> policy.apply(revision, changes))).isFalse();
            assertThat(TableDump.of(tables, policy)).isEqualTo(before);
            return false;
        }
    }

    private interface Step {
        void run() throws PolicyRejectedException;
    }

    private static boolean accepts(Step step) {
        try {
            step.run();
            return true;
        } catch (PolicyRejectedException e) {
            return false;
        }
    }

    private static List<String> allRows(TablePolicy policy) {
        return TablePolicy.queryKinds().stream()
                .sorted()
                .map(kind -> policy.query(kind, Map.of(), 1000).json())
                .toList();
    }

    private static List<PolicyChange> changes(Random random, Map<String, PolicyObject> state) {
        List<PolicyChange> changes = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            if (random.nextInt(100) < 30 && !state.isEmpty()) {
                String key = List.copyOf(state.keySet()).get(random.nextInt(state.size()));
                changes.add(new PolicyChange.Remove(key));
                state.remove(key);
            } else {
                PolicyObject object = object(random);
                changes.add(new PolicyChange.Put(object));
                state.put(object.key(), object);
            }
        }
        return changes;
    }

    private static PolicyObject object(Random random) {
        // A VSID is mostly its own tenant's and sometimes another's.
        int n = 1 + random.nextInt(3);
        int vsid = 5000 + (random.nextInt(20) == 0 ? 1 + random.nextInt(3) : n) + 1000 * random.nextInt(2);
        return switch (random.nextInt(20)) {
            case 0 -> new RoutingDomain(id(n), "tenant-" + random.nextInt(5));
            case 1 -> subnet(n, vsid, vsid < 6000 ? "10.254.254.0/29" : "192.168.1.0/24", vsid < 6000);
            case 2, 3, 4 ->
                record(n, vsid, pick(random, CAS), 1 + random.nextInt(2), pick(random, PAS), pick(random, TYPES));
            case 5 -> route(n, vsid, pick(random, PREFIXES), pick(random, HOPS), random.nextInt(3));
            case 6 -> connection(n, "203.0.113." + (100 + random.nextInt(4)));
            case 7 -> rule(random.nextInt(4), n, 8080 + random.nextInt(2), "192.168.1." + random.nextInt(1, 4), 80);
            case 14, 15 -> NatSamples.connection(random, n);
            case 16, 17 -> NatSamples.rule(random, n);
            case 18 -> NatSamples.oneToOne(random, n);
            case 19 -> NatSamples.tenantWide(random, n);
            case 8 ->
                random.nextBoolean()
                        ? new ProviderAddress(IpAddress.parse(PAS[random.nextInt(2)]), 24, random.nextInt(2))
                        : new ExternalAddress(IpAddress.parse("203.0.113.10" + random.nextInt(2)), 24, 0);
            case 10 ->
                tenantInterface(
                        1 + random.nextInt(3),
                        n,
                        random.nextBoolean() ? Side.FRONT_END : Side.BACK_END,
                        1 + random.nextInt(3),
                        "172.16.0." + (1 + random.nextInt(2)),
                        "2001:db8:f::" + (1 + random.nextInt(2)));
            case 11 -> interfaceRoute(random);
            case 12 -> new PeerRoute(id(n), IpPrefix.parse(pick(random, PREFIXES)), id(1 + random.nextInt(3)));
            case 13 -> new BlackholeRoute(id(n), IpPrefix.parse(pick(random, PREFIXES)));
            default ->
                new ExternalRoute(
                        IpPrefix.parse(random.nextBoolean() ? "0.0.0.0/0" : "203.0.113.0/24"),
                        IpAddress.parse("203.0.113." + (1 + random.nextInt(2))),
                        random.nextInt(3));
        };
    }

    private static TenantInterfaceRoute interfaceRoute(Random random) {
        boolean ipv6 = random.nextBoolean();
        String[] prefixes =
                ipv6 ? new String[] {"fd00:a::/32", "2001:db8:f::/64"} : new String[] {"10.0.0.0/8", "172.16.0.0/24"};
        return new TenantInterfaceRoute(
                id(3000 + 1 + random.nextInt(3)),
                IpPrefix.parse(pick(random, prefixes)),
                IpAddress.parse((ipv6 ? "2001:db8:f::" : "172.16.0.") + (8 + random.nextInt(2))),
                random.nextInt(2));
    }

    private static <T> T pick(Random random, T[] from) {
        return from[random.nextInt(from.length)];
    }
}
