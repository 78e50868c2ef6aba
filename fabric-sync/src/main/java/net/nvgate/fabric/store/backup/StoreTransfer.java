package net.nvgate.fabric.store.backup;

import java.time.Instant;
import net.nvgate.fabric.store.DumpSource;
import net.nvgate.fabric.store.Fence;
import net.nvgate.fabric.store.RestoreTarget;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a store to another place. What was written is read again and compared before it is used. */
public final class StoreTransfer {

    private static final Logger LOG = LoggerFactory.getLogger(StoreTransfer.class);

    private StoreTransfer() {}

    /**
     * Makes a store what the source is, with a lineage of its own: followers that hold revisions which came after the backup get a
     * snapshot, and no delta that starts from another history.
     */
    public static BackupFile.Summary restore(DumpSource source, RestoreTarget target) {
        DumpCheck read = new DumpCheck();
        copy(new NewLineage(source, read), target);
        target.activate();
        return BackupFile.Summary.of(read.summary());
    }

    /**
     * Moves a store that no manager needs meanwhile: same fabric, same revisions, same log, so that followers go on by deltas.
     * The old one is fenced before the new one can be used; if copying fails, the old one goes on.
     */
    public static BackupFile.Summary move(StoreSource source, RestoreTarget target, Instant now) {
        source.fence(Fence.moving(target.describe()));
        DumpCheck.Summary summary;
        try {
            summary = copy(source, target);
        } catch (RuntimeException e) {
            source.fence(Fence.NONE);
            throw e;
        }
        // In this order: a crash in between leaves a store in charge, and a fence.
        target.activate();
        source.fence(Fence.moved(target.describe(), now));
        return BackupFile.Summary.of(summary);
    }

    static DumpCheck.Summary copy(DumpSource source, RestoreTarget target) {
        DumpCheck read = new DumpCheck();
        source.copyTo(new Tee(read, target));
        DumpCheck written = new DumpCheck();
        try (DumpSource copy = target.written()) {
            copy.copyTo(written);
        }
        if (!read.summary().equals(written.summary())) {
            throw new StoreException(
                    "what was written to " + target.describe() + " is not what was read; it is not used", null);
        }
        LOG.info(
                "{} has revision {}, verified",
                target.describe(),
                read.summary().header().revision());
        return read.summary();
    }
}
