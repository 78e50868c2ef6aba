package net.nvgate.gateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A {@link Contender}'s process as {@link ByTurns} sees it, and what it has found. One that does not answer in time is killed. */
final class Contestant {

    private static final long END_SECONDS_MAX = 10;

    private final String name;
    private final Process process;
    private final Duration answerMax;
    private final BufferedReader answers;
    private final List<Double> nanos = new ArrayList<>();

    /**
     * Takes a process that has just been started.
     *
     * @param name for people
     * @param answerMax how long an answer may take
     */
    Contestant(String name, Process process, Duration answerMax) {
        this.name = name;
        this.process = process;
        this.answerMax = answerMax;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** ns per packet of each run so far. */
    List<Double> nanos() {
        return List.copyOf(nanos);
    }

    void awaitReady() throws InterruptedException {
        answer();
    }

    /** One run; when it returns, the process is ready for the next one. */
    void run() throws InterruptedException {
        try {
            process.outputWriter(StandardCharsets.UTF_8).write("\n");
            process.outputWriter(StandardCharsets.UTF_8).flush();
        } catch (IOException e) {
            throw new IllegalStateException(name + " has ended by itself", e);
        }
        nanos.add(number(answer()));
        awaitReady();
    }

    private double number(String answer) {
        try {
            return Double.parseDouble(answer);
        } catch (NumberFormatException e) {
            throw new IllegalStateException(name + " has found '" + answer + "', which is no number", e);
        }
    }

    /** Waits for an answer; its number, if it has one. */
    private String answer() throws InterruptedException {
        FutureTask<Optional<String>> reading = new FutureTask<>(this::read);
        Thread.ofPlatform().daemon().name("answer").start(reading);
        try {
            return reading.get(answerMax.toMillis(), TimeUnit.MILLISECONDS)
                    .orElseThrow(() -> new IllegalStateException(name + " has ended by itself"));
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    name + " has not answered within " + answerMax.toMillis() / 1e3 + " s and was killed", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(name + " cannot be heard", e);
        }
    }

    /** Up to the next answer; empty if there is none any more. */
    private Optional<String> read() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(Contender.FOUND)) {
                return Optional.of(line.substring(Contender.FOUND.length()));
            }
            System.err.println(name + ": " + line);
        }
        return Optional.empty();
    }

    /** It ends when there is nothing to read any more. */
    void end() throws InterruptedException {
        try {
            process.outputWriter(StandardCharsets.UTF_8).close();
        } catch (IOException e) {
            // It has ended already, which has been told.
        }
        if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
