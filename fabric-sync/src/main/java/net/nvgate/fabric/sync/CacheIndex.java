package net.nvgate.fabric.sync;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.sync.v1.CacheHeader;
import net.nvgate.fabric.sync.v1.CacheRecord;
import net.nvgate.fabric.sync.v1.Delta;
import net.nvgate.fabric.sync.v1.PolicyObject;
import org.jspecify.annotations.Nullable;

/**
 * What a cache file holds: where its snapshot ends, and what the deltas after it have made of each key. The snapshot's
 * objects stay on disk until {@link #objects} reads them, so that a million of them cost no memory here.
 *
 * @param latest last change of each key since the snapshot
 * @param validEnd what is behind this offset is torn or corrupt
 * @param problem what is wrong there, null if the file ends well
 */
record CacheIndex(
        CacheHeader header,
        long revision,
        long snapshotEnd,
        Map<String, PolicyChange> latest,
        long validEnd,
        @Nullable String problem) {

    static final int FORMAT = 1;

    /** @throws CacheRecords.CorruptException if there is no whole snapshot of this node's policy */
    static CacheIndex read(FileChannel file, NodeId node) throws IOException, CacheRecords.CorruptException {
        file.position(0);
        CacheRecords.Reader reader = new CacheRecords.Reader(file, 0, file.size());
        CacheHeader header = header(reader.next(), node);
        CacheRecord record = reader.next();
        while (record.hasChunk()) {
            record = reader.next();
        }
        if (!record.hasEnd()) {
            throw new CacheRecords.CorruptException("snapshot does not end before offset " + reader.position());
        }
        return readLog(reader, header, record.getEnd().getRevision());
    }

    private static CacheHeader header(CacheRecord record, NodeId node) throws CacheRecords.CorruptException {
        CacheHeader header = record.getHeader();
        if (!record.hasHeader() || header.getFormat() != FORMAT) {
            throw new CacheRecords.CorruptException("file has no header of format " + FORMAT);
        }
        if (header.getKind() != PolicyCodec.encode(node.kind())
                || !header.getName().equals(node.name())) {
            throw new CacheRecords.CorruptException(
                    "file is of " + header.getKind() + " " + header.getName() + ", this is " + node);
        }
        return header;
    }

    private static CacheIndex readLog(CacheRecords.Reader reader, CacheHeader header, long snapshotRevision)
            throws IOException {
        long snapshotEnd = reader.position();
        long revision = snapshotRevision;
        long validEnd = snapshotEnd;
        Map<String, PolicyChange> latest = new HashMap<>();
        PolicyDecoder decoder = new PolicyDecoder();
        String problem = null;
        try {
            while (reader.hasMore()) {
                revision = replay(reader.next(), revision, decoder, latest);
                validEnd = reader.position();
            }
        } catch (CacheRecords.CorruptException | ModelException e) {
            problem = e.getMessage();
        }
        return new CacheIndex(header, revision, snapshotEnd, latest, validEnd, problem);
    }

    private static long replay(
            CacheRecord record, long revision, PolicyDecoder decoder, Map<String, PolicyChange> latest)
            throws CacheRecords.CorruptException {
        if (record.hasProgress()) {
            return Math.max(revision, record.getProgress().getRevision());
        }
        Delta delta = record.getDelta();
        if (!record.hasDelta() || delta.getFrom() != revision || delta.getTo() <= revision) {
            throw new CacheRecords.CorruptException("a record does not follow revision " + revision);
        }
        // All are decoded before one counts: a delta is whole or not there.
        decoder.decodeChanges(delta.getChangesList()).forEach(change -> latest.put(change.key(), change));
        return delta.getTo();
    }

    /**
     * Every object of the policy at {@link #revision}, first those of the snapshot that are still valid.
     *
     * @param stop asked between chunks; true ends it early
     * @throws CacheRecords.CorruptException if the file has changed since it was indexed
     * @throws ModelException if the snapshot holds an object this version refuses
     */
    void objects(FileChannel file, BooleanSupplier stop, Consumer<Entry> consumer)
            throws IOException, CacheRecords.CorruptException {
        file.position(0);
        CacheRecords.Reader reader = new CacheRecords.Reader(file, 0, snapshotEnd);
        PolicyDecoder decoder = new PolicyDecoder();
        while (reader.hasMore() && !stop.getAsBoolean()) {
            for (PolicyObject wire : reader.next().getChunk().getObjectsList()) {
                var object = decoder.decode(wire);
                if (latest.isEmpty() || !latest.containsKey(object.key())) {
                    consumer.accept(new Entry(object, wire));
                }
            }
        }
        for (PolicyChange change : latest.values()) {
            if (change instanceof PolicyChange.Put put) {
                consumer.accept(new Entry(put.object(), PolicyCodec.encode(put.object())));
            }
        }
    }

    /** An object in both forms. */
    record Entry(net.nvgate.fabric.policy.PolicyObject object, PolicyObject wire) {}
}
