package net.nvgate.mgmt.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A checked-in page that a test makes: compared, or written if {@code -Ddocs.write=true}. */
final class GeneratedDocs {

    static final String HOW = "mvn -pl mgmt-api -am test -Dtest='DocsCommandsTest,ReferencePagesTest'"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true";

    private GeneratedDocs() {}

    /** @param page relative to the module */
    static void check(Path page, String content) throws IOException {
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, content);
        }
        assertThat(Files.exists(page) ? Files.readString(page) : "")
                .as("%s is stale; write it by: %s", page, HOW)
                .isEqualTo(content);
    }
}
