package net.nvgate.fabric.store.backup;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.DumpHeader;
import net.nvgate.fabric.store.DumpLines;
import net.nvgate.fabric.store.DumpSink;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoredObject;
import net.nvgate.fabric.store.UniqueKey;

/**
 * Checks that a dump makes sense, and computes its checksum: unique keys have one owner, references lead to objects, the
 * log has no gap, and what it says last about each object is how the object is.
 */
final class DumpCheck implements DumpSink {

    private final LineDigest digest = new LineDigest();
    private final Map<UUID, Long> changedRevisions = new HashMap<>();

    private final Map<UUID, Optional<Long>> logged = new HashMap<>();
    private final Set<UniqueKey> uniqueKeys = new HashSet<>();
    private final Set<UUID> referenced = new HashSet<>();
    private Optional<DumpHeader> header = Optional.empty();
    private long lastRevision;
    private long guards;
    private boolean ended;

    /** What a dump holds. */
    record Summary(DumpHeader header, long objects, long guards, String sha256) {}

    Summary summary() {
        if (!ended) {
            throw new StoreException("it ends too early", null);
        }
        return new Summary(known(), changedRevisions.size(), guards, digest.hex());
    }

    private DumpHeader known() {
        return header.orElseThrow(() -> new StoreException("it has no header", null));
    }

    /** Of everything so far. */
    String sha256SoFar() {
        return digest.hex();
    }

    @Override
    public void begin(DumpHeader begun) {
        require(begun.compacted() >= 0 && begun.compacted() <= begun.revision(), "its revisions are mixed up");
        header = Optional.of(begun);
        lastRevision = begun.compacted();
        digest.add(DumpLines.header(begun));
    }

    @Override
    public void object(StoredObject stored) {
        FabricObject object = stored.object();
        require(
                object.changedRevision() <= known().revision()
                        && changedRevisions.put(object.id(), object.changedRevision()) == null,
                "object " + object.id() + " is there twice, or from the future");
        for (UniqueKey key : stored.links().uniqueKeys()) {
            require(uniqueKeys.add(key), "two objects have " + key);
        }
        referenced.addAll(stored.links().references());
        digest.add(DumpLines.object(stored));
    }

    @Override
    public void guard(String name, long revision) {
        guards++;
        require(revision <= known().revision(), "guard " + name + " is from the future");
        digest.add(DumpLines.guard(name, revision));
    }

    @Override
    public void revision(RevisionChanges changes) {
        require(
                changes.revision() == lastRevision + 1,
                "the log jumps from revision " + lastRevision + " to " + changes.revision());
        lastRevision = changes.revision();
        for (ObjectChange change : changes.changes()) {
            logged.put(change.id(), change.after().map(FabricObject::changedRevision));
        }
        digest.add(DumpLines.revision(changes));
    }

    @Override
    public void end() {
        require(lastRevision == known().revision(), "the log ends at revision " + lastRevision);
        for (UUID id : referenced) {
            require(changedRevisions.containsKey(id), "a reference leads to " + id + ", which is not there");
        }
        logged.forEach((id, revision) -> require(
                revision.equals(Optional.ofNullable(changedRevisions.get(id))),
                "object " + id + " is not as the log says"));
        ended = true;
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new StoreException("the dump is damaged: " + problem, null);
        }
    }
}
