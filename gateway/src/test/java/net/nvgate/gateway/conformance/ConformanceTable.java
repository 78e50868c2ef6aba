package net.nvgate.gateway.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.nvgate.gateway.conformance.Proofs.Proof;
import net.nvgate.gateway.conformance.Requirements.Row;
import net.nvgate.gateway.conformance.Requirements.Source;

/** Requirement by requirement: its tests, or why it has none. */
final class ConformanceTable {

    private final Requirements requirements;
    private final Map<String, Row> rows;
    private final Map<String, TreeSet<String>> tests = new TreeMap<>();
    private final List<String> unknown = new ArrayList<>();

    ConformanceTable(Requirements requirements, List<Proof> proofs) {
        this.requirements = requirements;
        this.rows = requirements.byId();
        for (Proof proof : proofs) {
            String id = Requirements.find(rows, proof.requirement());
            if (id == null) {
                unknown.add("\"" + proof.requirement() + "\" of " + proof.test());
            } else {
                tests.computeIfAbsent(id, _ -> new TreeSet<>()).add(proof.test());
            }
        }
    }

    /** Annotations that name no requirement. */
    List<String> unknown() {
        return unknown;
    }

    /** Ids with neither test nor reason. */
    List<String> open() {
        return rows.keySet().stream().filter(id -> state(id).equals("OPEN")).toList();
    }

    private String state(String id) {
        if (tests.containsKey(id)) {
            return "pass";
        }
        Row row = rows.get(id);
        return row != null && row.notApplicable() != null ? "n/a" : "OPEN";
    }

    String markdown() {
        StringBuilder out = new StringBuilder("""
                # Conformance

                Generated from `gateway/src/test/resources/conformance` and the tests' `@Requirement` annotations; `ConformanceTest` fails when
                this page is stale, `ConformanceIT` when a test named here did not run and pass in the same build. To write it anew:

                ```sh not run: it writes this page
                mvn -pl gateway -am test -Dtest=ConformanceTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true
                ```

                The wording of the requirements is ours, the RFCs' decides. `pass`: the tests named prove it. `n/a`: it does not apply, with
                the reason. `OPEN`: neither.

                | source | pass | n/a | open |
                |---|---|---|---|
                """);
        requirements.sources().forEach(source -> out.append(summary(source)));
        requirements.sources().forEach(source -> section(source, out));
        return out.toString();
    }

    private String summary(Source source) {
        Map<String, Long> states = source.requirements().stream()
                .collect(Collectors.groupingBy(r -> state(source.source() + " " + r.id()), Collectors.counting()));
        return "| " + source.source() + " | " + states.getOrDefault("pass", 0L) + " | " + states.getOrDefault("n/a", 0L)
                + " | " + states.getOrDefault("OPEN", 0L) + " |\n";
    }

    private void section(Source source, StringBuilder out) {
        out.append("\n## ").append(source.source());
        if (source.title() != null) {
            out.append(": ").append(source.title());
        }
        out.append("\n\n| id | level | requirement | state | tests, or why not |\n|---|---|---|---|---|\n");
        for (Row row : source.requirements()) {
            String id = source.source() + " " + row.id();
            Map<String, String> cells = new LinkedHashMap<>();
            cells.put("id", row.id());
            cells.put("level", row.level() == null ? "" : row.level());
            cells.put("text", row.text());
            cells.put("state", state(id));
            cells.put("tests", tests.containsKey(id) ? "`" + String.join("` `", tests.get(id)) + "`" : reason(row));
            out.append("| ").append(String.join(" | ", cells.values())).append(" |\n");
        }
    }

    private static String reason(Row row) {
        return row.notApplicable() == null ? "" : row.notApplicable();
    }
}
