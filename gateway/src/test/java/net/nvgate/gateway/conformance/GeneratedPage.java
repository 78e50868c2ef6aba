package net.nvgate.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A checked-in page that is made by a test: compared, or written if {@code -Ddocs.write=true}. */
public final class GeneratedPage {

    private GeneratedPage() {}

    /**
     * Fails if the page is stale.
     *
     * @param page relative to the module
     * @param how command that writes it
     */
    public static void check(Path page, String content, String how) throws IOException {
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, content);
        }
        assertThat(Files.exists(page) ? Files.readString(page) : "")
                .as("%s is stale; write it by: %s", page, how)
                .isEqualTo(content);
    }
}
