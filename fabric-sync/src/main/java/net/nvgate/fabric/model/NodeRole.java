package net.nvgate.fabric.model;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which part of nvgate an identity is of. */
public enum NodeRole {
    MANAGER,
    GATEWAY,
    HOST;

    /** As in the URI of an identity, e.g. {@code gateway}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<NodeRole> ofLabel(String label) {
        return Stream.of(values()).filter(role -> role.label().equals(label)).findFirst();
    }
}
