package net.nvgate.mgmt.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** How an answer is shown: {@code -o table|json|yaml}. */
final class OutputFormat {

    /** Loaded when it is needed. */
    private static final class Indented {
        static final JsonMapper MAPPER =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    }

    /** Loaded when it is needed. */
    private static final class Yaml {
        static final YAMLMapper MAPPER = new YAMLMapper();
    }

    enum Format {
        table,
        json,
        yaml
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Format format = Format.table;

    boolean isTable() {
        return format == Format.table;
    }

    /** The answer as a document. */
    void document(PrintWriter out, JsonNode answer) {
        String text = format == Format.yaml
                ? Yaml.MAPPER.writeValueAsString(answer)
                : Indented.MAPPER.writeValueAsString(answer);
        out.println(text.stripTrailing());
        out.flush();
    }

    /** One of many documents that follow each other: a line of JSON, or a document of YAML. */
    void oneOfMany(PrintWriter out, JsonNode answer) {
        out.println(
                format == Format.yaml ? Yaml.MAPPER.writeValueAsString(answer).stripTrailing() : answer.toString());
    }

    /** As with {@code -o json}. */
    void json() {
        format = Format.json;
    }

    /**
     * The items of a list: as a table with a column for each field, or as the document that it is.
     *
     * @param first columns that come first
     */
    void list(PrintWriter out, JsonNode answer, List<String> first) {
        if (!isTable()) {
            document(out, answer);
            return;
        }
        JsonNode items = answer.path("items");
        Set<String> fields = new LinkedHashSet<>(first);
        items.forEach(item -> fields.addAll(item.propertyNames()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(fields.stream()
                .map(field -> field.toUpperCase(java.util.Locale.ROOT))
                .toList());
        items.forEach(item ->
                rows.add(fields.stream().map(field -> cell(item.path(field))).toList()));
        TextTable.print(out, rows);
    }

    private static String cell(JsonNode value) {
        return value.isMissingNode() || value.isNull()
                ? "-"
                : value.isString() ? value.stringValue() : value.toString();
    }
}
