package net.nvgate.fabric.store.backup;

import java.util.UUID;
import net.nvgate.fabric.store.DumpHeader;
import net.nvgate.fabric.store.DumpSink;
import net.nvgate.fabric.store.DumpSource;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoredObject;

/**
 * What a source holds, as the beginning of another history.
 *
 * @param read gets it as it is
 */
record NewLineage(DumpSource source, DumpSink read) implements DumpSource {

    @Override
    public void copyTo(DumpSink sink) {
        source.copyTo(new Tee(read, new Relabelled(sink, UUID.randomUUID().toString())));
    }

    @Override
    public void close() {
        source.close();
    }

    private record Relabelled(DumpSink sink, String lineage) implements DumpSink {

        @Override
        public void begin(DumpHeader header) {
            sink.begin(header.withLineage(lineage));
        }

        @Override
        public void object(StoredObject object) {
            sink.object(object);
        }

        @Override
        public void guard(String name, long revision) {
            sink.guard(name, revision);
        }

        @Override
        public void revision(RevisionChanges changes) {
            sink.revision(changes);
        }

        @Override
        public void end() {
            sink.end();
        }
    }
}
