package net.nvgate.fabric.store.backup;

import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.puts;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.StoreFencedException;
import net.nvgate.fabric.store.etcd.EtcdExtension;
import net.nvgate.fabric.store.etcd.EtcdSettings;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** kill -9 of a manager that moves its store, in each phase: one store is in charge, with all that was acknowledged. */
@Timeout(300)
class StoreMoveCrashTest {

    private static final long HISTORY = 100_000;
    private static final int ACKNOWLEDGED_MIN = 20;

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    private final EtcdSettings settings = ETCD.settings();

    @ParameterizedTest
    @CsvSource({
        "etcd,COPYING", "etcd,FOLLOWING", "etcd,SWITCHING", "etcd,FENCED", "etcd,IN_PLACE", "etcd,DONE",
        "sqlite,COPYING", "sqlite,FOLLOWING", "sqlite,SWITCHING", "sqlite,FENCED", "sqlite,IN_PLACE", "sqlite,DONE"
    })
    void oneStoreIsInChargeAndHasAllThatWasAcknowledged(String to, StoreMove.Phase phase, @TempDir Path directory)
            throws Exception {
        MovePlaces places = new MovePlaces(
                directory, settings.endpoints().getFirst().toString(), settings.prefix() + to + phase + "/");
        Set<UUID> acknowledged = killIn(places, to, phase);
        boolean moved = phase.compareTo(StoreMove.Phase.IN_PLACE) >= 0;
        String from = places.other(to);
        // The configuration still names the old place; and again, with nothing left to settle.
        for (int start = 0; start < 2; start++) {
            assertThat(places.inCharge(from)).isEqualTo(places.place(moved ? to : from));
        }
        try (FabricStore store = places.place(moved ? to : from).open(HISTORY, Clock.systemUTC())) {
            Set<UUID> present =
                    store.snapshot().objects().stream().map(FabricObject::id).collect(Collectors.toSet());
            assertThat(present).containsAll(acknowledged);
            assertThat(store.apply(puts(network("after")))).isInstanceOf(Outcome.Committed.class);
        }
        try (FabricStore other = places.place(moved ? from : to).open(HISTORY, Clock.systemUTC())) {
            assertThat(moved).as("the old store can be opened").isFalse();
            assertThat(other.head()).isZero();
        } catch (StoreFencedException e) {
            assertThat(moved).as(e.getMessage()).isTrue();
        }
    }

    /** What the manager has told as committed until it stopped. */
    private static Set<UUID> killIn(MovePlaces places, String to, StoreMove.Phase phase)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreMoverMain.class.getName(),
                        places.directory().toString(),
                        places.endpoint(),
                        places.prefix(),
                        to,
                        phase.name())
                .redirectError(places.directory().resolve("stderr").toFile())
                .start();
        Set<UUID> acknowledged = new HashSet<>();
        try (BufferedReader out = process.inputReader()) {
            boolean there = false;
            int after = 0;
            boolean waits = phase == StoreMove.Phase.FENCED || phase == StoreMove.Phase.IN_PLACE;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("PHASE")) {
                    there = true;
                } else if (line.length() == 36) {
                    acknowledged.add(UUID.fromString(line));
                    after += there ? 1 : 0;
                }
                // While changes wait, no more can come.
                if (there && (waits || after >= ACKNOWLEDGED_MIN)) {
                    break;
                }
            }
            // Not Process.destroyForcibly, which closes the pipe with what is in it.
            process.toHandle().destroyForcibly();
            out.lines().filter(line -> line.length() == 36).forEach(line -> acknowledged.add(UUID.fromString(line)));
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return acknowledged;
    }
}
