package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.flow.SessionRow;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatSettingsRow;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.Prefixes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Days of hosts that come and go, settings and pools that change, addresses that are taken away: no two sessions ever share an external
 * tuple, and in the end everything is back.
 */
class NatChurnTest extends NatTestBase {

    private static final int ADDRESS = Wire.address("203.0.113.100");
    private static final int HOSTS = 12;
    private static final int STEPS = 6_000;
    private static final int DAYS_MS = 3 * 86_400_000;

    @Override
    WorkerConfig config() {
        return TestGateway.CONFIG.withSessionsMax(256);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    @Requirement({"RFC 4787 REQ-3", "RFC 5382 REQ-7", "RFC 6888 REQ-11d", "nat-behaviour 6", "nat-behaviour 22"})
    void everyPortComesBackAndNoTupleIsEverShared(long seed) {
        Random random = new Random(seed);
        for (int host = 0; host < HOSTS; host++) {
            vm(1, ca(host));
            vm(2, ca(host));
        }
        int generation = 100;
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(200) == 0) {
                policy(random, generation++);
            }
            packet(random);
            gateway.turnAfter(random.nextInt(2 * DAYS_MS / STEPS));
            if (step % 50 == 0) {
                noTupleIsShared();
            }
        }
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isGreaterThan(500);
        everythingComesBack(7_440_000);
    }

    private static int ca(int host) {
        return Wire.address("192.168.1.100") + host;
    }

    private void packet(Random random) {
        int tenant = 1 + random.nextInt(2);
        int ca = ca(random.nextInt(HOSTS));
        int remote = random.nextBoolean() ? Net.SERVER : Net.FAR;
        int port = 2000 + random.nextInt(8);
        byte[] ip = switch (random.nextInt(6)) {
            case 0 -> Net.tcp(ca, remote, port, 80, SYN);
            case 1 -> Net.tcp(ca, remote, port, 80, 17);
            case 2 -> Net.ping(ca, remote, port);
            default -> Net.udp(ca, remote, port, 53 + random.nextInt(3));
        };
        gateway.intoPa(Net.fromVm1(tenant, ip));
        for (SessionRow row : gateway.worker.sessions().list(SessionFilter.ALL, 2, 0)) {
            int flags = random.nextBoolean() ? 18 : 17;
            gateway.intoExt(Net.fromOutside(
                    row.protocol() == Wire.TCP
                            ? Net.tcp(
                                    row.remoteAddress(),
                                    row.externalAddress(),
                                    row.remotePort(),
                                    row.externalPort(),
                                    flags)
                            : Net.udp(Net.FAR, row.externalAddress(), random.nextInt(9), row.externalPort())));
        }
    }

    /** The pool of a tenant anew: of one or two addresses, often the same as before, with other settings. */
    private void policy(Random random, int generation) {
        int tenant = 1 + random.nextInt(2);
        NatSettingsRow settings = NatSettingsRow.DEFAULT
                .withFiltering(random.nextInt(NatEntry.ENDPOINT_INDEPENDENT + 1))
                .withPortBlockSize(random.nextBoolean() ? 0 : 64)
                .withDeterministic(
                        random.nextInt(4) > 0
                                ? List.of()
                                : List.of(new Prefixes.Row(Wire.address("192.168.1.96"), 29)));
        int size = 1 + random.nextInt(2);
        NatTable.Connection[] rows = new NatTable.Connection[size];
        for (int i = 0; i < size; i++) {
            int index = 10 * tenant + i;
            NatTable.Connection there = gateway.tables.nat.connections.rowOf(index);
            int kept = there == null || random.nextInt(3) == 0 ? generation * 4 + i : there.generation();
            rows[i] = new NatTable.Connection(ADDRESS + index, tenant, index, 2000, 2511, kept, settings);
        }
        gateway.pool(tenant, rows);
        if (size == 1 && gateway.tables.nat.connections.rowOf(10 * tenant + 1) != null) {
            gateway.tables.nat.connections.setAddress(ADDRESS + 10 * tenant + 1, List.of());
            gateway.tables.nat.connections.remove(10 * tenant + 1);
        }
    }

    private void noTupleIsShared() {
        Set<List<Integer>> tuples = new HashSet<>();
        for (SessionRow row : gateway.worker.sessions().list(SessionFilter.ALL, 1000, 0)) {
            assertThat(tuples.add(List.of(
                            row.protocol(),
                            row.externalAddress(),
                            row.externalPort(),
                            row.remoteAddress(),
                            row.remotePort())))
                    .isTrue();
        }
        Set<List<Integer>> endpoints = new HashSet<>();
        gateway.worker
                .nat()
                .reader()
                .list(_ -> true, 1000, 0)
                .forEach(row -> assertThat(
                                endpoints.add(List.of(row.protocol(), row.externalAddress(), row.externalPort())))
                        .isTrue());
    }
}
