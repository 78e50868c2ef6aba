package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.gateway.capture.CaptureNames;
import net.nvgate.gateway.capture.CaptureWriter;
import net.nvgate.gateway.watch.Watch;
import net.nvgate.gateway.watch.WatchedPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures of real packets through a worker, as tshark reads them. */
class CaptureTest extends GatewayFixture {

    @TempDir
    private Path directory;

    /** @param network of all packets, 0 = of several */
    private CaptureNames names(int network) {
        return new CaptureNames(WatchFixture.names(gateway), network);
    }

    private static String vsid(int number) {
        return "VSID " + number + " (subnet-" + number + " of VM network net-1)";
    }

    private List<WatchedPacket> traffic() {
        Watch watch = WatchFixture.all(gateway);
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)));
        gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)));
        gateway.intoPa(
                Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, Net.udp(Net.VM1, Net.SERVER, 1, 2)));
        gateway.intoPa(Net.fromVm1(2, Net.udp(Net.VM1, Net.SERVER, 4000, 53)));
        return WatchFixture.read(watch);
    }

    private List<String> tshark(CaptureWriter writer, String... fields) throws IOException, InterruptedException {
        return tshark(writer.take(), fields);
    }

    private List<String> tshark(byte[] capture, String... fields) throws IOException, InterruptedException {
        return tshark(capture, List.of("-n"), fields);
    }

    private List<String> tshark(byte[] capture, List<String> options, String... fields)
            throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/tshark")), "NOT RUN: tshark is missing");
        Path file = directory.resolve("capture.pcapng");
        Files.write(file, capture);
        List<String> command = new java.util.ArrayList<>(
                List.of("tshark", "-r", file.toString(), "-T", "fields", "-E", "separator=|", "-E", "occurrence=l"));
        command.addAll(options);
        for (String field : fields) {
            command.add("-e");
            command.add(field);
        }
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("errors").toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(Files.readString(directory.resolve("errors")))
                .isZero();
        return out.lines().toList();
    }

    @Test
    void bothSidesOfTheNatWithNames() throws IOException, InterruptedException {
        CaptureWriter writer = new CaptureWriter("gw-1", 0, names(0), 262, nanos -> 1_800_000_000_000_000_000L + nanos);
        traffic().forEach(writer::add);
        writer.statistics(0, 3);
        List<String> rows = tshark(
                writer,
                "frame.interface_name",
                "frame.packet_flags_direction",
                "gre.key",
                "ip.src",
                "udp.srcport",
                "frame.comment");
        assertThat(rows).hasSize(7);
        String vsid = vsid(Net.GATEWAY_VSID[1]);
        assertThat(rows.get(0)).startsWith("pa|").contains("192.168.1.3|4000").endsWith("|" + vsid);
        assertThat(rows.get(1)).startsWith("ext|").contains("203.0.113.10|4000").endsWith("|" + vsid);
        assertThat(rows.get(2)).startsWith("ext|").contains("203.0.113.50|53");
        assertThat(rows.get(3)).startsWith("pa|").contains("203.0.113.50|53").endsWith("|" + vsid(Net.VM_VSID[1]));
        assertThat(rows.get(4)).endsWith("|" + vsid + "; dropped: spoofed-source");
        assertThat(rows)
                .extracting(row -> Integer.decode(row.split("\\|", -1)[1]))
                .startsWith(1, 2, 1, 2, 1);
    }

    @Test
    void aTenantGetsItsInnerPacketsOnly() throws IOException, InterruptedException {
        CaptureWriter writer = new CaptureWriter("gw-1", 1, names(1), 262, nanos -> nanos);
        traffic().forEach(writer::add);
        writer.statistics(0, 0);
        List<String> rows = tshark(writer, "frame.interface_name", "ip.src", "ip.dst", "frame.protocols");
        assertThat(rows)
                .hasSize(3)
                .allSatisfy(row -> assertThat(row).startsWith("tenant|").doesNotContain("gre", "10.10.10."));
        assertThat(rows.get(0)).contains("192.168.1.3|203.0.113.50");
        assertThat(rows.get(1)).contains("203.0.113.50|192.168.1.3");
    }

    /** Of one VM network, in which an address is one VM's. */
    @Test
    void tsharkKnowsVmsByName() throws IOException, InterruptedException {
        CaptureWriter writer = new CaptureWriter("gw-1", 1, names(1), 262, nanos -> nanos);
        traffic().forEach(writer::add);
        writer.statistics(0, 0);
        byte[] capture = writer.take();
        assertThat(tshark(capture, List.of("-N", "n"), "ip.src_host").getFirst())
                .isEqualTo("vm-192.168.1.3");
        CaptureWriter ofAll = new CaptureWriter("gw-1", 0, names(0), 262, nanos -> nanos);
        traffic().forEach(ofAll::add);
        assertThat(new String(ofAll.take(), StandardCharsets.ISO_8859_1)).doesNotContain("vm-192");
    }

    @Test
    void aTenantLearnsNeitherTheGatewaysNameNorWhyAnotherOneTakesNothing() {
        gateway.rule(2, Wire.UDP, 53, Net.VM2, 53);
        Acls.set(
                gateway,
                2,
                Acls.list(AclAction.ALLOW, AclAction.ALLOW, "'direction':'INBOUND','action':'DENY','protocol':'UDP'"));
        Watch watch = WatchFixture.all(gateway);
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.NAT[2], 4000, 53)));
        List<WatchedPacket> packets = WatchFixture.read(watch);
        assertThat(gateway.drops()).containsEntry(DropReason.ACL, 1L);
        assertThat(text(0, packets)).contains("nvgate gw-1", "dropped: acl");
        assertThat(text(1, packets))
                .contains("nvgate", "VSID " + Net.GATEWAY_VSID[1])
                .doesNotContain("gw-1", "dropped");
    }

    /** A capture as characters, of which those of the texts stand together. */
    private String text(int tenant, List<WatchedPacket> packets) {
        CaptureWriter writer = new CaptureWriter("gw-1", tenant, names(tenant), 262, nanos -> nanos);
        packets.forEach(writer::add);
        return new String(writer.take(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void saysNowAndThenThatItGoesOn() throws IOException, InterruptedException {
        CaptureWriter writer = new CaptureWriter("gw-1", 0, names(0), 262, nanos -> nanos);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        long now = System.nanoTime();
        long second = 1_000_000_000;
        writer.keepAlive(now, 0);
        all.write(writer.take());
        writer.keepAlive(now + 19 * second, 0);
        assertThat(writer.take()).isEmpty();
        writer.keepAlive(now + 21 * second, 0);
        byte[] sign = writer.take();
        assertThat(sign).isNotEmpty();
        all.write(sign);
        writer.keepAlive(now + 40 * second, 0);
        assertThat(writer.take()).isEmpty();
        traffic().forEach(writer::add);
        writer.keepAlive(now + 50 * second, 0);
        writer.statistics(now + 50 * second, 0);
        all.write(writer.take());
        assertThat(tshark(all.toByteArray(), "frame.interface_name")).hasSize(7);
    }

    @Test
    void longPacketsAreCutAndSayHowLongTheyWere() throws IOException, InterruptedException {
        Watch watch = WatchFixture.post(
                gateway,
                Watch.of(
                        net.nvgate.gateway.watch.WatchFilter.ALL,
                        new Watch.Limits(10, 1 << 20, 64, gateway.nowMs() + 60_000),
                        false,
                        1 << 16));
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)));
        CaptureWriter writer = new CaptureWriter("gw-1", 0, names(0), 64, nanos -> nanos);
        WatchFixture.read(watch).forEach(writer::add);
        writer.statistics(0, 0);
        assertThat(tshark(writer, "frame.len", "frame.cap_len")).containsExactly("89|64", "47|47");
    }
}
