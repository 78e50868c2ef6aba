package net.nvgate.appliance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The host agent's Debian package, built from the jars of this build by {@code packages/build}, and what is in it, unpacked. */
final class HostAgentPackage {

    static final Duration LIMIT = Duration.ofMinutes(5);
    /** Of all files in the package, seconds of Unix time. */
    static final long TIME = 1_700_000_000;

    private static final Path BUILD = Path.of("packages", "build").toAbsolutePath();

    private static @Nullable HostAgentPackage built;

    private final Path root;
    final Path deb;

    private HostAgentPackage(Path root, Path deb) {
        this.root = root;
        this.deb = deb;
    }

    /** The one that all tests look at; skips the test, loudly, where it cannot be built. */
    static synchronized HostAgentPackage get() throws IOException {
        Assumptions.assumeTrue(
                Shell.run(Demo.SHORT, "sh", "-c", "command -v dpkg-deb").ok(), "NOT TESTED: there is no dpkg-deb here");
        if (built == null) {
            Path directory = Path.of("target", "host-agent-package").toAbsolutePath();
            Shell.output(LIMIT, "rm", "-rf", directory.toString());
            Path deb = archive(directory.resolve("archive"));
            Path root = directory.resolve("root");
            Shell.output(LIMIT, "dpkg-deb", "-x", deb.toString(), root.toString());
            built = new HostAgentPackage(root, deb);
        }
        return built;
    }

    /** Not compressed: that takes longer than all the rest. */
    private static Path archive(Path directory) throws IOException {
        Shell.output(
                LIMIT,
                "env",
                "NVGATE_DEB_COMPRESSION=none",
                "SOURCE_DATE_EPOCH=" + TIME,
                BUILD.toString(),
                "--no-setup",
                "--output",
                directory.toString(),
                "host-agent");
        try (Stream<Path> made = Files.list(directory)) {
            return made.reduce((one, other) -> {
                        throw new AssertionError("two archives: " + one + ", " + other);
                    })
                    .orElseThrow();
        }
    }

    /** What the host agent's documentation has between two of its lines, neither of them included. */
    static String documented(String first, String last) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "fabric-sync", "docs", "host-agent.md"));
        int from = lines.indexOf(first);
        int to = lines.subList(from + 1, lines.size()).indexOf(last);
        if (from < 0 || to < 0) {
            throw new AssertionError("host-agent.md has no part from '" + first + "' to '" + last + "'");
        }
        return String.join("\n", lines.subList(from + 1, from + 1 + to)) + "\n";
    }

    /** @param path as on the host, absolute */
    Path installed(String path) {
        return root.resolve(path.substring(1));
    }

    String launcher() {
        return installed("/usr/sbin/nvgate-host-agent").toString();
    }

    /** The packaged launcher with the packaged Java, whatever Java the environment names. */
    Shell.Result agent(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", launcher()));
        command.addAll(List.of(arguments));
        return Shell.run(LIMIT, input, command);
    }
}
