package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import net.nvgate.gateway.kept.KeptResult;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.NatTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sessions of all kinds, under a policy that changes under them, beyond a restart with the last policy: who lived goes on, and nothing is
 * in anybody's way.
 */
class KeptSessionsPropertyTest extends NatTestBase {

    private static final int STEPS = 400;
    private static final int HOSTS = 3;
    /** Few, so that one is used again and again: inside, and as it is kept, outside. */
    private static final int PORTS = 12;

    private static final int FIRST_PORT = 4000;
    private static final int OWN = Wire.address("203.0.113.20");
    private static final int FIRST_CA = Wire.address("192.168.1.64");

    private final List<Consumer<TestGateway>> policy = new ArrayList<>();
    private final List<byte[]> answers = new ArrayList<>();
    private Random random = new Random(0);
    private int generation = 1_000;
    private NatTable.Connection connection = connection(1024, 65535);
    private int server = Net.VM2;
    private int rulePort = FIRST_PORT;

    @Override
    WorkerConfig config() {
        return TestGateway.CONFIG.withSessionsMax(1 << 12);
    }

    private NatTable.Connection connection(int first, int last) {
        return new NatTable.Connection(Net.NAT[1], 1, 1, first, last, generation);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whoLivesGoesOn(long seed) {
        random = new Random(seed);
        apply(each -> {
            for (int host = 0; host < HOSTS; host++) {
                each.record(1, FIRST_CA + host, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_A, 0);
            }
        });
        changeConnection();
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(24)) {
                case 0 -> losePorts();
                case 1 -> getPorts();
                case 2 -> changeRule();
                case 3 -> apply(each -> each.oneToOne(1, OWN, Net.VM3));
                case 4 -> passTime();
                case 5, 6, 7 -> fromOutside();
                default -> fromInside();
            }
        }
        if (answers.isEmpty()) {
            getPorts();
            fromInside();
        }
        assertThat(answers).as("seed %s", seed).isNotEmpty();
        long sessions = sessions(gateway);
        Map<KeptResult, Long> results = restart(1 + random.nextInt(3));
        long restored = results.getOrDefault(KeptResult.RESTORED, 0L);
        assertThat(results).as("seed %s", seed).containsOnlyKeys(KeptResult.RESTORED, KeptResult.POLICY);
        assertThat(restored + results.getOrDefault(KeptResult.POLICY, 0L)).isEqualTo(sessions);
        for (byte[] answer : answers) {
            assertThat(arrives(answer))
                    .as("seed %s: an answer to %s:%s", seed, Wire.dotted(Wire.i32(answer, 16)), Wire.u16(answer, 22))
                    .isTrue();
        }
        assertThat(restart(1)).as("once more").isEqualTo(Map.of(KeptResult.RESTORED, restored));
        everythingComesBack(7_440_000);
    }

    private static long sessions(TestGateway of) {
        return of.workers.stream()
                .mapToLong(worker -> worker.sessions().count())
                .sum();
    }

    private Map<KeptResult, Long> restart(int workers) {
        TestGateway old = gateway;
        gateway = new TestGateway(config(), workers);
        policy.forEach(change -> change.accept(gateway));
        return Restart.of(old, gateway, 0);
    }

    private void apply(Consumer<TestGateway> change) {
        policy.add(change);
        change.accept(gateway);
        answers.clear();
    }

    /** As the control thread does it: rules have their connection's generation. */
    private void changeConnection() {
        NatTable.Connection row = connection;
        int to = server;
        int port = rulePort;
        apply(each -> {
            each.connection(row);
            each.rule(1, Wire.TCP, port, to, 80);
        });
    }

    /** Whoever had ports must give them up. */
    private void losePorts() {
        generation++;
        int first = FIRST_PORT + random.nextInt(PORTS);
        connection = connection(first, first + PORTS);
        changeConnection();
    }

    private void getPorts() {
        connection = connection(1024, 65535);
        changeConnection();
    }

    /** The rule has another port, which mappings may have by now, and leads to another server. */
    private void changeRule() {
        int from = server;
        int to = FIRST_CA + random.nextInt(HOSTS);
        int before = rulePort;
        int port = FIRST_PORT + random.nextInt(PORTS);
        server = to;
        rulePort = port;
        apply(each -> {
            each.tables.nat.rules.setInside(1, from, Wire.TCP, 0, 80, List.of());
            each.tables.nat.rules.setOutside(Net.NAT[1], Wire.TCP, 0, before, List.of());
            each.rule(1, Wire.TCP, port, to, 80);
        });
    }

    private void passTime() {
        gateway.turnsAfter(random.nextInt(10_000));
        answers.clear();
    }

    private void fromOutside() {
        int to = random.nextBoolean() ? OWN : Net.NAT[1];
        int port = 40_000 + random.nextInt(PORTS);
        gateway.intoExt(Net.fromOutside(Net.tcp(Net.FAR, to, port, rulePort, SYN)));
    }

    private void fromInside() {
        int ca = FIRST_CA + random.nextInt(HOSTS);
        int port = FIRST_PORT + random.nextInt(PORTS);
        int remote = random.nextBoolean() ? Net.SERVER : Net.FAR;
        byte[] packet = switch (random.nextInt(3)) {
            case 0 -> Net.udp(ca, remote, port, 53);
            case 1 -> Net.tcp(ca, remote, port, 443, SYN);
            default -> Net.ping(ca, remote, port);
        };
        List<byte[]> sent = gateway.intoPa(Net.fromVm1(1, packet)).ext();
        if (!sent.isEmpty()) {
            byte[] ip = TestGateway.ip(sent.getFirst());
            int external = Wire.i32(ip, 12);
            answers.add(
                    switch (packet[9]) {
                        case Ipv4.UDP -> Net.udp(remote, external, 53, Wire.u16(ip, 20));
                        case Ipv4.TCP -> Net.tcp(remote, external, 443, Wire.u16(ip, 20), SYN | ACK);
                        default -> Net.pong(remote, external, Wire.u16(ip, 24));
                    });
        }
    }
}
