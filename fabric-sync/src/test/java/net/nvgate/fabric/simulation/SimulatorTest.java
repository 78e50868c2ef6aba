package net.nvgate.fabric.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Ten thousand histories of clients, managers, crashes and a bad network, each with every invariant after every revision. */
@Timeout(900)
class SimulatorTest {

    /** A build has time for ten thousand; a slow machine can be given fewer. */
    private static final int HISTORIES = Integer.getInteger("simulator.histories", 10_000);

    private static final int WORKERS = 2;
    private static final int BUG_HISTORIES = 300;

    private final Logger logger = (Logger) LoggerFactory.getLogger("net.nvgate");
    private Level level = Level.INFO;
    private Path directory = Path.of("");

    @BeforeEach
    void prepare() throws IOException {
        level = logger.getEffectiveLevel();
        Simulator.silence();
        directory = Files.createTempDirectory(Simulator.parent(), "fabric-simulator");
    }

    @AfterEach
    void clear() throws IOException {
        logger.setLevel(level);
        Simulator.delete(directory);
    }

    @Test
    void everyInvariantHoldsInEveryHistory() throws Exception {
        long revisions = new Simulator(directory).run(1, HISTORIES, WORKERS);
        assertThat(revisions).as("revisions in " + HISTORIES + " histories").isGreaterThan(5L * HISTORIES);
    }

    /** What is not found by so few histories would hardly be found by many. */
    @ParameterizedTest
    @EnumSource(value = Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aBugIsFound(Bug bug) {
        assertThat(new Simulator(directory).find(bug, BUG_HISTORIES))
                .as("seed that finds " + bug)
                .isPresent();
    }

    @Test
    void aSeedGivesTheSameHistoryAgain() {
        Simulator simulator = new Simulator(directory);
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(simulator.run(seed, 0)).as("seed " + seed).isEqualTo(simulator.run(seed, 1));
        }
    }
}
