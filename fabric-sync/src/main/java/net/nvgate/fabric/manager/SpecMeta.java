package net.nvgate.fabric.manager;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Labels;
import net.nvgate.fabric.model.Rules;
import org.jspecify.annotations.Nullable;

/**
 * What a request for any object can say.
 *
 * @param name empty if it was left out; most kinds need one
 * @param id made up by the manager if absent; chosen by callers who refer to the object in the same batch
 */
public record SpecMeta(String name, String description, Map<String, String> labels, Optional<UUID> id) {

    public SpecMeta(
            @Nullable String name,
            @Nullable String description,
            @Nullable Map<String, String> labels,
            Optional<UUID> id) {
        this.name = Rules.given(name, "");
        this.description = Rules.given(description, "");
        this.labels = Collections.unmodifiableMap(new TreeMap<>(Rules.given(labels, Map.of())));
        this.id = id;
    }

    public SpecMeta(String name, String description) {
        this(name, description, Map.of(), Optional.empty());
    }

    static SpecMeta checked(Kind kind, SpecMeta meta) {
        Rules.visible(kind.label(), "name", Rules.name(kind.label(), meta.name().isEmpty() ? null : meta.name()));
        Rules.description(kind.label(), meta.description());
        Labels.checked(kind.label(), meta.labels());
        return meta;
    }
}
