package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static net.nvgate.fabric.sync.Samples.GW2;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.sync.v1.Delta;
import net.nvgate.fabric.sync.v1.SnapshotChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class PolicyCacheTest {

    private static final CacheLimits LIMITS = CacheLimits.defaults();

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("policy.cache");
    }

    static PolicyCache open(Path directory, NodeId node, CacheLimits limits) throws IOException {
        return new PolicyCache(directory, node, limits, new SimpleMeterRegistry());
    }

    private Optional<PolicyCache.Cached> load(NodeId node) throws IOException {
        try (PolicyCache cache = open(directory, node, LIMITS)) {
            return cache.load();
        }
    }

    static void snapshot(
            PolicyCache cache, String fabricId, long revision, Collection<? extends PolicyObject> objects) {
        cache.beginSnapshot(fabricId);
        SnapshotChunk.Builder chunk = SnapshotChunk.newBuilder();
        objects.forEach(object -> chunk.addObjects(PolicyCodec.encode(object)));
        cache.chunk(chunk.build());
        cache.commitSnapshot(revision);
    }

    static Delta delta(long from, long to, PolicyChange... changes) {
        Delta.Builder delta = Delta.newBuilder().setFrom(from).setTo(to);
        for (PolicyChange change : changes) {
            delta.addChanges(PolicyCodec.encode(change));
        }
        return delta.build();
    }

    @Test
    void emptyDirectoryHoldsNothing() throws IOException {
        assertThat(load(GW1)).isEmpty();
    }

    @Test
    void snapshotAndDeltasComeBack() throws IOException {
        try (PolicyCache cache = open(directory, GW1, LIMITS)) {
            cache.load();
            snapshot(cache, "f", 5, Samples.everyKind());
            cache.delta(delta(5, 6, new PolicyChange.Put(Samples.record(1, "10.1.0.7"))));
            cache.progress(8);
            cache.delta(delta(8, 9, new PolicyChange.Remove("rdid/" + Samples.RDID)));
        }
        Map<String, PolicyObject> expected = new LinkedHashMap<>();
        Samples.everyKind().forEach(object -> expected.put(object.key(), object));
        expected.put(Samples.record(1).key(), Samples.record(1, "10.1.0.7"));
        expected.remove("rdid/" + Samples.RDID);
        PolicyCache.Cached cached = load(GW1).orElseThrow();
        assertThat(cached.fabricId()).isEqualTo("f");
        assertThat(cached.snapshot().revision()).isEqualTo(9);
        assertThat(cached.snapshot().objects()).containsExactlyInAnyOrderElementsOf(expected.values());
    }

    @Test
    void snapshotThatWasNotAppliedLeavesTheCacheAsItWas() throws IOException {
        try (PolicyCache cache = open(directory, GW1, LIMITS)) {
            cache.load();
            snapshot(cache, "f", 5, List.of(Samples.record(1)));
            cache.beginSnapshot("g");
            cache.chunk(SnapshotChunk.getDefaultInstance());
            cache.abortSnapshot();
            cache.delta(delta(5, 6, new PolicyChange.Put(Samples.record(2))));
            cache.beginSnapshot("g");
        }
        PolicyCache.Cached cached = load(GW1).orElseThrow();
        assertThat(cached.fabricId()).isEqualTo("f");
        assertThat(cached.snapshot().revision()).isEqualTo(6);
        assertThat(directory.resolve("policy.cache.new")).doesNotExist();
    }

    @Test
    void lastRecordTornAtAnyByteIsCutAndTheRestServes() throws IOException {
        try (PolicyCache cache = open(directory, GW1, LIMITS)) {
            cache.load();
            snapshot(cache, "f", 1, List.of(Samples.record(1)));
            cache.delta(delta(1, 2, new PolicyChange.Put(Samples.record(2))));
        }
        int whole = (int) Files.size(file());
        try (PolicyCache cache = open(directory, GW1, LIMITS)) {
            cache.load();
            cache.delta(delta(2, 3, new PolicyChange.Put(Samples.record(3))));
        }
        byte[] bytes = Files.readAllBytes(file());
        assertThat(bytes.length).isGreaterThan(whole + CacheRecords.HEAD_BYTES);
        for (int length = whole; length < bytes.length; length++) {
            Files.write(file(), Arrays.copyOf(bytes, length));
            expectAfterTear(length, whole);
            // A power cut can leave zeros where data was to be, and damage where it was.
            byte[] zeros = Arrays.copyOf(Arrays.copyOf(bytes, length), bytes.length);
            Files.write(file(), zeros);
            expectAfterTear(length, whole);
            byte[] flipped = bytes.clone();
            flipped[length] ^= 0x10;
            Files.write(file(), flipped);
            expectAfterTear(length, whole);
        }
    }

    private void expectAfterTear(int offset, int whole) throws IOException {
        PolicyCache.Cached cached = load(GW1).orElseThrow();
        assertThat(cached.snapshot().revision()).as("torn at %d", offset).isEqualTo(2);
        assertThat(cached.snapshot().objects()).containsExactlyInAnyOrder(Samples.record(1), Samples.record(2));
        assertThat(Files.size(file())).as("torn at %d", offset).isEqualTo(whole);
    }

    @Test
    void whatFollowsATornTailIsKept() throws IOException {
        try (PolicyCache cache = open(directory, GW1, LIMITS)) {
            cache.load();
            snapshot(cache, "f", 1, List.of(Samples.record(1)));
        }
        Files.write(file(), new byte[] {0, 0, 1}, StandardOpenOption.APPEND);
        try (PolicyCache cache = open(directory, GW1, LIMITS)) {
            cache.load();
            cache.delta(delta(1, 2, new PolicyChange.Put(Samples.record(2))));
        }
        assertThat(load(GW1).orElseThrow().snapshot().revision()).isEqualTo(2);
    }

    @Test
    void damagedSnapshotIsMovedAside() throws IOException {
        try (PolicyCache cache = open(directory, GW1, LIMITS)) {
            cache.load();
            snapshot(cache, "f", 1, List.of(Samples.record(1)));
        }
        byte[] bytes = Files.readAllBytes(file());
        bytes[bytes.length / 2] ^= 1;
        Files.write(file(), bytes);
        assertThat(load(GW1)).isEmpty();
        assertThat(file()).doesNotExist();
        assertThat(directory.resolve("policy.cache.bad")).exists();
    }

    @Test
    void policyOfAnotherNodeIsNotUsed() throws IOException {
        try (PolicyCache cache = open(directory, GW1, LIMITS)) {
            cache.load();
            snapshot(cache, "f", 1, List.of(Samples.record(1)));
        }
        assertThat(load(GW2)).isEmpty();
    }

    @Test
    void deltasAreFoldedSoThatTheFileStaysSmall() throws IOException {
        CacheLimits small = new CacheLimits(1 << 20, SyncFixture.NEVER, 2000, 4000, Duration.ofSeconds(1));
        try (PolicyCache cache = open(directory, GW1, small)) {
            cache.load();
            snapshot(cache, "f", 1, List.of(Samples.records(0, 20)));
            for (int revision = 2; revision <= 2000; revision++) {
                cache.delta(delta(revision - 1, revision, Child.change(revision, 40)));
            }
        }
        assertThat(Files.size(file())).isLessThan(10_000);
        PolicyCache.Cached cached = load(GW1).orElseThrow();
        assertThat(cached.snapshot().revision()).isEqualTo(2000);
        assertThat(cached.snapshot().objects()).containsExactlyInAnyOrderElementsOf(Child.model(2000, 20, 40));
    }

    @Test
    void killedProcessLosesNothingButTheEnd() throws Exception {
        for (int round = 0; round < 3; round++) {
            Path state = directory.resolve("round" + round);
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Child.class.getName(),
                            state.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            long seen = 0;
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                String line = lines.readLine();
                while (line != null && seen < 3000 + 1371 * round) {
                    seen = line.matches("[0-9]+") ? Long.parseLong(line) : seen;
                    line = lines.readLine();
                }
                child.destroyForcibly().waitFor();
            }
            try (PolicyCache cache = open(state, GW1, LIMITS)) {
                PolicyCache.Cached cached = cache.load().orElseThrow();
                long revision = cached.snapshot().revision();
                assertThat(revision).isGreaterThan(1000);
                assertThat(cached.snapshot().objects())
                        .containsExactlyInAnyOrderElementsOf(Child.model(revision, 20, 40));
            }
        }
    }

    /** A process that writes deltas until it is killed, and says how far it is. */
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws IOException {
            CacheLimits small = new CacheLimits(1 << 16, SyncFixture.NEVER, 20_000, 40_000, Duration.ofMillis(20));
            PolicyCache cache = open(Path.of(args[0]), GW1, small);
            cache.load();
            snapshot(cache, "f", 1, List.of(Samples.records(0, 20)));
            for (long revision = 2; revision < Long.MAX_VALUE; revision++) {
                cache.delta(delta(revision - 1, revision, change(revision, 40)));
                if (revision % 100 == 0) {
                    System.out.println(revision);
                }
            }
        }

        static PolicyChange change(long revision, int keys) {
            var record = Samples.record((int) (revision % keys), "10.1.0." + revision % 200);
            return revision % 7 == 0 ? new PolicyChange.Remove(record.key()) : new PolicyChange.Put(record);
        }

        /** What the policy is after the changes of revisions 2 to {@code revision}. */
        static List<PolicyObject> model(long revision, int initial, int keys) {
            Map<String, PolicyObject> policy = new LinkedHashMap<>();
            for (PolicyObject object : Samples.records(0, initial)) {
                policy.put(object.key(), object);
            }
            for (long r = 2; r <= revision; r++) {
                ListPolicySource.replay(policy, change(r, keys));
            }
            return new ArrayList<>(policy.values());
        }
    }
}
