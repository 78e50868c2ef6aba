package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.worker.ViewedGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EalExtension.class)
class PortBlockLogTest {

    private static final long SECOND = 1_000_000_000L;

    private final List<String> lines = new ArrayList<>();
    private ViewedGateway gateway;
    private PortBlockEvents events;
    private PortBlockLog log;

    @BeforeEach
    void open() throws PolicyRejectedException {
        gateway = new ViewedGateway(List.of(new RoutingDomain(id(1), "blue"), new RoutingDomain(id(2), "red")));
        gateway.portBlocks();
        events = gateway.path().workers().getFirst().nat().blockEvents();
        log = new PortBlockLog(List.of(events), gateway.path().policy(), EventSink.NONE);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    @Requirement("RFC 6888 REQ-14")
    void lineSaysWhoHadWhichPortsWhen() {
        PortBlockEvents.Event event = new PortBlockEvents.Event(
                false, 1, IpAddress.parse("fd00:1::3"), IpAddress.parse("203.0.113.10"), 2048, 2111, 7, false);
        assertThat(PortBlockLog.line(
                        event, Instant.parse("2026-11-22T10:00:00.123456Z"), new TablePolicy.TenantName(id(1), "blue")))
                .isEqualTo("event=port-block-released time=2026-11-22T10:00:00.123Z vmNetwork=\"blue\" rdid=" + id(1)
                        + " insideAddress=fd00:1::3 externalAddress=203.0.113.10 ports=2048-2111");
    }

    @Test
    @Requirement("RFC 6888 REQ-14")
    void blocksOfBothFamiliesAreLogged() {
        gateway.sendUdp(1, 4000, 53);
        gateway.sendUdp6(5000, 53);
        assertThat(log.doWork(SECOND, lines::add)).isEqualTo(2);
        assertThat(lines.getFirst())
                .startsWith("event=port-block-assigned time=20")
                .contains(" vmNetwork=\"blue\" rdid=" + id(1)
                        + " insideAddress=192.168.1.3 externalAddress=203.0.113.10");
        assertThat(lines.getLast()).contains(" insideAddress=fd00:1::3 ");
        assertThat(log.doWork(SECOND, lines::add)).isZero();
    }

    /** A block that has not outlived a restart is told of like any other, with the reason, before what is new. */
    @Test
    @Requirement("RFC 6888 REQ-14")
    void blocksOfBeforeARestartAreReleased() {
        gateway.sendUdp(1, 4000, 53);
        assertThat(log.ended(new PortBlockEvents.Event(
                        false,
                        2,
                        IpAddress.parse("192.168.1.4"),
                        IpAddress.parse("203.0.113.11"),
                        2048,
                        2111,
                        7,
                        true)))
                .isTrue();
        assertThat(log.doWork(SECOND, lines::add)).isEqualTo(2);
        assertThat(lines.getFirst())
                .startsWith("event=port-block-released time=20")
                .endsWith(" vmNetwork=\"red\" rdid=" + id(2)
                        + " insideAddress=192.168.1.4 externalAddress=203.0.113.11 ports=2048-2111 reason=restart");
        assertThat(lines.getLast()).startsWith("event=port-block-assigned ").doesNotContain("reason");
    }

    /** The ring holds so many; the rest is counted, and the log says that it has a hole. */
    @Test
    void aFloodIsBoundedAndNothingIsLostInSilence() {
        gateway.tellBlocks(PortBlockEvents.RECORDS + 904);
        assertThat(events.notTold()).isEqualTo(904);
        assertThat(log.doWork(SECOND, lines::add)).isEqualTo(PortBlockLog.LINES_PER_SECOND);
        assertThat(log.doWork(SECOND + 5, lines::add)).isZero();
        log.doWork(2 * SECOND, lines::add);
        log.doWork(3 * SECOND, lines::add);
        assertThat(lines).hasSize(PortBlockEvents.RECORDS + 1);
        assertThat(lines.getLast()).isEqualTo("event=port-blocks-not-logged count=904 worker=0");
        assertThat(log.doWork(4 * SECOND, lines::add)).isZero();
    }
}
