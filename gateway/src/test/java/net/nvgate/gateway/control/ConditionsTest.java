package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.flow.SessionMatch;
import net.nvgate.gateway.flow.SessionReader;
import net.nvgate.gateway.worker.ViewedGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the control thread finds out itself, with a real worker whose external address has twenty ports. */
@ExtendWith(EalExtension.class)
class ConditionsTest {

    private static final int PORTS = 20;

    private final List<String> told = new ArrayList<>();
    private ViewedGateway gateway;
    private List<WorkerThread> workers;
    private Conditions conditions;
    private long nowNanos;

    @BeforeEach
    void open() throws PolicyRejectedException {
        gateway = new ViewedGateway(List.of(new RoutingDomain(id(1), "blue")), 2048, 2048 + PORTS - 1);
        DataPath path = gateway.path();
        workers = path.workers();
        conditions = conditions(workers);
    }

    private Conditions conditions(List<WorkerThread> of) {
        return new Conditions(
                of,
                gateway.path().policy(),
                (event, address) -> told.add(event.kind().label() + " " + event.domain() + " " + event.protocol() + " "
                        + address.map(IpAddress::toString).orElse("-")));
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void look(int seconds) {
        nowNanos += seconds * 1_000_000_000L;
        conditions.doWork(nowNanos);
    }

    private void take(int from, int to) {
        for (int port = from; port < to; port++) {
            gateway.sendUdp(1, 4000 + port, 53);
        }
    }

    @Test
    void anExternalAddressThatFillsUpIsToldOnceForEachThreshold() {
        take(0, 15);
        look(10);
        assertThat(told).isEmpty();
        take(15, 16);
        look(10);
        look(10);
        assertThat(told).containsExactly("nat-pool-80 1 17 -");
        take(16, 19);
        look(10);
        look(10);
        assertThat(told).containsExactly("nat-pool-80 1 17 -", "nat-pool-95 1 17 -");
    }

    @Test
    void aThresholdIsToldAgainOnceItWasLeft() {
        take(0, 16);
        look(10);
        endAll();
        look(10);
        gateway.pass(300);
        take(0, 16);
        look(10);
        assertThat(told).containsExactly("nat-pool-80 1 17 -", "nat-pool-80 1 17 -");
    }

    private void endAll() {
        WorkerThread worker = workers.getFirst();
        SessionReader reader = worker.sessions();
        reader.look(
                0,
                reader.touched(),
                SessionMatch.ALL,
                0,
                (item, _, stamp) -> worker.commands().end(item, stamp));
        gateway.turn();
    }

    @Test
    void aNeighborThatGoesIsToldOnceAMinute() {
        conditions.lost(IpAddress.parse("10.0.0.9"), 0);
        conditions.lost(IpAddress.parse("10.0.0.9"), 59_000_000_000L);
        conditions.lost(IpAddress.parse("fd00::9"), 59_000_000_000L);
        conditions.lost(IpAddress.parse("10.0.0.9"), 61_000_000_000L);
        assertThat(told)
                .containsExactly(
                        "neighbor-lost 0 0 10.0.0.9", "neighbor-lost 0 0 fd00::9", "neighbor-lost 0 0 10.0.0.9");
    }

    @Test
    void packetsThatDoNotFitAreToldWithTheirVm() {
        gateway.sendTooBig();
        look(10);
        gateway.sendTooBig();
        look(10);
        assertThat(told).containsExactly("mtu-trouble 1 0 192.168.1.3");
        look(60);
        assertThat(told).hasSize(2);
        look(60);
        assertThat(told).hasSize(2);
    }

    /** A VM is told of once, even if a second worker has a row for it. */
    @Test
    void aVmThatTwoWorkersKnowIsToldOnce() {
        WorkerThread worker = workers.getFirst();
        conditions = conditions(List.of(worker, worker));
        gateway.sendTooBig();
        look(10);
        assertThat(told).containsExactly("mtu-trouble 1 0 192.168.1.3");
        look(120);
        assertThat(told).hasSize(1);
    }
}
