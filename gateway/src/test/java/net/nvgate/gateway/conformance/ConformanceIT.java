package net.nvgate.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.nvgate.gateway.conformance.Proofs.Proof;
import org.junit.jupiter.api.Test;

/** After all tests: each one that {@code docs/conformance.md} names ran in this build and passed. */
class ConformanceIT {

    @Test
    void everyProofRanAndPassed() throws IOException {
        Set<String> passed = new HashSet<>();
        for (String line : Files.readAllLines(ResultsExtension.FILE)) {
            if (line.endsWith(" passed")) {
                passed.add(line.substring(0, line.length() - " passed".length()));
            }
        }
        Set<String> missing = new TreeSet<>();
        for (Proof proof : Proofs.find()) {
            List<String> methods = proof.method().isEmpty() ? Proofs.tests(proof.type()) : List.of(proof.method());
            for (String method : methods) {
                String test = proof.type().getName() + "#" + method;
                if (!passed.contains(test)) {
                    missing.add(test);
                }
            }
        }
        assertThat(missing)
                .as("named as proof, but did not run or did not pass")
                .isEmpty();
    }
}
