package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import org.jspecify.annotations.Nullable;

/**
 * One collector of {@link ExportSettings}.
 */
public record CollectorSettings(
        String name,
        Protocol protocol,
        Transport transport,
        String address,
        int port,
        Set<What> what,
        List<String> tenants,
        CollectorTls tls,
        int templateSeconds,
        int messageBytes,
        int queueBytes,
        int facility) {

    private static final Pattern RDID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final int IPFIX_PORT = 4739;
    private static final int IPFIX_TLS_PORT = 4740;
    private static final int SYSLOG_PORT = 514;
    private static final int SYSLOG_TCP_PORT = 601;
    private static final int SYSLOG_TLS_PORT = 6514;

    /** Mappings tell nothing that sessions do not. */
    private static final List<What> WHAT_DEFAULT = List.of(What.SESSIONS, What.BLOCKS, What.FLOWS, What.EVENTS);

    /** What is spoken. */
    public enum Protocol {
        /** RFC 7011. */
        IPFIX,
        /** RFC 5424. */
        SYSLOG
    }

    /** By what it is carried. */
    public enum Transport {
        UDP,
        TCP,
        TLS
    }

    /** What is sent. */
    public enum What {
        /** NAT sessions made and ended. */
        SESSIONS,
        /** Port blocks given and taken back. */
        BLOCKS,
        /** NAT mappings made and ended, and which external address a host has. */
        MAPPINGS,
        /** Packets and bytes of every session, at its end and while it lasts. */
        FLOWS,
        /** Exhausted pools, reached quotas and the like. */
        EVENTS
    }

    public CollectorSettings {
        what = Set.copyOf(what);
        // RDIDs are compared as text, which UUIDs write small.
        tenants = tenants.stream()
                .map(tenant -> RDID.matcher(tenant).matches() ? tenant.toLowerCase(Locale.ROOT) : tenant)
                .toList();
    }

    @JsonCreator
    public static CollectorSettings of(
            @Key("for log and metrics") @Nullable String name,
            @Key("IPFIX (RFC 7011) or syslog (RFC 5424)") @Nullable Protocol protocol,
            @Key("TLS is 1.2 or 1.3. Syslog over TCP and TLS counts octets (RFC 6587, RFC 5425)") @Nullable
                    Transport transport,
            @Key("a name is looked up anew at each connection, of UDP every minute") @Nullable String address,
            @Key(value = "of the collector", or = "IPFIX 4739, TLS 4740; syslog 514, TCP 601, TLS 6514") @Nullable
                    Integer port,
            @Key("`sessions`: NAT sessions made and ended. `blocks`: port blocks given and taken back. "
                            + "`mappings`: each mapping made and ended, and which external address a host has while it has "
                            + "any. `flows`: packets and bytes of each session. `events`: exhausted addresses and ports, "
                            + "reached quotas and thresholds, see [events](/gateway/docs/nat.md#events)")
                    @Nullable
                    List<What> what,
            @Key(value = "names or RDIDs of VM networks; RDIDs in any case, names as they are", or = "`[]`") @Nullable
                    List<String> tenants,
            @Key("how collector and gateway know each other, with `transport: tls`") @Nullable CollectorTls tls,
            @Key("UDP: templates and names are sent again; all: statistics are sent") @Nullable Integer templateSeconds,
            @Key("of an IPFIX message at most: less than the path's MTU") @Nullable Integer messageBytes,
            @Key("memory for what waits for a collector that is away or slow; a message takes its bytes and 256 "
                            + "more")
                    @Nullable
                    Integer queueBytes,
            @Key("of syslog; 16 is local0. Severity is informational, of events warning") @Nullable Integer facility) {
        Protocol spoken = Defaults.required("protocol", protocol);
        Transport carrier = Defaults.or(transport, Transport.UDP);
        if (tls != null && carrier != Transport.TLS) {
            throw new ConfigException("tls", "tls is for transport: tls");
        }
        List<What> sent = Defaults.or(what, WHAT_DEFAULT);
        if (sent.isEmpty()) {
            throw new ConfigException(
                    "what", "what must name at least one of sessions, blocks, mappings, flows, events");
        }
        return new CollectorSettings(
                Defaults.node("name", "collector", Defaults.required("name", name)),
                spoken,
                carrier,
                Defaults.text("address", Defaults.required("address", address)),
                Defaults.range("port", Defaults.or(port, port(spoken, carrier)), 1, 65_535),
                EnumSet.copyOf(sent),
                Defaults.or(tenants, List.of()),
                Defaults.or(tls, CollectorTls.DEFAULT),
                Defaults.range("template-seconds", Defaults.or(templateSeconds, 60), 1, 86_400),
                Defaults.range("message-bytes", Defaults.or(messageBytes, 1400), 512, 65_000),
                Defaults.range("queue-bytes", Defaults.or(queueBytes, 8 << 20), 1 << 16, 1 << 28),
                Defaults.range("facility", Defaults.or(facility, 16), 0, 23));
    }

    /** As IANA has them. */
    private static int port(Protocol protocol, Transport transport) {
        if (protocol == Protocol.IPFIX) {
            return transport == Transport.TLS ? IPFIX_TLS_PORT : IPFIX_PORT;
        }
        return switch (transport) {
            case UDP -> SYSLOG_PORT;
            case TCP -> SYSLOG_TCP_PORT;
            case TLS -> SYSLOG_TLS_PORT;
        };
    }
}
