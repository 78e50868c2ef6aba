package net.nvgate.mgmt.docs;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Where the files of the documentation come from. */
@FunctionalInterface
public interface DocsSource {

    /** @param path in the repository, {@code gateway/docs/nat.md}; empty if there is no such file */
    Optional<byte[]> read(String path) throws IOException;

    /** @param root folder on the class path, {@code /docs}, which the build fills with the repository's documents */
    static DocsSource classPath(String root) {
        return path -> {
            try (InputStream in = DocsSource.class.getResourceAsStream(root + "/" + path)) {
                return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
            }
        };
    }
}
