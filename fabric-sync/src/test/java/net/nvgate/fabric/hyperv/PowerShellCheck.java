package net.nvgate.fabric.hyperv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs {@code check.mjs}: tree-sitter's PowerShell grammar and rules of our own, on Node.js. */
final class PowerShellCheck {

    private static final Path SOURCE = Path.of("src/test/powershell");
    private static final Path TOOL = Path.of("target/powershell-check");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "check.mjs", "cmdlets.json");

    private PowerShellCheck() {}

    /** What is to say about scripts, one line each. Skips the test where there is no Node.js. */
    static List<String> findings(List<Path> scripts) throws IOException, InterruptedException {
        install();
        List<String> command = new ArrayList<>(List.of(
                "node",
                "--liftoff",
                "--no-wasm-tier-up",
                "--wasm-lazy-compilation",
                TOOL.resolve("check.mjs").toString()));
        scripts.forEach(script -> command.add(script.toString()));
        List<String> lines = run(Path.of("."), command).lines().toList();
        String sum = lines.getLast();
        if (!sum.startsWith(scripts.size() + " files, ")) {
            throw new IOException("the check broke off: " + lines);
        }
        return lines.subList(0, lines.size() - 1);
    }

    private static synchronized void install() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                onPath("node") && onPath("npm"), "node and npm are not on PATH: scripts were not parsed");
        Files.createDirectories(TOOL);
        boolean fresh = Files.exists(TOOL.resolve("node_modules/tree-sitter-powershell/package.json"))
                && Files.exists(TOOL.resolve("package-lock.json"))
                && Files.mismatch(SOURCE.resolve("package-lock.json"), TOOL.resolve("package-lock.json")) < 0;
        for (String file : FILES) {
            Files.copy(SOURCE.resolve(file), TOOL.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!fresh) {
            run(TOOL, List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
        }
    }

    static boolean onPath(String program) {
        return java.util.Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Standard output and error of a program that ends by itself, whatever its exit code. */
    static String run(Path directory, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("nvgate-powershell", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(15, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException(command + " does not end");
            }
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            Files.delete(output);
        }
    }
}
