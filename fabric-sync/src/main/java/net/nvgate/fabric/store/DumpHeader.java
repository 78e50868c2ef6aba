package net.nvgate.fabric.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which store a dump is of.
 *
 * @param revision as of which
 * @param compacted the log in the dump begins after this revision
 * @param lineage {@link FabricStore#lineage}; older backups have none
 */
public record DumpHeader(UUID fabricId, long revision, long compacted, String lineage) {

    public DumpHeader(UUID fabricId, long revision, long compacted, @Nullable String lineage) {
        this.fabricId = fabricId;
        this.revision = revision;
        this.compacted = compacted;
        this.lineage = lineage == null ? "" : lineage;
    }

    public DumpHeader withLineage(String other) {
        return new DumpHeader(fabricId, revision, compacted, other);
    }
}
