package net.nvgate.fabric.netwnv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Imports what directories hold, once or again and again. What is inconsistent, half written or not readable changes nothing, and the
 * outcome says why. Not thread-safe.
 */
public final class ImportRun {

    /** The fabric. What its methods throw is a refusal; the message is for people. */
    public interface Target {

        /** What {@link #apply} would do now. What the file made before, and no longer has, is deleted. */
        Pending plan(String file) throws Exception;

        /** Returns the revision. */
        long apply(String file) throws Exception;
    }

    /**
     * What is to be done.
     *
     * @param changes objects to make, change, replace and delete
     * @param hostsToDelete their names
     */
    public record Pending(int changes, List<String> hostsToDelete) {

        public Pending {
            hostsToDelete = List.copyOf(hostsToDelete);
        }
    }

    /** How an import ended. */
    public enum Result {
        /** The fabric is as the hosts are, and was so before. */
        UNCHANGED,
        /** The difference was applied. */
        APPLIED,
        /** Nothing was changed. */
        REFUSED
    }

    /**
     * An import.
     *
     * @param reason why it was refused, else empty
     * @param changes objects that were made, changed, replaced and deleted
     * @param revision of the fabric that it made, else 0
     * @param records lookup records that were read
     */
    public record Outcome(
            Instant at,
            Result result,
            String reason,
            int changes,
            long revision,
            int hosts,
            long records,
            List<Finding> findings) {

        public Outcome {
            findings = List.copyOf(findings);
        }
    }

    /**
     * What is read, and what it is taken for.
     *
     * @param places directories and files
     * @param removeHosts a host that this import made, and that no file tells of any more, goes with all its VMs; else that is a
     *     reason to refuse
     */
    public record Settings(List<Path> places, EnumNumbers numbers, ImportOptions options, boolean removeHosts) {

        public Settings {
            places = List.copyOf(places);
        }
    }

    private final Settings settings;
    private final Target target;
    private final Clock clock;

    public ImportRun(Settings settings, Target target, Clock clock) {
        this.settings = settings;
        this.target = target;
        this.clock = clock;
    }

    /** Reads, compares, and applies the difference. */
    public Outcome run() {
        try {
            Map<Path, String> before = fingerprint();
            List<NetWnvSource> sources = NetWnvFiles.read(settings.places(), settings.numbers());
            if (!before.equals(fingerprint())) {
                return refused("files change while they are read", List.of(), List.of());
            }
            return run(sources);
        } catch (NetWnvException e) {
            return refused(String.valueOf(e.getMessage()), List.of(), List.of());
        } catch (IOException e) {
            return refused("cannot be read: " + e, List.of(), List.of());
        }
    }

    private Outcome run(List<NetWnvSource> sources) {
        if (sources.isEmpty()) {
            return refused("there is no host in " + settings.places(), sources, List.of());
        }
        NetWnvImport imported = NetWnvImport.of(sources, settings.options());
        Optional<String> refusal = imported.refusal();
        if (refusal.isPresent()) {
            return refused(refusal.get(), sources, imported.findings());
        }
        try {
            Pending pending = target.plan(imported.file());
            if (pending.changes() == 0) {
                return outcome(Result.UNCHANGED, "", 0, 0, sources, imported.findings());
            }
            if (!pending.hostsToDelete().isEmpty() && !settings.removeHosts()) {
                return refused(
                        "no file tells of " + String.join(", ", pending.hostsToDelete())
                                + " any more; hosts are removed only if that is asked for",
                        sources,
                        imported.findings());
            }
            long revision = target.apply(imported.file());
            return outcome(Result.APPLIED, "", pending.changes(), revision, sources, imported.findings());
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return refused(String.valueOf(e.getMessage()), sources, imported.findings());
        }
    }

    private Outcome refused(String reason, List<NetWnvSource> sources, List<Finding> findings) {
        return outcome(Result.REFUSED, reason, 0, 0, sources, findings);
    }

    private Outcome outcome(
            Result result,
            String reason,
            int changes,
            long revision,
            List<NetWnvSource> sources,
            List<Finding> findings) {
        long records = sources.stream()
                .mapToLong(source -> source.host().lookupRecords().size())
                .sum();
        return new Outcome(clock.instant(), result, reason, changes, revision, sources.size(), records, findings);
    }

    /** Sizes and times of the files that are read. */
    private Map<Path, String> fingerprint() throws IOException {
        Map<Path, String> files = new TreeMap<>();
        for (Path place : settings.places()) {
            for (Path file : NetWnvFiles.files(place)) {
                FileTime time = Files.getLastModifiedTime(file);
                files.put(file, Files.size(file) + " " + time);
            }
        }
        return files;
    }

    List<Path> places() {
        return settings.places();
    }
}
