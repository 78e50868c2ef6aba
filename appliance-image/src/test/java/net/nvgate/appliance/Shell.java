package net.nvgate.appliance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Runs commands of the machine: bounded in time, output as text. */
final class Shell {

    private Shell() {}

    record Result(int status, String output) {
        boolean ok() {
            return status == 0;
        }
    }

    /** Runs to the end; standard error goes with the output. A command that takes longer is ended, which is an error. */
    static Result run(Duration limit, String input, List<String> command) {
        try {
            Path output = Files.createTempFile("nvgate-e2e", ".out");
            Path stdin = Files.createTempFile("nvgate-e2e", ".in");
            try {
                Files.writeString(stdin, input);
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(stdin.toFile())
                        .redirectOutput(output.toFile())
                        .start();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(command + " took longer than " + limit + ": " + Files.readString(output));
                }
                return new Result(
                        process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1));
            } finally {
                Files.deleteIfExists(output);
                Files.deleteIfExists(stdin);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static Result run(Duration limit, String... command) {
        return run(limit, "", List.of(command));
    }

    /** Output of a command that has to succeed. */
    static String output(Duration limit, String... command) {
        Result result = run(limit, command);
        if (!result.ok()) {
            throw new AssertionError(
                    String.join(" ", command) + " ended with " + result.status() + ": " + result.output());
        }
        return result.output();
    }

    /** Waits for a condition; looks ten times a second. */
    static void await(Duration limit, String what, BooleanSupplier condition) {
        if (!comesTrue(limit, condition)) {
            throw new AssertionError(what + " did not happen within " + limit);
        }
    }

    /** As {@link #await}; false if it does not. */
    static boolean comesTrue(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(100_000_000L);
        }
        return true;
    }
}
