package net.nvgate.appliance;

import static net.nvgate.appliance.Demo.SERVER;
import static net.nvgate.appliance.Demo.SERVER_NAT64;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * FTP by curl and tnftp, all four ways to open a data connection. vsftpd outside opens one only to the address that it sees the
 * client have, so that an untranslated PORT or EPRT fails; another one stands in a VM behind a port forward.
 */
@DemoTest
final class FtpIT {

    private final Demo demo;

    FtpIT(Demo demo) {
        this.demo = demo;
    }

    /** curl takes an address in PASV's answer for what it is only when told to. */
    enum Mode {
        EPSV,
        PASV("--disable-epsv", "--no-ftp-skip-pasv-ip"),
        EPRT("-P", "-"),
        PORT("-P", "-", "--disable-eprt");

        @SuppressWarnings("ImmutableEnumChecker") // List.of
        private final List<String> options;

        Mode(String... options) {
            this.options = List.of(options);
        }
    }

    private Path file(String name) {
        return demo.state().resolve("www").resolve(name);
    }

    private static String digest(Path file) {
        return Shell.output(Demo.SHORT, "sha256sum", file.toString()).split(" ", 2)[0];
    }

    private static String curl(String machine, Mode mode, String... arguments) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "60"));
        command.addAll(mode.options);
        command.addAll(List.of(arguments));
        return Demo.output(machine, command.toArray(String[]::new));
    }

    /** Fetches a file, stores it under another name, and looks at what arrived. */
    private void thereAndBack(String machine, Mode mode, String server) throws IOException {
        Path fetched = Files.createTempFile("nvgate-e2e", ".ftp");
        try {
            curl(machine, mode, "-o", fetched.toString(), "ftp://" + server + "/small");
            assertThat(digest(fetched)).as(machine + " fetches by " + mode).isEqualTo(digest(file("small")));
            String name = "incoming/" + machine + "-" + mode.name().toLowerCase(Locale.ROOT);
            curl(machine, mode, "-T", fetched.toString(), "ftp://" + server + "/" + name);
            assertThat(digest(file(name))).as(machine + " stores by " + mode).isEqualTo(digest(fetched));
        } finally {
            Files.delete(fetched);
        }
    }

    @ParameterizedTest
    @EnumSource
    void vmsReachAServerOutside(Mode mode) throws IOException {
        thereAndBack("blue1", mode, SERVER);
    }

    @ParameterizedTest
    @EnumSource
    void ipv6VmsReachItThroughNat64(Mode mode) throws IOException {
        thereAndBack("violet1", mode, "[" + SERVER_NAT64 + "]");
    }

    @ParameterizedTest
    @EnumSource
    void aClientOutsideReachesTheServerInAVm(Mode mode) throws IOException {
        thereAndBack("server", mode, demo.externalAddress("blue"));
    }

    /** One control connection, in which endpoints of many lengths shift the sequence numbers behind them again and again. */
    @Test
    void aLongSessionChangesItsMode() throws IOException {
        Path fetched = Files.createTempDirectory("nvgate-e2e");
        List<String> session = new ArrayList<>(List.of("user anonymous x", "binary"));
        for (int i = 0; i < 8; i++) {
            session.add("epsv4 " + (i % 2 == 0 ? "off" : "on"));
            session.add("passive " + (i % 4 < 2 ? "off" : "on"));
            session.add("ls");
            session.add("get small " + fetched.resolve("got" + i));
        }
        session.add("put " + fetched.resolve("got0") + " incoming/long-session");
        session.add("bye");
        try {
            String[] command = Demo.in("red1", "tnftp", "-n", "-v", SERVER);
            String said = Shell.run(Demo.LONG, String.join("\n", session) + "\n", List.of(command))
                    .output();
            assertThat(said).contains("PORT command successful", "EPRT command successful", "227 ", "229 ");
            for (int i = 0; i < 8; i++) {
                assertThat(digest(fetched.resolve("got" + i)))
                        .as("file %d of%n%s", i, said)
                        .isEqualTo(digest(file("small")));
            }
            assertThat(digest(file("incoming/long-session"))).isEqualTo(digest(file("small")));
        } finally {
            Shell.output(Demo.SHORT, "rm", "-r", fetched.toString());
        }
    }
}
