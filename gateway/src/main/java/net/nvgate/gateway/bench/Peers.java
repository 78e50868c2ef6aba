package net.nvgate.gateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Other programs with the same packets, on the same CPU, in the same run of the bench; {@code dist/bench-peers} runs them. */
final class Peers {

    /** Of Open vSwitch's bridge, for which its tunnel packets must be. */
    private static final long MAC = 0x0200000000feL;

    private static final List<Integer> FLOWS = List.of(1_000, 10_000);
    private static final int TENANTS = 64;

    /**
     * What a program came to with packets from a capture that are sent round and round.
     *
     * @param name program and what it did
     * @param mpps of each run, generator included as it is in ours
     */
    record Result(String name, int flows, double medianMpps, List<Double> mpps) {

        /** From a line of the script: name, flows, figures. */
        static Result parse(String line) {
            String[] words = line.strip().split(" +", -1);
            List<Double> mpps =
                    Arrays.stream(words).skip(2).map(Double::valueOf).toList();
            return new Result(words[0], Integer.parseInt(words[1]), net.nvgate.gateway.bench.Result.median(mpps), mpps);
        }
    }

    private Peers() {}

    /** @param script {@code bench-peers} */
    static List<Result> measure(Path script, BenchOptions options, int cpu, PrintStream out)
            throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        for (int flows : FLOWS) {
            Path capture = Files.createTempFile("nvgate-bench", ".pcap");
            try {
                CaptureFile.write(capture, BenchShape.of(TENANTS, flows), MAC);
                results.addAll(run(script, capture, flows, options, cpu, out));
            } finally {
                Files.delete(capture);
            }
        }
        return results;
    }

    private static List<Result> run(
            Path script, Path capture, int flows, BenchOptions options, int cpu, PrintStream out)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        script.toString(),
                        capture.toString(),
                        Integer.toString(flows),
                        Integer.toString(cpu),
                        Integer.toString(options.runs()),
                        Double.toString(options.seconds()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Result> results = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Result result = Result.parse(line);
                out.printf(Locale.ROOT, "%-32s %6.2f Mpps with %,d flows%n", result.name, result.medianMpps, flows);
                results.add(result);
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException(script + " failed with status " + process.exitValue());
        }
        return results;
    }
}
