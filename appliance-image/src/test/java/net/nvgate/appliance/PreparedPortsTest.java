package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which NICs nvgate-ports takes from the kernel: one too many may be the one that leads to the machine. */
class PreparedPortsTest {

    private static final Path PACKAGE = Path.of("packages/gateway");

    @TempDir
    private Path directory;

    @Test
    void theShippedFileNamesNone() {
        assertThat(wanted(PACKAGE.resolve("gateway.yaml"))).containsExactly("memory 768");
    }

    @Test
    void takesThoseOfTheSettingsAndNotOfTheComments() throws IOException {
        assertThat(wanted("""
                node: gw1   # was: device: "0000:00:01.0"
                ports: {pa: {device: "0000:00:10.0"}, ext: {device: '0000:00:11.0', mtu: 1500}}
                #ports: {pa: {device: "0000:00:12.0"}}
                eal:
                  # memory-mib: 4096, huge-pages: off
                  memory-mib: 1024
                """)).containsExactly("port 0000:00:10.0", "port 0000:00:11.0", "memory 1024");
    }

    @Test
    void leavesLinuxInterfacesAndMemoryAlone() throws IOException {
        assertThat(wanted("""
                ports:
                  pa:
                    device: net_af_packet0,iface=eth1
                  ext:
                    device: 0000:3b:00.1
                eal: {huge-pages: off, memory-mib: 256}
                """)).containsExactly("port 0000:3b:00.1");
    }

    private List<String> wanted(String settings) throws IOException {
        return wanted(Files.writeString(directory.resolve("gateway.yaml"), settings));
    }

    private static List<String> wanted(Path config) {
        Shell.Result said =
                Shell.run(Demo.SHORT, "sh", PACKAGE.resolve("prepare").toString(), "--wanted", config.toString());
        return said.output().lines().toList();
    }
}
