package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** What crosses the provider network: read by tshark, and spoiled by hand. */
@DemoTest
final class WireIT {

    private static final String DROPS = "nvgate_drops_total";
    private static final int FETCHES = 12;
    private static final int COPIES = 3;
    private static final int ATTEMPTS = 5;

    private final Demo demo;

    WireIT(Demo demo) {
        this.demo = demo;
    }

    /** One captured NVGRE packet, as tshark decodes it. */
    private record Captured(String source, String destination, int flags, int protocol, int vsid, int flowId) {}

    @Test
    void anIndependentDecoderSeesNvgreInBothDirections() throws IOException, InterruptedException {
        Path pcap = demo.state().resolve("wire.pcap");
        Process tcpdump = new ProcessBuilder(Demo.in(
                        "host1",
                        "tcpdump",
                        "--immediate-mode",
                        "-U",
                        "-n",
                        "-i",
                        "uplink",
                        "-w",
                        pcap.toString(),
                        "proto",
                        "gre"))
                .redirectErrorStream(true)
                .redirectOutput(demo.state().resolve("tcpdump.log").toFile())
                .start();
        try {
            demo.await(Demo.SHORT, "the capture's start", () -> pcap.toFile().length() > 0);
            for (int i = 0; i < FETCHES; i++) {
                Demo.output("blue1", "curl", "-sf", "http://" + Demo.SERVER + "/");
            }
        } finally {
            tcpdump.destroy();
            tcpdump.waitFor();
        }
        List<Captured> packets = decode(pcap);
        String hostPa = demo.named("hosts", "host1").path("providerAddress").asString();
        String gatewayPa = demo.named("gateways", "gw1").path("providerAddress").asString();
        int gatewayVsid =
                demo.named("vm-network-gateways", "blue-gateway").path("vsid").asInt();
        int vmVsid = demo.named("vm-subnets", "blue-subnet").path("vsid").asInt();
        assertThat(packets).allSatisfy(packet -> {
            assertThat(packet.flags()).as("GRE flags: K only, version 0").isEqualTo(0x2000);
            assertThat(packet.protocol()).isEqualTo(0x6558);
        });
        List<Captured> out = packets.stream()
                .filter(packet -> packet.source().equals(hostPa))
                .toList();
        List<Captured> in = packets.stream()
                .filter(packet -> packet.source().equals(gatewayPa))
                .toList();
        assertThat(out).hasSizeGreaterThan(FETCHES).allSatisfy(packet -> {
            assertThat(packet.destination()).isEqualTo(gatewayPa);
            assertThat(packet.vsid()).as("to outside: the gateway's VSID").isEqualTo(gatewayVsid);
        });
        assertThat(in).hasSizeGreaterThan(FETCHES).allSatisfy(packet -> {
            assertThat(packet.destination()).isEqualTo(hostPa);
            assertThat(packet.vsid()).as("to the VM: the VM's VSID").isEqualTo(vmVsid);
        });
        Set<Integer> flowIds = in.stream().map(Captured::flowId).collect(Collectors.toCollection(TreeSet::new));
        assertThat(flowIds).as("FlowIDs of %d TCP connections", FETCHES).hasSizeGreaterThan(FETCHES / 3);
    }

    /** The gateway's own capture, as a reader of its API gets it, and what it says of a packet that nobody has sent. */
    @Test
    void theGatewayItselfCapturesBothSidesOfTheNatAndTellsWhatWouldBecomeOfAPacket()
            throws IOException, InterruptedException {
        String gateway = "/gateways/" + demo.named("gateways", "gw1").path("id").asString();
        String rdid = demo.named("vm-networks", "blue").path("rdid").asString();
        Path pcap = demo.state().resolve("gateway.pcapng");
        String what = "/capture?rdid=" + rdid + "&remoteAddress=" + Demo.SERVER + "&protocol=TCP&packets=8&seconds=300";
        Process capture = new ProcessBuilder(
                        "curl", "-sSf", "-o", pcap.toString(), Demo.MANAGER + "/api/v1" + gateway + what)
                .redirectErrorStream(true)
                .redirectOutput(demo.state().resolve("capture.log").toFile())
                .start();
        try {
            demo.await(Demo.LONG, "eight packets captured", () -> {
                Demo.output("blue1", "curl", "-sf", "http://" + Demo.SERVER + "/");
                return !capture.isAlive();
            });
        } finally {
            capture.destroy();
        }
        assertThat(capture.waitFor()).isZero();
        Shell.Result read = Shell.run(
                Demo.LONG, "tshark", "-n", "-r", pcap.toString(), "-T", "fields", "-e", "frame.interface_name");
        assertThat(read.status()).as(read.output()).isZero();
        assertThat(read.output().lines().filter("pa"::equals)).hasSize(8);
        assertThat(read.output().lines().filter("ext"::equals)).hasSize(8);

        JsonNode trace = demo.api(gateway + "/trace?rdid=" + rdid + "&source=192.168.1.3&destination=" + Demo.SERVER)
                .path("items")
                .path(0);
        assertThat(trace.path("verdict").asString()).as(trace.toString()).isEqualTo("FORWARDED");
        JsonNode spoofed = demo.api(gateway + "/trace?rdid=" + rdid + "&source=192.168.1.77&destination=" + Demo.SERVER)
                .path("items")
                .path(0);
        assertThat(spoofed.path("summary").asString()).isEqualTo("dropped: VM 192.168.1.77 is in no lookup record");
        JsonNode tenant = demo.api("/vm-networks/"
                        + demo.named("vm-networks", "blue").path("id").asString()
                        + "/trace?source=192.168.1.3&destination=192.168.1.99")
                .path("items")
                .path(0);
        assertThat(tenant.path("reason").asString()).as(tenant.toString()).isEqualTo("no-record");
    }

    private static List<Captured> decode(Path pcap) {
        String fields = Shell.output(
                Demo.LONG,
                "tshark",
                "-r",
                pcap.toString(),
                "-Y",
                "gre",
                "-T",
                "fields",
                "-E",
                "occurrence=f",
                "-E",
                "separator=,",
                "-e",
                "ip.src",
                "-e",
                "ip.dst",
                "-e",
                "gre.flags_and_version",
                "-e",
                "gre.proto",
                "-e",
                "gre.key");
        return fields.lines()
                .filter(line -> line.chars().filter(c -> c == ',').count() == 4)
                .map(line -> line.split(",", -1))
                .map(f -> {
                    int key = Integer.parseUnsignedInt(f[4].substring(2), 16);
                    return new Captured(f[0], f[1], Integer.decode(f[2]), Integer.decode(f[3]), key >>> 8, key & 0xff);
                })
                .toList();
    }

    /** Every way to spoil a frame, and the one counter that has to say so. */
    private Map<String, Map.Entry<NvgreFrame, String>> spoiled() {
        NvgreFrame good = NvgreFrame.udp(
                ends(demo.named("hosts", "host1").path("providerAddress").asString()));
        int unknown = 0x123456;
        Map<String, Map.Entry<NvgreFrame, String>> cases = new LinkedHashMap<>();
        cases.put("C bit", Map.entry(good.with(NvgreFrame.GRE, 0xa0), "gre-checksum-present"));
        cases.put("S bit", Map.entry(good.with(NvgreFrame.GRE, 0x30), "gre-sequence-present"));
        cases.put("no K bit", Map.entry(good.with(NvgreFrame.GRE, 0x00), "gre-no-key"));
        cases.put("reserved bit", Map.entry(good.with(NvgreFrame.GRE, 0x60), "gre-reserved-bits"));
        cases.put("version 1", Map.entry(good.with(NvgreFrame.GRE + 1, 0x01), "gre-version"));
        cases.put("type IPv4", Map.entry(good.with(NvgreFrame.GRE + 2, 0x08, 0x00), "gre-protocol-type"));
        cases.put("reserved VSID", Map.entry(good.with(NvgreFrame.KEY, 0x00, 0x0f, 0xff), "reserved-vsid"));
        cases.put(
                "unknown VSID",
                Map.entry(good.with(NvgreFrame.KEY, unknown >>> 16, unknown >>> 8, unknown), "unknown-vsid"));
        cases.put(
                "inner VLAN tag",
                Map.entry(good.insert(NvgreFrame.INNER_ETHERNET + 12, 0x81, 0x00, 0x00, 0x0a), "inner-vlan"));
        cases.put("spoofed inner source", Map.entry(NvgreFrame.udp(endsWithSource("192.168.1.77")), "spoofed-source"));
        cases.put(
                "inner source of another host",
                Map.entry(NvgreFrame.udp(endsWithSource("192.168.1.4")), "spoofed-source"));
        cases.put("cut in the GRE header", Map.entry(good.cut(NvgreFrame.KEY + 2), "truncated-gre"));
        cases.put(
                "cut in the inner Ethernet header",
                Map.entry(good.cut(NvgreFrame.INNER_ETHERNET + 9), "inner-truncated-ethernet"));
        cases.put(
                "cut in the inner IPv4 header", Map.entry(good.cut(NvgreFrame.INNER_IP + 12), "inner-truncated-ipv4"));
        cases.put(
                "inner length beyond the frame",
                Map.entry(good.cut(NvgreFrame.INNER_IP + 30), "inner-ipv4-total-length"));
        cases.put("inner IP version 5", Map.entry(good.with(NvgreFrame.INNER_IP, 0x55), "inner-ipv4-version"));
        cases.put(
                "inner header checksum",
                Map.entry(good.with(NvgreFrame.INNER_IP + 10, 0xde, 0xad), "inner-ipv4-checksum"));
        cases.put(
                "inner MAC of nobody",
                Map.entry(good.with(NvgreFrame.INNER_ETHERNET, 0x02, 9, 9, 9, 9, 9), "inner-wrong-mac"));
        // No outer fragment: net_af_packet has the kernel put fragments together; DropReasonTest sends one.
        return cases;
    }

    private NvgreFrame.Ends ends(String hostPa) {
        var attachment = demo.named("vm-network-gateways", "blue-gateway");
        var nic = demo.named("vms", "blue1").path("nics").path(0);
        return new NvgreFrame.Ends(
                MacAddress.parse("02:00:00:00:00:99"),
                MacAddress.parse(
                        Demo.output("gw", "cat", "/sys/class/net/pa/address").strip()),
                IpAddress.parse(hostPa),
                IpAddress.parse(
                        demo.named("gateways", "gw1").path("providerAddress").asString()),
                attachment.path("vsid").asInt(),
                MacAddress.parse(nic.path("mac").asString()),
                MacAddress.parse(attachment.path("mac").asString()),
                IpAddress.parse("192.168.1.3"),
                IpAddress.parse(Demo.SERVER));
    }

    private NvgreFrame.Ends endsWithSource(String source) {
        NvgreFrame.Ends ends =
                ends(demo.named("hosts", "host1").path("providerAddress").asString());
        return new NvgreFrame.Ends(
                ends.senderMac(),
                ends.gatewayPortMac(),
                ends.hostPa(),
                ends.gatewayPa(),
                ends.vsid(),
                ends.vmMac(),
                ends.gatewayMac(),
                IpAddress.parse(source),
                ends.destination());
    }

    @TestFactory
    Stream<DynamicTest> everySpoiledFrameIsCountedByItsReasonAndNothingElse() {
        return spoiled().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(),
                        () -> drops(entry.getValue().getKey(), entry.getValue().getValue())));
    }

    @Test
    void theUnspoiledFrameIsForwarded() {
        NvgreFrame good = NvgreFrame.udp(
                ends(demo.named("hosts", "host1").path("providerAddress").asString()));
        untilNothingElseIsDropped(Map.of(), before -> {
            send(good);
            demo.await(Demo.SHORT, "the packets' way", () -> forwarded(demo.gatewayMetrics(), before) >= COPIES);
        });
    }

    private double forwarded(Metrics now, Metrics before) {
        String vsid = "vsid=\""
                + demo.named("vm-network-gateways", "blue-gateway").path("vsid").asInt() + "\"";
        return now.sum("nvgate_vsid_packets_total", vsid) - before.sum("nvgate_vsid_packets_total", vsid);
    }

    private void drops(NvgreFrame frame, String reason) {
        untilNothingElseIsDropped(Map.of(reason, (double) COPIES), before -> {
            send(frame);
            demo.await(
                    Demo.SHORT,
                    COPIES + " drops for " + reason,
                    () -> growthOfDrops(demo.gatewayMetrics(), before).getOrDefault(reason, 0.0) >= COPIES);
        });
    }

    /**
     * Sends, and compares all drops. A late answer to what another class has asked may be dropped in between, so it is done again if
     * the drops are others; those of the frame itself would be others each time.
     */
    private void untilNothingElseIsDropped(Map<String, Double> expected, Consumer<Metrics> sending) {
        Map<String, Double> seen = Map.of();
        for (int i = 0; i < ATTEMPTS; i++) {
            Metrics before = demo.gatewayMetrics();
            sending.accept(before);
            seen = growthOfDrops(demo.gatewayMetrics(), before);
            if (seen.equals(expected)) {
                return;
            }
        }
        assertThat(seen).as("drops, each of %d times", ATTEMPTS).isEqualTo(expected);
    }

    /** Drops by reason since the earlier scrape. ARP for others is no fault on a shared network and always there. */
    private static Map<String, Double> growthOfDrops(Metrics now, Metrics before) {
        Map<String, Double> byReason = new HashMap<>();
        now.growth(DROPS, before).forEach((series, growth) -> {
            String reason = series.replaceFirst(".*reason=\"([^\"]*)\".*", "$1");
            if (!reason.equals("arp-not-for-us")) {
                byReason.merge(reason, growth, Double::sum);
            }
        });
        return byReason;
    }

    private static void send(NvgreFrame frame) {
        String[] command = Demo.in(
                "pa",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                RawFrames.class.getName(),
                "br0");
        Shell.Result result = Shell.run(Demo.SHORT, (frame.hex() + "\n").repeat(COPIES), List.of(command));
        assertThat(result.ok()).as(result.output()).isTrue();
    }
}
