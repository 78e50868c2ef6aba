package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.flow.SessionFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions ended by an administrator: found by the reader, ended by the worker. */
@ExtendWith(EalExtension.class)
class SessionCommandsTest {

    private static final int ANY = SessionFilter.ANY_PORT;

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

    private int end(SessionFilter filter) {
        int found = gateway.worker
                .sessions()
                .forEachKey(
                        filter,
                        100,
                        (key0, key1) -> assertThat(gateway.worker.commands().end(key0, key1))
                                .isTrue());
        assertThat(gateway.worker.commands().isDone()).isEqualTo(found == 0);
        gateway.turnAfter(2);
        assertThat(gateway.worker.commands().isDone()).isTrue();
        return found;
    }

    private boolean isAlive(int tenant, int port) {
        return !gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[tenant], 53, port)))
                .isEmpty();
    }

    @Test
    @Requirement("nat-behaviour 34")
    void oneSessionByItsInsideTuple() {
        assertThat(end(new SessionFilter(1, Net.VM1, 0, Wire.UDP, 4001, ANY, 0, ANY)))
                .isEqualTo(1);
        assertThat(isAlive(1, 4001)).isFalse();
        assertThat(isAlive(1, 4000)).isTrue();
        assertThat(isAlive(2, 4001)).isTrue();
        assertThat(gateway.count(WorkerCounter.SESSIONS_ENDED)).isEqualTo(1);
    }

    @Test
    @Requirement("nat-behaviour 34")
    void oneSessionByItsOutsideTuple() {
        assertThat(end(new SessionFilter(0, 0, Net.NAT[2], Wire.UDP, ANY, 4002, Net.SERVER, 53)))
                .isEqualTo(1);
        assertThat(isAlive(2, 4002)).isFalse();
        assertThat(isAlive(1, 4002)).isTrue();
    }

    @Test
    @Requirement("nat-behaviour 34")
    void whatIsNotThereIsNotFound() {
        assertThat(end(new SessionFilter(1, Net.VM1, 0, Wire.TCP, 4001, ANY, 0, ANY)))
                .isZero();
        assertThat(end(new SessionFilter(0, 0, 0, 0, ANY, ANY, Net.SERVER, 54))).isZero();
        assertThat(gateway.worker.sessions().count()).isEqualTo(6);
    }

    @Test
    @Requirement("nat-behaviour 35")
    void allOfATenantAndThenAll() {
        assertThat(end(new SessionFilter(1, 0, 0, 0))).isEqualTo(3);
        assertThat(gateway.worker.sessions().count()).isEqualTo(3);
        assertThat(isAlive(2, 4000)).isTrue();
        assertThat(end(SessionFilter.ALL)).isEqualTo(3);
        assertThat(gateway.worker.sessions().count()).isZero();
    }

    @Test
    void whatIsEndedFreesItsPortAndAMissingOneHarmsNothing() {
        gateway.worker.sessions().forEachKey(SessionFilter.ALL, 100, (key0, key1) -> {
            gateway.worker.commands().end(key0, key1);
            gateway.worker.commands().end(key0, key1);
        });
        gateway.turnAfter(2);
        assertThat(gateway.count(WorkerCounter.SESSIONS_ENDED)).isEqualTo(6);
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53))).onlyExt();
        assertThat(gateway.drops()).isEqualTo(Map.of());
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
