package net.nvgate.fabric.file;

import static net.nvgate.fabric.file.FileFixture.PLAIN;
import static net.nvgate.fabric.file.FileFixture.PRUNE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.policy.RandomHistory;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of a fabric makes the same fabric again. */
@Timeout(300)
class RoundTripTest {

    @TempDir
    private Path directory;

    private static List<Integer> counts(FileFixture fabric) {
        return Stream.of(Kind.values()).map(fabric.manager::count).toList();
    }

    /** Files of a fabric with every kind of object, and of the one that the demonstration makes. */
    static Stream<String> files() throws IOException {
        return Stream.of(RichFabric.yaml(), Files.readString(Path.of("..", "appliance-image", "demo", "fabric.yaml")));
    }

    @ParameterizedTest
    @MethodSource("files")
    void exportOfFileMakesTheSameFabricAndPolicy(String file) {
        try (FileFixture first = new FileFixture(directory.resolve("first"));
                FileFixture second = new FileFixture(directory.resolve("second"))) {
            first.apply(file, PLAIN);
            assertThat(first.plan(file, PRUNE).steps()).isEmpty();

            String exported = first.export();
            second.apply(exported, PLAIN);

            assertThat(second.export()).isEqualTo(exported);
            assertThat(counts(second)).isEqualTo(counts(first));
            first.policy()
                    .forEach((node, policy) -> assertThat(second.policy().get(node))
                            .as(node)
                            .isNotEmpty()
                            .containsExactlyElementsOf(policy));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 15})
    void hostsAndGatewaysThatTakeNothingMoreComeWithWhatTheyHave(int operationsMax) throws IOException {
        String file = RichFabric.yaml()
                .replace("{name: gw-vsid,", "{name: gw-vsid, draining: true,")
                .replace("{name: v1,", "{name: v1, maintenance: true,");
        try (FileFixture fabric = new FileFixture(directory)) {
            fabric.applyInParts(file, operationsMax);
            assertThat(fabric.export())
                    .contains("gateway: gw-vsid", "host: v1")
                    .containsPattern("name: gw-vsid\\n(    .*\\n)*    draining: true")
                    .containsPattern("name: v1\\n(    .*\\n)*    maintenance: true");
            assertThat(fabric.plan(file, PRUNE).steps()).isEmpty();
        }
    }

    /** Otherwise what is said of fabrics with everything in them says nothing of some kinds and fields. */
    @Test
    void richFileLeavesNothingOut() throws IOException {
        FabricFile file = FabricFile.read(RichFabric.yaml());
        for (Kind kind : Kind.ofFabric()) {
            Set<String> used = file.entries().stream()
                    .filter(entry -> entry.kind() == kind)
                    .flatMap(entry -> entry.fields().propertyNames().stream())
                    .collect(Collectors.toSet());
            assertThat(used).as(kind.label()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void exportOfRandomFabricMakesTheSameFabric(long seed) {
        SqliteStore lived = SqliteStore.open(directory.resolve("lived"));
        RandomHistory.run(lived, seed, 250);
        try (FileFixture first = new FileFixture(lived);
                FileFixture second = new FileFixture(directory.resolve("second"))) {
            String file = first.export();

            FilePlan planned = second.plan(file, PLAIN);
            FilePlan made = second.apply(file, PLAIN);

            assertThat(second.export()).isEqualTo(file);
            assertThat(made.transactions()).isEqualTo(1);
            assertThat(made.revision()).isEqualTo(planned.revision() + 1);
            assertThat(made.steps()).isEqualTo(planned.steps());
            assertThat(counts(second)).isEqualTo(counts(first));
            assertThat(planned.policy().orElseThrow())
                    .hasSize(first.manager.count(Kind.HOST) + first.manager.count(Kind.GATEWAY));
            assertThat(second.apply(file, PRUNE).steps()).isEmpty();
            // Where the fabric was made by other means, the first time gives the objects the file's label.
            assertThat(first.apply(file, PLAIN).steps())
                    .allMatch(step -> step.fields().toString().contains("applied-by"));
            assertThat(first.plan(file, PRUNE).steps()).isEmpty();
            assertThat(first.export()).isEqualTo(file);
        }
    }
}
