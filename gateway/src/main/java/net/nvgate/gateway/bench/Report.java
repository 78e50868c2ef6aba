package net.nvgate.gateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that one run of the bench found.
 *
 * @param secondsPerRun length of a run
 * @param results of the worker, in the order of measurement
 * @param peers other programs, if they were asked for
 * @param lossFree rates and latency
 * @param machineTurns times from turn to turn of a loop that does nothing
 */
record Report(
        Machine machine,
        int runs,
        double secondsPerRun,
        List<Result> results,
        List<LossFree.Found> lossFree,
        List<Result.Percentile> machineTurns,
        MemoryUse memory,
        List<Peers.Result> peers) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    Report withPeers(List<Peers.Result> others) {
        return new Report(machine, runs, secondsPerRun, results, lossFree, machineTurns, memory, others);
    }

    /** As {@link #write}, but what the file has of scenarios and programs that are not in this report stays. The report written. */
    Report mergeInto(Path file) throws IOException {
        Report merged = this;
        if (Files.exists(file)) {
            Report old = JSON.readValue(Files.readString(file), Report.class);
            merged = new Report(
                    machine,
                    runs,
                    secondsPerRun,
                    merged(old.results, results, Result::name),
                    merged(old.lossFree, lossFree, LossFree.Found::name),
                    machineTurns,
                    memory,
                    merged(old.peers, peers, peer -> peer.name() + peer.flows()));
        }
        merged.write(file);
        return merged;
    }

    private static <T> List<T> merged(List<T> old, List<T> fresh, Function<T, String> name) {
        Map<String, T> all = new LinkedHashMap<>();
        old.forEach(one -> all.put(name.apply(one), one));
        fresh.forEach(one -> all.put(name.apply(one), one));
        return List.copyOf(all.values());
    }

    void write(Path file) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(this) + "\n");
    }
}
