package net.nvgate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import net.nvgate.gateway.config.CollectorSettings;
import net.nvgate.gateway.config.CollectorSettings.Protocol;
import net.nvgate.gateway.config.CollectorSettings.Transport;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.config.CollectorTls;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.worker.EventKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Collectors by TCP that go away, come back, are slow, or are not there at all. */
@ExtendWith(EalExtension.class)
class StreamTest {

    private static final int SMALL_QUEUE = 1 << 16;

    private static CollectorSettings syslog(int port) {
        return Exporting.collector(
                Protocol.SYSLOG, Transport.TCP, port, CollectorTls.DEFAULT, SMALL_QUEUE, List.of(), What.EVENTS);
    }

    /** A connection begins with the templates and at sequence number 0 (RFC 7011 sections 8.1 and 3.1). */
    @Test
    void itConnectsAgainAndBeginsAnew() throws Exception {
        try (StreamCollector collector = new StreamCollector().read();
                Exporting exporting = new Exporting(
                        Exporting.collector(Protocol.IPFIX, Transport.TCP, collector.port, What.SESSIONS))) {
            exporting.gateway.sendUdp(1, 4000, 53);
            Wait.until("the first session", () -> has(collector, 0, Template.NAT44_SESSION));
            collector.cutConnections();
            Wait.until("another connection", () -> collector.received.size() == 2);
            exporting.gateway.sendUdp(1, 4001, 53);
            Wait.until("the second session", () -> has(collector, 1, Template.NAT44_SESSION));
            for (int connection = 0; connection < 2; connection++) {
                ByteBuffer first = collector.messages(connection).getFirst();
                assertThat(first.getShort(IpfixMessage.HEADER)).isEqualTo((short) IpfixMessage.TEMPLATE_SET);
                assertThat(first.getInt(8)).as("sequence number").isZero();
            }
            assertThat(exporting.counted("nvgate.export.connects")).isEqualTo(2);
            assertThat(exporting.gauge("nvgate.export.connected")).isEqualTo(1);
        }
    }

    private static boolean has(StreamCollector collector, int connection, Template template) {
        return collector.messages(connection).stream().anyMatch(message -> {
            for (int at = IpfixMessage.HEADER; at < message.limit(); at += message.getShort(at + 2)) {
                if (message.getShort(at) == template.id) {
                    return true;
                }
            }
            return false;
        });
    }

    /** What a queue does not hold is lost and counted; everything else arrives. */
    @Test
    void aSlowCollectorLosesWhatIsCounted() throws Exception {
        try (StreamCollector collector = new StreamCollector();
                Exporting exporting = new Exporting(syslog(collector.port))) {
            int told = 0;
            while (exporting.counted("nvgate.export.lost") == 0) {
                exporting.tell(EventKind.SYN_FLOOD, 1_000);
                told += 1_000;
                int now = told;
                Wait.until("the export has seen them", () -> seen(exporting) >= now - 4_000);
            }
            collector.read();
            int all = told;
            Wait.until("all are sent or lost", () -> sent(exporting) + exporting.counted("nvgate.export.lost") == all);
            Wait.until("all that was sent has arrived", () -> collector.lines(0).size() == sent(exporting));
            assertThat(collector.lines(0))
                    .allSatisfy(line -> assertThat(line).startsWith("<132>1 ").contains(" syn-flood "));
        }
    }

    private static double sent(Exporting exporting) {
        return exporting.counted("nvgate.export.records");
    }

    private static double seen(Exporting exporting) {
        return sent(exporting)
                + exporting.counted("nvgate.export.lost")
                + exporting.gauge("nvgate.export.queue.bytes") / 100;
    }

    @Test
    void whatACollectorThatIsNotThereLosesIsCounted() throws Exception {
        // Bound, so that nobody else gets the port, and not listened at.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            whatIsToldToNobodyIsCounted(taken.getLocalPort());
        }
    }

    private static void whatIsToldToNobodyIsCounted(int port) throws Exception {
        try (Exporting exporting = new Exporting(syslog(port))) {
            exporting.tell(EventKind.SYN_FLOOD, 2_000);
            Wait.until("losses", () -> exporting.counted("nvgate.export.lost") > 0);
            assertThat(exporting.gauge("nvgate.export.queue.bytes")).isBetween(1.0, (double) SMALL_QUEUE);
            assertThat(exporting.gauge("nvgate.export.connected")).isZero();
            assertThat(sent(exporting)).isZero();
        }
    }
}
