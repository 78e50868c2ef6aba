package net.nvgate.fabric.store.backup;

import net.nvgate.fabric.store.DumpHeader;
import net.nvgate.fabric.store.DumpSink;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoredObject;

/** Gives everything to both, first to the first. */
record Tee(DumpSink first, DumpSink second) implements DumpSink {

    @Override
    public void begin(DumpHeader header) {
        first.begin(header);
        second.begin(header);
    }

    @Override
    public void object(StoredObject object) {
        first.object(object);
        second.object(object);
    }

    @Override
    public void guard(String name, long revision) {
        first.guard(name, revision);
        second.guard(name, revision);
    }

    @Override
    public void revision(RevisionChanges changes) {
        first.revision(changes);
        second.revision(changes);
    }

    @Override
    public void end() {
        first.end();
        second.end();
    }
}
