package net.nvgate.mgmt.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which items of a list, and in what order. */
final class ListOptions {

    @Option(
            names = "--filter",
            paramLabel = "TERMS",
            description = "FIELD=VALUE,FIELD~TEXT,... with = != ~ < <= > >=, all of which must hold")
    private @Nullable String filter;

    @Option(
            names = "--sort",
            paramLabel = "FIELDS",
            description = "with commas between; with a minus the greatest first")
    private @Nullable String sort;

    @Option(names = "--limit", paramLabel = "NUMBER", description = "objects at most, 1..1000 (default: 100)")
    private @Nullable Integer limit;

    @Option(names = "--offset", paramLabel = "NUMBER", description = "objects to skip")
    private @Nullable Integer offset;

    /** As the query of an API path, with a question mark; empty if nothing was asked for. */
    String query(Map<String, String> more) {
        Map<String, Object> given = new TreeMap<>(more);
        put(given, "filter", filter);
        put(given, "sort", sort);
        put(given, "limit", limit);
        put(given, "offset", offset);
        String query = given.entrySet().stream()
                .map(entry -> entry.getKey() + "="
                        + URLEncoder.encode(String.valueOf(entry.getValue()), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    private static void put(Map<String, Object> given, String name, @Nullable Object value) {
        if (value != null) {
            given.put(name, value);
        }
    }
}
