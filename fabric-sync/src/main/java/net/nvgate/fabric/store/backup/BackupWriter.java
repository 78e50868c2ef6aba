package net.nvgate.fabric.store.backup;

import java.io.IOException;
import java.io.Writer;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.store.DumpHeader;
import net.nvgate.fabric.store.DumpLines;
import net.nvgate.fabric.store.DumpSink;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoredObject;

/** Writes the lines of a backup; the last one has the checksum of those before it. */
final class BackupWriter implements DumpSink {

    private final Writer out;
    private final DumpCheck check = new DumpCheck();

    BackupWriter(Writer out) {
        this.out = out;
    }

    /** The last line. */
    record End(String sha256) {}

    private void line(String line) {
        try {
            out.write(line);
            out.write('\n');
        } catch (IOException e) {
            throw new StoreException("cannot write the backup: " + e.getMessage(), e);
        }
    }

    @Override
    public void begin(DumpHeader header) {
        check.begin(header);
        line(DumpLines.header(header));
    }

    @Override
    public void object(StoredObject object) {
        check.object(object);
        line(DumpLines.object(object));
    }

    @Override
    public void guard(String name, long revision) {
        check.guard(name, revision);
        line(DumpLines.guard(name, revision));
    }

    @Override
    public void revision(RevisionChanges changes) {
        check.revision(changes);
        line(DumpLines.revision(changes));
    }

    @Override
    public void end() {
        check.end();
        line(FabricJson.write(new End(check.sha256SoFar())));
    }

    DumpCheck.Summary summary() {
        return check.summary();
    }
}
