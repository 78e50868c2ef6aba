package net.nvgate.gateway.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The list of requirements, in the order of its files. */
record Requirements(List<Source> sources) {

    private static final Path DIRECTORY = Path.of("src/test/resources/conformance");
    private static final List<String> LEVELS = List.of("MUST", "SHOULD", "RECOMMENDED", "MAY", "behaviour");
    private static final Pattern SUBLETTER = Pattern.compile("[0-9][a-z]$");

    /** An RFC or list. */
    record Source(String source, @Nullable String title, List<Row> requirements) {}

    /**
     * One requirement.
     *
     * @param level as in RFC 2119; null = behaviour that no RFC demands
     * @param notApplicable why it needs no test, null = it does
     */
    record Row(
            String id,
            @Nullable String level,
            String text,
            @Nullable String notApplicable) {}

    static Requirements load() {
        List<Source> all = new ArrayList<>();
        YAMLMapper mapper = new YAMLMapper();
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                all.addAll(mapper.readValue(file, new TypeReference<List<Source>>() {}));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Requirements requirements = new Requirements(all);
        requirements.check();
        return requirements;
    }

    private void check() {
        Map<String, Row> seen = new LinkedHashMap<>();
        for (Source source : sources) {
            for (Row row : source.requirements()) {
                String id = source.source() + " " + row.id();
                if (seen.put(id, row) != null) {
                    throw new IllegalStateException(id + " is there twice");
                }
                if (row.level() != null && !LEVELS.contains(row.level())) {
                    throw new IllegalStateException(id + " has level " + row.level());
                }
                if (row.text().isBlank()
                        || (row.notApplicable() != null && row.notApplicable().length() < 10)) {
                    throw new IllegalStateException(id + " says nothing");
                }
            }
        }
    }

    /** All rows by their full id, e.g. {@code "RFC 4787 REQ-1"}. */
    Map<String, Row> byId() {
        Map<String, Row> rows = new LinkedHashMap<>();
        sources.forEach(s -> s.requirements().forEach(r -> rows.put(s.source() + " " + r.id(), r)));
        return rows;
    }

    /**
     * The row that an annotation means. What a test says of a subsection or sub-letter that has no row of its own counts for the
     * row above it.
     *
     * @return its full id, or null if there is none
     */
    static @Nullable String find(Map<String, Row> rows, String annotation) {
        String id = annotation.replace("§", "").replaceAll(" +", " ").strip();
        while (!rows.containsKey(id)) {
            int dot = id.lastIndexOf('.');
            if (SUBLETTER.matcher(id).find()) {
                id = id.substring(0, id.length() - 1);
            } else if (dot > id.lastIndexOf(' ')) {
                id = id.substring(0, dot);
            } else {
                return null;
            }
        }
        return id;
    }
}
