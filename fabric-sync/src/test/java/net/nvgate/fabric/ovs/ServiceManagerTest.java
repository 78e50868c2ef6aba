package net.nvgate.fabric.ovs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** sd_notify(3) against real AF_UNIX datagram sockets. */
class ServiceManagerTest {

    @TempDir
    Path directory;

    private static void assertHears(String socket) throws Throwable {
        try (DatagramSocketFile systemd = new DatagramSocketFile(socket)) {
            ServiceManager agent = ServiceManager.of(Map.of("NOTIFY_SOCKET", socket));
            agent.ready("host kvm1 follows mgr:7250");
            agent.alive();
            agent.stopping();

            assertThat(systemd.next()).isEqualTo("READY=1\nSTATUS=host kvm1 follows mgr:7250");
            assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
            assertThat(systemd.next()).isEqualTo("STOPPING=1");
            assertThat(systemd.next()).isEmpty();
        }
    }

    @Test
    void aSocketFile() throws Throwable {
        assertHears(directory.resolve("notify").toString());
    }

    @Test
    void aSocketWithoutAFile() throws Throwable {
        assertHears("@nvgt-notify-" + ProcessHandle.current().pid());
    }

    @Test
    void withoutServiceManagerNothingIsSent() {
        assertThatCode(() -> ServiceManager.of(Map.of()).ready("")).doesNotThrowAnyException();
    }

    @Test
    void aSocketNobodyReadsStopsNothing() {
        String gone = directory.resolve("gone").toString();
        assertThatCode(() -> ServiceManager.of(Map.of("NOTIFY_SOCKET", gone)).alive())
                .doesNotThrowAnyException();
        String tooLong = "/" + "x".repeat(200);
        assertThatCode(() -> ServiceManager.of(Map.of("NOTIFY_SOCKET", tooLong)).alive())
                .doesNotThrowAnyException();
    }
}
