package net.nvgate.gateway.export;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongSupplier;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.export.Observation.EndReason;
import net.nvgate.gateway.export.Observation.OfBlock;
import net.nvgate.gateway.export.Observation.OfEvent;
import net.nvgate.gateway.export.Observation.OfMapping;
import net.nvgate.gateway.export.Observation.OfSession;
import net.nvgate.gateway.nat.MappingEvents;

/** Observations as syslog messages: all is in structured data, there is no free text. */
final class SyslogText {

    private static final int INFORMATIONAL = 6;
    private static final int WARNING = 4;
    private static final int HOSTNAME_MAX = 255;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final int facility;
    private final String origin;
    private final String sdId;
    private final Names names;
    private final LongSupplier nowMs;

    /** @param nowMs since 1970 */
    SyslogText(int facility, String node, int enterpriseNumber, Names names, LongSupplier nowMs) {
        this.facility = facility;
        this.origin = " " + node.substring(0, Math.min(node.length(), HOSTNAME_MAX)) + " nvgate-gateway "
                + ProcessHandle.current().pid() + " ";
        this.sdId = "nat@" + enterpriseNumber;
        this.names = names;
        this.nowMs = nowMs;
    }

    String line(What what, Observation observation) {
        return switch (observation) {
            case OfSession session when what == What.FLOWS -> flow(session);
            case OfSession session -> session(session);
            case OfBlock block -> block(block);
            case OfMapping mapping -> mapping(mapping);
            case OfEvent event -> event(event);
        };
    }

    String lost(long count) {
        StringBuilder line = begin(WARNING, nowMs.getAsLong(), "records-lost");
        param(line, "count", Long.toString(count));
        return line.append(']').toString();
    }

    private String session(OfSession session) {
        StringBuilder line =
                begin(INFORMATIONAL, session.atMs(), label(NatEvent.of(session).name()));
        endpoints(line, session);
        byRestart(line, session.reason() == EndReason.RESTART);
        return line.append(']').toString();
    }

    private String flow(OfSession session) {
        StringBuilder line = begin(INFORMATIONAL, session.atMs(), "flow");
        endpoints(line, session);
        param(line, "start", TIME.format(Instant.ofEpochMilli(session.startMs())));
        param(line, "end", TIME.format(Instant.ofEpochMilli(session.endMs())));
        param(line, "packetsOut", Long.toString(session.packetsOut()));
        param(line, "bytesOut", Long.toString(session.bytesOut()));
        param(line, "packetsIn", Long.toString(session.packetsIn()));
        param(line, "bytesIn", Long.toString(session.bytesIn()));
        param(line, "endReason", label(session.reason().name()));
        param(line, "initiator", session.fromOutside() ? "remote" : "inside");
        return line.append(']').toString();
    }

    private void endpoints(StringBuilder line, OfSession session) {
        tenant(line, session.domain(), session.vsid());
        param(line, "protocol", Integer.toString(session.protocol()));
        param(line, "insideAddress", session.inside().toString());
        param(line, "insidePort", Integer.toString(session.insidePort()));
        param(line, "externalAddress", session.external().toString());
        param(line, "externalPort", Integer.toString(session.externalPort()));
        param(line, "remoteAddress", session.remote().toString());
        param(line, "remotePort", Integer.toString(session.remotePort()));
    }

    private String mapping(OfMapping mapping) {
        StringBuilder line =
                begin(INFORMATIONAL, mapping.atMs(), label(NatEvent.of(mapping).name()));
        tenant(line, mapping.domain(), mapping.vsid());
        boolean ofHost = mapping.kind() == MappingEvents.Kind.BOUND || mapping.kind() == MappingEvents.Kind.UNBOUND;
        if (!ofHost) {
            param(line, "protocol", Integer.toString(mapping.protocol()));
        }
        param(line, "insideAddress", mapping.inside().toString());
        if (!ofHost) {
            param(line, "insidePort", Integer.toString(mapping.insidePort()));
        }
        param(line, "externalAddress", mapping.external().toString());
        if (!ofHost) {
            param(line, "externalPort", Integer.toString(mapping.externalPort()));
        }
        byRestart(line, mapping.byRestart());
        return line.append(']').toString();
    }

    private String block(OfBlock block) {
        NatEvent event = block.assigned() ? NatEvent.PORT_BLOCK_ALLOCATION : NatEvent.PORT_BLOCK_DEALLOCATION;
        StringBuilder line = begin(INFORMATIONAL, block.atMs(), label(event.name()));
        tenant(line, block.domain(), block.vsid());
        param(line, "insideAddress", block.inside().toString());
        param(line, "externalAddress", block.external().toString());
        param(line, "firstPort", Integer.toString(block.firstPort()));
        param(line, "lastPort", Integer.toString(block.lastPort()));
        param(line, "pool", names.poolName(block.pool()));
        byRestart(line, block.byRestart());
        return line.append(']').toString();
    }

    private String event(OfEvent event) {
        StringBuilder line = begin(WARNING, event.atMs(), event.kind().label());
        tenant(line, event.domain(), 0);
        if (event.inside() != null) {
            param(line, "insideAddress", event.inside().toString());
        }
        if (event.external() != null) {
            param(line, "externalAddress", event.external().toString());
        }
        if (event.protocol() != 0) {
            param(line, "protocol", Integer.toString(event.protocol()));
        }
        if (event.limit() != 0) {
            param(line, "limit", Long.toString(event.limit()));
        }
        if (!names.poolName(event.pool()).isEmpty()) {
            param(line, "pool", names.poolName(event.pool()));
        }
        param(line, "count", Long.toString(event.count()));
        param(line, "meaning", event.kind().explanation());
        return line.append(']').toString();
    }

    private static void byRestart(StringBuilder line, boolean is) {
        if (is) {
            param(line, "reason", "restart");
        }
    }

    private StringBuilder begin(int severity, long atMs, String messageId) {
        return new StringBuilder(256)
                .append('<')
                .append(8 * facility + severity)
                .append(">1 ")
                .append(TIME.format(Instant.ofEpochMilli(atMs)))
                .append(origin)
                .append(messageId)
                .append(" [")
                .append(sdId);
    }

    private void tenant(StringBuilder line, int domain, int vsid) {
        names.tenant(domain).ifPresent(tenant -> {
            param(line, "vmNetwork", tenant.vmNetwork());
            param(line, "rdid", tenant.rdid().toString());
        });
        if (vsid != 0) {
            param(line, "vsid", Integer.toString(vsid));
        }
    }

    /** RFC 5424 section 6.3.3: quote, backslash and closing bracket are escaped. */
    private static void param(StringBuilder line, String name, String value) {
        line.append(' ').append(name).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\' || c == ']') {
                line.append('\\');
            }
            line.append(c);
        }
        line.append('"');
    }

    private static String label(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
