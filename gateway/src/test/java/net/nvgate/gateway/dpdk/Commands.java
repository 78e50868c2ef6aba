package net.nvgate.gateway.dpdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs commands of the system for tests. */
public final class Commands {

    private Commands() {}

    public record Outcome(int exitCode, String output) {}

    /** Runs a command to its end; output is stdout and stderr in one. */
    public static Outcome run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // Its output has ended: it exits now.
        return new Outcome(process.onExit().join().exitValue(), output);
    }

    /** Runs a command given as words separated by blanks; fails unless it exits with 0. */
    public static String succeed(String command) throws IOException {
        Outcome outcome = run(List.of(command.split(" +", -1)));
        if (outcome.exitCode() != 0) {
            throw new AssertionError(command + ": exit code " + outcome.exitCode() + "\n" + outcome.output());
        }
        return outcome.output();
    }
}
