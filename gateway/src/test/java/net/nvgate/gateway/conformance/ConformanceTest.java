package net.nvgate.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keeps requirements, annotations and {@code docs/conformance.md} together. */
class ConformanceTest {

    static final String HOW = "mvn -pl gateway -am test -Dtest=ConformanceTest -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Ddocs.write=true";

    private final ConformanceTable table = new ConformanceTable(Requirements.load(), Proofs.find());

    @Test
    void annotationsNameRequirementsThatThereAre() {
        assertThat(table.unknown()).isEmpty();
    }

    /** What is still open must say so in open.txt, which is empty when all is done. */
    @Test
    void everyRequirementIsTestedOrHasAReason() throws IOException {
        Path list = Path.of("src/test/resources/conformance/open.txt");
        if (Boolean.getBoolean("docs.write")) {
            Files.write(list, table.open());
        }
        List<String> known = Files.readAllLines(list);
        System.out.println(known.size() + " requirements are open, see " + list);
        assertThat(table.open()).isEqualTo(known);
    }

    @Test
    void pageIsWhatTheTestsSay() throws IOException {
        GeneratedPage.check(Path.of("docs/conformance.md"), table.markdown(), HOW);
    }

    @Test
    void subsectionsCountForTheirSection() {
        var rows = Requirements.load().byId();
        assertThat(Requirements.find(rows, "RFC 4787 REQ-3")).isEqualTo("RFC 4787 REQ-3");
        assertThat(Requirements.find(rows, "RFC 4787 REQ-2b")).isEqualTo("RFC 4787 REQ-2");
        assertThat(Requirements.find(rows, "RFC 6146 §3.5.2.1")).isEqualTo("RFC 6146 3.5.2");
        assertThat(Requirements.find(rows, "RFC 6146 9")).isNull();
        assertThat(Requirements.find(rows, "RFC 9999 1")).isNull();
        assertThat(Requirements.find(rows, "nat-behaviour 98")).isNull();
    }
}
