package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.nvgate.fabric.sync.QueryResult;
import tools.jackson.databind.json.JsonMapper;

/** Collects the rows of a live view that a filter lets through, up to a limit. */
final class Rows {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, String> filter;
    private final int limit;
    private final List<Map<String, Object>> kept = new ArrayList<>();
    private boolean truncated;

    /** @throws IllegalArgumentException if the filter names a field that rows of this view do not have */
    Rows(String view, Set<String> fields, Map<String, String> filter, int limit) {
        for (String field : filter.keySet()) {
            if (!fields.contains(field)) {
                throw new IllegalArgumentException("view " + view + " has no field '" + field + "'");
            }
        }
        this.filter = filter;
        this.limit = limit;
    }

    void add(Map<String, Object> row) {
        if (truncated || filter.entrySet().stream().anyMatch(want -> differs(row, want))) {
            return;
        }
        if (kept.size() >= limit) {
            truncated = true;
        } else {
            kept.add(row);
        }
    }

    /** No further row will be kept. */
    boolean full() {
        return truncated;
    }

    /** There may be rows that nobody looked at. */
    void truncate() {
        truncated = true;
    }

    QueryResult result() {
        return new QueryResult(JSON.writeValueAsString(kept), truncated);
    }

    private static boolean differs(Map<String, Object> row, Map.Entry<String, String> want) {
        return !want.getValue().equals(Objects.toString(row.get(want.getKey())));
    }
}
