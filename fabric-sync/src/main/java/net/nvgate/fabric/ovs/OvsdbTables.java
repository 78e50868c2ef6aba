package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Copy of the rows we watch (RFC 7047 section 4.1.6 table-updates), and the question we ask of it. Single-threaded. */
final class OvsdbTables {

    private final Map<String, Map<String, JsonNode>> rows = new HashMap<>();

    /** What to watch: enough to tell which interfaces are on which bridge. */
    static Map<String, Object> requests() {
        Map<String, Object> requests = new LinkedHashMap<>();
        requests.put("Bridge", Map.of("columns", List.of("name", "ports")));
        requests.put("Port", Map.of("columns", List.of("interfaces")));
        requests.put("Interface", Map.of("columns", List.of("name", "ofport", "external_ids")));
        return requests;
    }

    /** @param updates {table: {row uuid: {"old": ..., "new": ...}}}; a row without "new" is gone */
    void update(JsonNode updates) {
        updates.forEachEntry((table, changed) -> {
            Map<String, JsonNode> copy = rows.computeIfAbsent(table, _ -> new HashMap<>());
            changed.forEachEntry((uuid, change) -> {
                if (change.has("new")) {
                    copy.put(uuid, change.get("new"));
                } else {
                    copy.remove(uuid);
                }
            });
        });
    }

    /** Interfaces of a bridge that the switch has opened, by name. */
    List<OvsInterface> interfaces(String bridge) {
        List<OvsInterface> found = new ArrayList<>();
        for (JsonNode row : table("Bridge").values()) {
            if (!row.path("name").asString("").equals(bridge)) {
                continue;
            }
            for (String port : uuids(row.path("ports"))) {
                for (String id : uuids(table("Port").getOrDefault(port, row).path("interfaces"))) {
                    JsonNode member = table("Interface").get(id);
                    if (member != null && member.path("ofport").asInt(-1) > 0) {
                        found.add(new OvsInterface(
                                member.path("name").asString(""),
                                member.path("ofport").asInt(),
                                mapValue(member.path("external_ids"), "iface-id")));
                    }
                }
            }
        }
        found.sort(Comparator.comparing(OvsInterface::name));
        return List.copyOf(found);
    }

    private Map<String, JsonNode> table(String name) {
        return rows.getOrDefault(name, Map.of());
    }

    /** RFC 7047 section 5.1: one element stands alone, others are ["set", [...]]; a reference is ["uuid", x]. */
    private static List<String> uuids(JsonNode value) {
        List<String> uuids = new ArrayList<>();
        if (value.path(0).asString("").equals("uuid")) {
            uuids.add(value.path(1).asString());
        } else {
            for (JsonNode element : value.path(1)) {
                uuids.add(element.path(1).asString());
            }
        }
        return uuids;
    }

    /** ["map", [[key, value], ...]] */
    private static String mapValue(JsonNode map, String key) {
        for (JsonNode pair : map.path(1)) {
            if (pair.path(0).asString("").equals(key)) {
                return pair.path(1).asString("");
            }
        }
        return "";
    }
}
