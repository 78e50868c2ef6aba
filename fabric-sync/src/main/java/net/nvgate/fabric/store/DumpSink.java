package net.nvgate.fabric.store;

/**
 * Takes all that a store holds, as of one revision, piece by piece: begin, objects, guards, revisions, end. Methods throw
 * {@link StoreException} if it cannot be taken.
 */
public interface DumpSink {

    void begin(DumpHeader header);

    /** Ascending by the text of the id. */
    void object(StoredObject object);

    /** Ascending by name. */
    void guard(String name, long revision);

    /** Every one after {@link DumpHeader#compacted}, ascending. */
    void revision(RevisionChanges changes);

    /** That was all of it. */
    void end();
}
