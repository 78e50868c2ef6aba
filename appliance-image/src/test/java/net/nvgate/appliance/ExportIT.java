package net.nvgate.appliance;

import static net.nvgate.appliance.Demo.SERVER;
import static net.nvgate.appliance.Demo.SERVER_NAT64;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway's IPFIX of real traffic, as nfcapd understands it. */
@DemoTest
final class ExportIT {

    private final Demo demo;

    @TempDir
    private Path directory;

    ExportIT(Demo demo) {
        this.demo = demo;
    }

    /** What nfcapd has written so far: a file every two seconds. */
    private List<JsonNode> records() {
        try (var files = Files.list(directory)) {
            if (files.noneMatch(file -> file.getFileName().toString().startsWith("nfcapd.2"))) {
                return List.of();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Shell.Result read = Shell.run(Demo.SHORT, "nfdump", "-R", directory.toString(), "-o", "json");
        List<JsonNode> records = new ArrayList<>();
        // Of files without a record it says so between the brackets.
        if (read.output().strip().startsWith("[") && !read.output().contains("No matching flows")) {
            JsonMapper.shared().readTree(read.output()).forEach(records::add);
        }
        return records;
    }

    private static Predicate<JsonNode> event(String name, String field, String value) {
        return record -> record.path("nat_event").asString("").equals(name)
                && record.path(field).asString("").equals(value);
    }

    private static boolean hasAll(List<JsonNode> records, List<Predicate<JsonNode>> wanted) {
        return wanted.stream().allMatch(one -> records.stream().anyMatch(one));
    }

    @Test
    void nfcapdReadsSessionsMappingsAndFlowsOfRealTraffic() throws IOException, InterruptedException {
        Process nfcapd = new ProcessBuilder(
                        "nfcapd", "-b", Demo.COLLECTOR, "-p", "4739", "-t", "2", "-w", directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "nfcapd.log").toFile())
                .start();
        String external = demo.externalAddress("blue");
        String network = demo.named("vm-networks", "blue").path("id").asString();
        List<Predicate<JsonNode>> wanted = List.of(
                event("NAT44 session create", "src4_addr", "192.168.1.3"),
                event("NAT44 session create", "src4_xlt_ip", external),
                event("NAT44 session delete", "dst4_addr", SERVER),
                event("NAT44 BIB create", "src4_xlt_ip", external),
                event("NAT64 session create", "src6_addr", "fd00:1::3"),
                event("NAT64 BIB create", "src6_addr", "fd00:1::3"),
                // A flow with its answers: both ways in one record.
                record -> record.path("dst4_addr").asString("").equals(SERVER)
                        && record.path("in_bytes").asLong() > 0
                        && record.path("out_bytes").asLong() > 0);
        try {
            // What comes before the first templates is lost on nfcapd: again, until it has everything.
            demo.await(Demo.LONG, "everything in nfcapd", () -> {
                fetch("blue1", SERVER);
                fetch("violet1", "[" + SERVER_NAT64 + "]");
                demo.change("DELETE", "/vm-networks/" + network + "/sessions?protocol=TCP", "");
                return hasAll(records(), wanted);
            });
        } finally {
            nfcapd.destroy();
            nfcapd.waitFor();
        }
    }

    private static void fetch(String from, String host) {
        Demo.output(from, "curl", "-sf", "-o", "/dev/null", "--max-time", "60", "http://" + host + "/");
    }
}
