package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever is woken by an alert finds what to do under its name. */
class RunbookTest {

    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern HEADING = Pattern.compile("(?m)^### (\\w+)$");

    @Test
    void everyAlertHasAParagraphAndEveryParagraphAnAlert() throws IOException {
        List<Path> rules;
        try (Stream<Path> files = Files.list(Path.of("src/main/dist/prometheus"))) {
            rules = files.toList();
        }
        TreeSet<String> alerts = new TreeSet<>();
        for (Path file : rules) {
            alerts.addAll(found(ALERT, file));
        }
        assertThat(alerts).hasSizeGreaterThan(20);
        assertThat(found(HEADING, Path.of("docs/observability.md"))).containsExactlyInAnyOrderElementsOf(alerts);
    }

    private static List<String> found(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
