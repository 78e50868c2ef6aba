package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.flow.SessionMatch;
import net.nvgate.gateway.flow.SessionMatch.Nets;
import net.nvgate.gateway.flow.SessionMatch.Range;
import net.nvgate.gateway.flow.SessionReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions ended by an administrator: found by the reader, ended by the worker. */
@ExtendWith(EalExtension.class)
class SessionCommandsTest {

    private static final int ANY = -1;

    private TestGateway gateway;

    @BeforeEach
    void open() {
        gateway = new TestGateway();
        for (int port = 4000; port < 4003; port++) {
            gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, port, 53)))
                    .onlyExt();
            gateway.intoPa(Net.fromVm1(2, Net.udp(Net.VM1, Net.SERVER, port, 53)))
                    .onlyExt();
        }
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private int end(SessionMatch match) {
        int[] found = {0};
        SessionReader reader = gateway.worker.sessions();
        reader.look(0, reader.touched(), match, gateway.nowMs(), (item, _, stamp) -> {
            assertThat(gateway.worker.commands().end(item, stamp)).isTrue();
            found[0]++;
            return true;
        });
        assertThat(gateway.worker.commands().isDone()).isEqualTo(found[0] == 0);
        gateway.turnAfter(2);
        assertThat(gateway.worker.commands().isDone()).isTrue();
        assertThat(gateway.worker.commands().ended()).isEqualTo(gateway.count(WorkerCounter.SESSIONS_ENDED));
        return found[0];
    }

    private static SessionMatch of(int domain, int inside, int external, int protocol, int port, int externalPort) {
        BitSet domains = new BitSet();
        domains.set(domain);
        return new SessionMatch(
                domain == 0 ? Optional.empty() : Optional.of(domains),
                net(inside),
                net(external),
                Nets.ANY,
                protocol,
                port(port),
                port(externalPort),
                Range.ANY,
                0,
                Optional.empty(),
                List.of(),
                Range.ANY,
                Range.ANY,
                Range.ANY,
                Range.ANY);
    }

    private static Nets net(int address) {
        return address == 0 ? Nets.ANY : new Nets(List.of(SessionMatch.Net.of(address, 32)), Set.of());
    }

    private static Range port(int port) {
        return port == ANY ? Range.ANY : new Range(port, port);
    }

    private boolean isAlive(int tenant, int port) {
        return !gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[tenant], 53, port)))
                .isEmpty();
    }

    @Test
    @Requirement("nat-behaviour 34")
    void oneSessionByItsInsideTuple() {
        assertThat(end(of(1, Net.VM1, 0, Wire.UDP, 4001, ANY))).isEqualTo(1);
        assertThat(isAlive(1, 4001)).isFalse();
        assertThat(isAlive(1, 4000)).isTrue();
        assertThat(isAlive(2, 4001)).isTrue();
        assertThat(gateway.count(WorkerCounter.SESSIONS_ENDED)).isEqualTo(1);
    }

    @Test
    @Requirement("nat-behaviour 34")
    void oneSessionByItsOutsideTuple() {
        assertThat(end(of(0, 0, Net.NAT[2], Wire.UDP, ANY, 4002))).isEqualTo(1);
        assertThat(isAlive(2, 4002)).isFalse();
        assertThat(isAlive(1, 4002)).isTrue();
    }

    @Test
    @Requirement("nat-behaviour 34")
    void whatIsNotThereIsNotFound() {
        assertThat(end(of(1, Net.VM1, 0, Wire.TCP, 4001, ANY))).isZero();
        assertThat(end(of(0, 0, 0, 0, ANY, 4003))).isZero();
        assertThat(gateway.worker.sessions().count()).isEqualTo(6);
    }

    @Test
    @Requirement("nat-behaviour 35")
    void allOfATenantAndThenAll() {
        assertThat(end(of(1, 0, 0, 0, ANY, ANY))).isEqualTo(3);
        assertThat(gateway.worker.sessions().count()).isEqualTo(3);
        assertThat(isAlive(2, 4000)).isTrue();
        assertThat(end(SessionMatch.ALL)).isEqualTo(3);
        assertThat(gateway.worker.sessions().count()).isZero();
    }

    @Test
    void whatIsEndedFreesItsPortAndAMissingOneHarmsNothing() {
        SessionReader reader = gateway.worker.sessions();
        reader.look(0, reader.touched(), SessionMatch.ALL, 0, (item, _, stamp) -> {
            gateway.worker.commands().end(item, stamp);
            return gateway.worker.commands().end(item, stamp);
        });
        gateway.turnAfter(2);
        assertThat(gateway.count(WorkerCounter.SESSIONS_ENDED)).isEqualTo(6);
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53))).onlyExt();
        assertThat(gateway.drops()).isEqualTo(Map.of());
    }

    /** Between the look and the worker's turn the session ends, and another one of the same tuple has its place. */
    @Test
    void anotherSessionInTheSamePlaceStays() {
        long[] wanted = {-1, 0};
        SessionReader reader = gateway.worker.sessions();
        reader.look(0, reader.touched(), of(1, 0, 0, 0, 4001, ANY), 0, (item, _, stamp) -> {
            wanted[0] = item;
            wanted[1] = stamp;
            return true;
        });
        assertThat(end(of(1, 0, 0, 0, 4001, ANY))).isEqualTo(1);
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4001, 53))).onlyExt();
        assertThat(reader.row((int) wanted[0], wanted[1], gateway.nowMs())).isNull();
        gateway.worker.commands().end((int) wanted[0], wanted[1]);
        gateway.turnAfter(2);
        assertThat(gateway.worker.commands().ended()).isEqualTo(1);
        assertThat(reader.count()).isEqualTo(6);
    }

    @Test
    void aWorkerThatIsBehindTakesNoMore() {
        SessionCommands commands = gateway.worker.commands();
        for (int i = 0; i < 4096; i++) {
            assertThat(commands.end(i, i)).isTrue();
        }
        assertThat(commands.end(0, 0)).isFalse();
        gateway.turnAfter(2);
        assertThat(commands.end(0, 0)).isTrue();
    }
}
