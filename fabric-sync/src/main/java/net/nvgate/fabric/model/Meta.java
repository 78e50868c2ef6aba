package net.nvgate.fabric.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What every object of the fabric has. In JSON its fields stand beside those of the object.
 *
 * @param id given by the manager, or by who asked for the object
 * @param name 1..64 characters, unique per kind; a VM subnet's name is unique within its VM network
 * @param description free text of at most 1024 characters, may be empty
 * @param labels at most 32, see {@link Labels}
 * @param createdRevision revision of the store that created the object, 0 = not stored yet
 * @param changedRevision revision of the store that last changed the object, 0 = not stored yet
 * @param createdBy who created it, empty = not stored yet, or by a version that did not record it
 * @param changedBy who changed it last
 */
public record Meta(
        UUID id,
        String name,
        String description,
        Map<String, String> labels,
        long createdRevision,
        long changedRevision,
        String createdBy,
        String changedBy) {

    /** What was left out, or an older version did not know, is empty. Rules: {@link Rules#meta}. */
    public Meta(
            UUID id,
            String name,
            @Nullable String description,
            @Nullable Map<String, String> labels,
            long createdRevision,
            long changedRevision,
            @Nullable String createdBy,
            @Nullable String changedBy) {
        this.id = id;
        this.name = name;
        this.description = Rules.given(description, "");
        this.labels =
                labels == null || labels.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(labels));
        this.createdRevision = createdRevision;
        this.changedRevision = changedRevision;
        // Few actors make many objects.
        this.createdBy = Rules.given(createdBy, "").intern();
        this.changedBy = Rules.given(changedBy, "").intern();
    }

    /** Of an object that is not stored yet. */
    public static Meta of(UUID id, String name, String description) {
        return of(id, name, description, Map.of());
    }

    /** Of an object that is not stored yet. */
    public static Meta of(UUID id, String name, String description, Map<String, String> labels) {
        return new Meta(id, name, description, labels, 0, 0, "", "");
    }

    public Meta renamed(String name, String description) {
        return new Meta(id, name, description, labels, createdRevision, changedRevision, createdBy, changedBy);
    }

    /**
     * As stored by one more transaction.
     *
     * @param before as it was stored until now, null if it was not
     */
    public Meta stamped(@Nullable Meta before, long revision, String actor) {
        return new Meta(
                id,
                name,
                description,
                labels,
                before == null ? revision : before.createdRevision,
                revision,
                before == null ? actor : before.createdBy,
                actor);
    }
}
