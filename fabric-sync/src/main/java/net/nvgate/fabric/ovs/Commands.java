package net.nvgate.fabric.ovs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs programs: every run has a deadline, and output is bounded, so that a hung daemon cannot hang the agent.
 * Thread-safe.
 */
final class Commands {

    private static final int OUTPUT_BYTES_MAX = 64 << 20;
    private static final int ERROR_BYTES_MAX = 64 << 10;
    private static final int MESSAGE_CHARS_MAX = 2000;
    private static final Executor READERS =
            task -> Thread.ofVirtual().name("command-output").start(task);

    private final Map<String, String> environment;
    private final Duration timeout;

    /** @param environment added to the agent's own, e.g. OVS_RUNDIR */
    Commands(Map<String, String> environment, Duration timeout) {
        this.environment = Map.copyOf(environment);
        this.timeout = timeout;
    }

    String run(String... command) throws CommandException {
        return run(List.of(command), "");
    }

    String run(List<String> command) throws CommandException {
        return run(command, "");
    }

    /**
     * @param input written to its standard input
     * @return what it printed on standard output
     * @throws CommandException unless it ended with status 0 in time
     */
    String run(List<String> command, String input) throws CommandException {
        return run(command, input, 0);
    }

    /** @param fine a status besides 0 that is no failure, e.g. of a program that compares */
    String run(List<String> command, String input, int fine) throws CommandException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new CommandException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        }
        try {
            return finish(process, command, input, fine);
        } finally {
            process.destroyForcibly();
        }
    }

    private String finish(Process process, List<String> command, String input, int fine) throws CommandException {
        CompletableFuture<byte[]> output = read(process.getInputStream(), OUTPUT_BYTES_MAX);
        CompletableFuture<byte[]> error = read(process.getErrorStream(), ERROR_BYTES_MAX);
        READERS.execute(() -> write(process.getOutputStream(), input));
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CommandException(shown(command) + " did not end within " + timeout.toMillis() + " ms");
            }
            // A daemon it left behind may keep the pipes open, hence a deadline here too.
            String errors = text(error.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
            if (process.exitValue() != 0 && process.exitValue() != fine) {
                throw new CommandException(
                        shown(command) + " failed with status " + process.exitValue() + ": " + shortened(errors));
            }
            return text(output.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(shown(command) + " was interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new CommandException(shown(command) + ": cannot read its output: " + e.getMessage(), e);
        }
    }

    private static CompletableFuture<byte[]> read(InputStream stream, int bytesMax) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (stream) {
                        byte[] bytes = stream.readNBytes(bytesMax);
                        if (bytes.length == bytesMax && stream.read() >= 0) {
                            throw new IllegalStateException("more than " + bytesMax + " bytes");
                        }
                        return bytes;
                    } catch (IOException e) {
                        throw new IllegalStateException(e.getMessage(), e);
                    }
                },
                READERS);
    }

    private static void write(OutputStream stream, String input) {
        try (stream) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // It ended without reading all; its exit status tells why.
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String shown(List<String> command) {
        return shortened(String.join(" ", command));
    }

    private static String shortened(String text) {
        String line = text.strip().replace('\n', ' ');
        return line.length() <= MESSAGE_CHARS_MAX ? line : line.substring(0, MESSAGE_CHARS_MAX) + "...";
    }
}
