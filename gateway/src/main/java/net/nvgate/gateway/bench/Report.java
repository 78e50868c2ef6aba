package net.nvgate.gateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that one run of the bench found.
 *
 * @param secondsPerRun length of a run
 * @param results of the worker, in the order of measurement
 * @param peers other programs, if they were asked for
 * @param machineTurns times from turn to turn of a loop that does nothing
 */
record Report(
        Machine machine,
        int runs,
        double secondsPerRun,
        List<Result> results,
        List<Result.Percentile> machineTurns,
        MemoryUse memory,
        List<Peers.Result> peers) {

    Report withPeers(List<Peers.Result> others) {
        return new Report(machine, runs, secondsPerRun, results, machineTurns, memory, others);
    }

    void write(Path file) throws IOException {
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(file, json.writeValueAsString(this) + "\n");
    }
}
