package net.nvgate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.config.CollectorSettings;
import net.nvgate.gateway.config.CollectorSettings.Protocol;
import net.nvgate.gateway.config.CollectorSettings.Transport;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.config.CollectorTls;
import net.nvgate.gateway.control.KeptEnd;
import net.nvgate.gateway.dpdk.Commands;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.dpdk.PcapFiles;
import net.nvgate.gateway.nat.MappingEvents.Kind;
import net.nvgate.gateway.worker.EventKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Packets go through a worker, and programs that are not ours read what was exported of them. */
@ExtendWith(EalExtension.class)
class ExportTest {

    private static final Path TSHARK = Path.of("/usr/bin/tshark");

    @TempDir
    Path directory;

    /** Sessions of both families made, answered, expired, and their mappings; blocks given and taken back; events. */
    private static void happen(Exporting exporting) {
        exporting.gateway.sendUdp(1, 4000, 53);
        exporting.gateway.answerUdp(1, exporting.externalPort(4000), 53);
        exporting.gateway.sendUdp(1, 4000, 53);
        exporting.gateway.sendUdp6(5000, 53);
        exporting.gateway.pass(400);
        exporting.gateway.report(EventKind.NAT_PORTS_EXHAUSTED);
        exporting.gateway.report(EventKind.NAT_ADDRESSES_EXHAUSTED);
        exporting.gateway.report(EventKind.TENANT_QUOTA);
        exporting.tell(EventKind.NAT_POOL_95, 1);
        exporting.control();
    }

    /** 4 of sessions, 2 of flows or more, 4 of blocks, 4 of mappings, 4 of hosts' addresses, 4 of events. */
    private static final int RECORDS_MIN = 22;

    @Test
    void nfcapdReadsIt() throws Exception {
        assumeTrue(Nfcapd.isThere(), "NOT RUN: nfcapd is missing (Debian: nfdump)");
        try (Nfcapd nfcapd = new Nfcapd(directory);
                Exporting exporting =
                        new Exporting(Exporting.collector(Protocol.IPFIX, Transport.UDP, nfcapd.port, What.values()))) {
            happen(exporting);
            exporting.awaitRecords(RECORDS_MIN);
            exporting.end(); // a flow may have taken two records: the last events are told then, too
            JsonNode records = JsonMapper.shared().readTree(nfcapd.stopAndRead("json"));
            assertThat(only(records, "nat_event", "NAT44 session create"))
                    .first()
                    .satisfies(made -> {
                        assertThat(made.get("src4_addr").asString()).isEqualTo("192.168.1.3");
                        assertThat(made.get("dst4_addr").asString()).isEqualTo("203.0.113.50");
                        assertThat(made.get("src4_xlt_ip").asString()).isEqualTo("203.0.113.10");
                        assertThat(made.get("dst4_xlt_ip").asString()).isEqualTo("203.0.113.50");
                        assertThat(made.get("src_port").asInt()).isEqualTo(4000);
                        assertThat(made.get("dst_xlt_port").asString()).isEqualTo("53");
                        assertThat(made.get("ingress_vrf").asString()).isEqualTo("1");
                    });
            for (String event : List.of(
                    "NAT44 session delete",
                    "NAT64 session create",
                    "NAT64 session delete",
                    "NAT44 BIB create",
                    "NAT44 BIB delete",
                    "NAT64 BIB create",
                    "NAT64 BIB delete",
                    "NAT Addresses exhausted",
                    "NAT ports exhausted",
                    "Quota Exceeded",
                    "Threshold Reached")) {
                assertThat(only(records, "nat_event", event)).as(event).hasSize(1);
            }
            assertThat(only(records, "nat_event", "Port block allocation")).hasSize(2);
            assertThat(only(records, "nat_event", "Port block de-allocation")).hasSize(2);
            List<JsonNode> flow = only(records, "src_port", "4000").stream()
                    .filter(record -> record.has("out_packets"))
                    .toList();
            assertThat(sum(flow, "in_packets")).as("out, as two packets").isEqualTo(2);
            assertThat(sum(flow, "in_bytes")).isEqualTo(66);
            assertThat(sum(flow, "out_packets")).as("the answer").isEqualTo(1);
            assertThat(sum(flow, "out_bytes")).isEqualTo(33);
        }
    }

    private static List<JsonNode> only(JsonNode records, String field, String value) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode record : records) {
            if (record.has(field) && record.get(field).asString().equals(value)) {
                found.add(record);
            }
        }
        return found;
    }

    private static long sum(List<JsonNode> records, String field) {
        return records.stream().mapToLong(record -> record.get(field).asLong()).sum();
    }

    /** Every message is understood, to the last byte. */
    @Test
    void tsharkReadsIt() throws Exception {
        assumeTrue(Files.isExecutable(TSHARK), "NOT RUN: tshark is missing");
        try (UdpCollector collector = new UdpCollector();
                Exporting exporting = new Exporting(
                        Exporting.collector(Protocol.IPFIX, Transport.UDP, collector.port, What.values()))) {
            happen(exporting);
            exporting.awaitRecords(RECORDS_MIN);
            exporting.end(); // a flow may have taken two records: the last events are told then, too
            double messages = exporting.counted("nvgate.export.messages");
            Wait.until("all messages", () -> collector.datagrams.size() >= messages);
            Path file = directory.resolve("ipfix.pcap");
            PcapFiles.write(
                    file, collector.datagrams.stream().map(ExportTest::frame).toList());
            String decoded = Commands.run(List.of(TSHARK.toString(), "-2", "-V", "-r", file.toString()))
                    .output();
            assertThat(decoded)
                    .contains("VRFname: blue", "203.0.113.10:1024-65535")
                    .doesNotContain("Expert Info", "Malformed", "No template found");
            for (int event = 3; event <= 18; event++) {
                assertThat(decoded).containsPattern("Nat Event: .*\\(" + event + "\\)");
            }
            assertThat(decoded)
                    .contains(
                            "NAT Threshold Event: Address and port mapping high threshold event (3)",
                            "Addressport Mapping High Threshold: 61286");
        }
    }

    /** As it would be on an Ethernet, to the port that IANA has for IPFIX. */
    private static byte[] frame(byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + 20 + 8 + payload.length);
        frame.putLong(0x0200_0000_0001_0200L).putInt(2).putShort((short) 0x0800);
        frame.putShort((short) 0x4500).putShort((short) (28 + payload.length)).putInt(0);
        frame.putShort((short) 0x4011).putShort((short) 0).putInt(0x7f000001).putInt(0x7f000001);
        frame.putShort((short) 40_000).putShort((short) 4739).putShort((short) (8 + payload.length));
        frame.putShort((short) 0).put(payload);
        return frame.array();
    }

    /** A session that lasts is reported meanwhile, and nothing of it twice. */
    @Test
    void lastingSessionIsReportedWhileItLasts() throws Exception {
        try (UdpCollector collector = new UdpCollector();
                Exporting exporting = new Exporting(Exporting.collector(
                        Protocol.SYSLOG, Transport.UDP, collector.port, What.FLOWS, What.SESSIONS))) {
            exporting.gateway.sendUdp(1, 4000, 53);
            exporting.gateway.pass(30);
            exporting.gateway.sendUdp(1, 4000, 53);
            exporting.gateway.pass(Exporting.ACTIVE_TIMEOUT_SECONDS);
            collector.awaitLine("endReason=\"active-timeout\"");
            exporting.gateway.sendUdp(1, 4000, 53);
            exporting.gateway.pass(400);
            collector.awaitLine(" nat44-session-delete ");
            Wait.until("all packets are reported", () -> packets(collector) == 3);
        }
    }

    private static long packets(UdpCollector collector) {
        return collector.lines().stream()
                .filter(line -> line.contains(" flow "))
                .mapToLong(line -> UdpCollector.number(line, "packetsOut"))
                .sum();
    }

    /** Of what has not outlived a restart the log says that it ended, when, and that no packet did it. */
    @Test
    void endsOfBeforeARestartAreTold() throws Exception {
        long atMs = Instant.parse("2026-11-22T10:00:00.123Z").toEpochMilli();
        Ipv4Address external = new Ipv4Address(0xcb00710a);
        Ipv4Address remote = new Ipv4Address(0xcb007132);
        IpAddress inside = IpAddress.parse("192.168.1.3");
        try (UdpCollector collector = new UdpCollector();
                Exporting exporting =
                        new Exporting(of("ends", collector, List.of("blue"), What.SESSIONS, What.MAPPINGS))) {
            assertThat(exporting.ended(new KeptEnd.OfSession(
                            1, 17, inside, 4000, external, 4001, remote, remote, 53, atMs - 9, atMs - 5, atMs, true,
                            false)))
                    .isTrue();
            for (Kind kind : List.of(Kind.ENDED, Kind.UNBOUND)) {
                assertThat(exporting.ended(new KeptEnd.OfMapping(kind, 1, 17, inside, 4000, external, 4001, atMs)))
                        .isTrue();
            }
            collector.awaitLine(" address-binding-delete ");
            assertThat(collector.lines())
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line)
                            .contains("2026-11-22T10:00:00.123Z", "externalAddress=\"203.0.113.10\"")
                            .contains("vsid=\"6000\"", "reason=\"restart\""));
            assertThat(collector.lines().getFirst())
                    .contains(" nat44-session-delete ", "externalPort=\"4001\"", "remotePort=\"53\"");
            assertThat(collector.lines().get(1)).contains(" nat44-bib-delete ", "insidePort=\"4000\"");
        }
    }

    @Test
    void collectorsGetWhatTheyAreToGet() throws Exception {
        try (UdpCollector red = new UdpCollector();
                UdpCollector blocks = new UdpCollector();
                Exporting exporting = new Exporting(
                        of("red", red, List.of("red"), What.SESSIONS), of("blocks", blocks, List.of(), What.BLOCKS))) {
            exporting.gateway.sendUdp(1, 4000, 53);
            exporting.control();
            exporting.gateway.sendUdp(2, 4001, 53);
            red.awaitLine("insidePort=\"4001\"");
            blocks.awaitLine(" port-block-allocation ");
            assertThat(red.lines()).hasSize(1).first().asString().contains("vmNetwork=\"red\"", "vsid=\"6001\"");
            assertThat(blocks.lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("vmNetwork=\"blue\"", "pool=\"203.0.113.10:1024-65535\"");
        }
    }

    private static CollectorSettings of(String name, UdpCollector to, List<String> tenants, What... what) {
        CollectorSettings one = Exporting.collector(
                Protocol.SYSLOG, Transport.UDP, to.port, CollectorTls.DEFAULT, 1 << 20, tenants, what);
        return Exporting.named(one, name);
    }
}
