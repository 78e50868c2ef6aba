package net.nvgate.fabric.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The file {@code rich.yaml}: a fabric with every kind of object, in which every field is set somewhere. */
public final class RichFabric {

    private RichFabric() {}

    public static String yaml() throws IOException {
        try (InputStream in = Objects.requireNonNull(RichFabric.class.getResourceAsStream("/rich.yaml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
