package net.nvgate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.export.Observation.Life;
import net.nvgate.gateway.nat.MappingEvents;
import net.nvgate.gateway.worker.EventKind;
import org.junit.jupiter.api.Test;

/** Syslog messages, letter by letter (RFC 5424), and how they follow each other in a stream. */
class SyslogFormatTest {

    private static final String PID = Long.toString(ProcessHandle.current().pid());
    private static final String ORIGIN = " 2026-11-22T10:00:00.123Z gw1 nvgate-gateway " + PID + " ";
    private static final String BLUE = "[nat@32473 vmNetwork=\"blue\" rdid=\"" + KnownNames.RDID + "\"";

    private final KnownNames names = new KnownNames();
    private final SyslogText text = new SyslogText(16, "gw1", 32473, names, () -> Samples.AT_MS);
    private final List<String> sent = new ArrayList<>();

    private void keep(Message message) {
        sent.add(message.bytes().toString(StandardCharsets.UTF_8));
    }

    @Test
    void session() {
        assertThat(text.line(What.SESSIONS, Samples.ipv4(Life.MADE)))
                .isEqualTo("<134>1" + ORIGIN + "nat44-session-create " + BLUE + " vsid=\"6000\" protocol=\"17\""
                        + " insideAddress=\"192.168.1.3\" insidePort=\"4000\" externalAddress=\"203.0.113.10\""
                        + " externalPort=\"4096\" remoteAddress=\"203.0.113.50\" remotePort=\"53\"]");
        assertThat(text.line(What.SESSIONS, Samples.ipv6(Life.ENDED))).contains(" nat64-session-delete ");
    }

    @Test
    void flow() {
        assertThat(text.line(What.FLOWS, Samples.ipv4(Life.ENDED)))
                .contains(" flow [nat@32473 ")
                .endsWith(
                        "start=\"2026-11-22T09:59:55.123Z\" end=\"2026-11-22T09:59:59.123Z\" packetsOut=\"3\""
                                + " bytesOut=\"300\" packetsIn=\"2\" bytesIn=\"256\" endReason=\"idle-timeout\" initiator=\"inside\"]");
    }

    @Test
    void block() {
        assertThat(text.line(What.BLOCKS, Samples.block(true, "fd00:1::3")))
                .isEqualTo("<134>1" + ORIGIN + "port-block-allocation " + BLUE
                        + " vsid=\"6000\" insideAddress=\"fd00:1::3\""
                        + " externalAddress=\"203.0.113.10\" firstPort=\"2048\" lastPort=\"2111\""
                        + " pool=\"203.0.113.10:1024-65535\"]");
    }

    @Test
    void mappings() {
        assertThat(text.line(What.MAPPINGS, Samples.mapping(MappingEvents.Kind.MADE, "192.168.1.3")))
                .isEqualTo("<134>1" + ORIGIN + "nat44-bib-create " + BLUE + " vsid=\"6000\" protocol=\"17\""
                        + " insideAddress=\"192.168.1.3\" insidePort=\"4000\" externalAddress=\"203.0.113.10\""
                        + " externalPort=\"4096\"]");
        assertThat(text.line(What.MAPPINGS, Samples.mapping(MappingEvents.Kind.UNBOUND, "fd00:1::3")))
                .endsWith(" address-binding-delete " + BLUE
                        + " vsid=\"6000\" insideAddress=\"fd00:1::3\" externalAddress=\"203.0.113.10\"]");
    }

    /** RFC 5424 section 6.3.3. */
    @Test
    void valuesAreEscaped() {
        names.rename("a \"b\" \\ [c]");
        assertThat(text.line(What.EVENTS, Samples.event(EventKind.TENANT_QUOTA, "192.168.1.3")))
                .startsWith("<132>1" + ORIGIN + "tenant-quota [nat@32473 vmNetwork=\"a \\\"b\\\" \\\\ [c\\]\" rdid=")
                .contains(" limit=\"42\" count=\"9\" ");
    }

    /** RFC 5426 section 3.1: one message in each datagram. */
    @Test
    void datagrams() {
        SyslogFormat format = new SyslogFormat(text, false);
        format.add(What.SESSIONS, Samples.ipv4(Life.MADE), this::keep);
        format.add(What.SESSIONS, Samples.ipv4(Life.ENDED), this::keep);
        format.finish(this::keep);
        assertThat(sent)
                .containsExactly(
                        text.line(What.SESSIONS, Samples.ipv4(Life.MADE)),
                        text.line(What.SESSIONS, Samples.ipv4(Life.ENDED)));
    }

    /** RFC 6587 section 3.4.1, RFC 5425 section 4.3.1: length in octets, not characters. */
    @Test
    void streamsCountOctets() {
        names.rename("blåbær");
        SyslogFormat format = new SyslogFormat(text, true);
        format.add(What.SESSIONS, Samples.ipv4(Life.MADE), this::keep);
        format.add(What.SESSIONS, Samples.ipv4(Life.MADE), this::keep);
        assertThat(format.pending()).isEqualTo(2);
        format.finish(this::keep);
        String line = text.line(What.SESSIONS, Samples.ipv4(Life.MADE));
        String framed = (line.length() + 2) + " " + line;
        assertThat(sent).containsExactly(framed + framed);
        format.close();
    }

    @Test
    void lossesAreToldOnce() {
        SyslogFormat format = new SyslogFormat(text, false);
        format.statistics(0, 0, 3, this::keep);
        format.statistics(0, 0, 3, this::keep);
        assertThat(sent).containsExactly("<132>1" + ORIGIN + "records-lost [nat@32473 count=\"3\"]");
    }
}
