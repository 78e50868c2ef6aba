package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Copy of the rows we watch (RFC 7047 section 4.1.6 table-updates), and the question we ask of it. Single-threaded. */
final class OvsdbTables {

    private final Map<String, Map<String, JsonNode>> rows = new HashMap<>();

    /** What to watch: which interfaces are on which bridge, and what the agent itself has set there. */
    static Map<String, Object> requests() {
        Map<String, Object> requests = new LinkedHashMap<>();
        requests.put(
                "Bridge",
                columns("name", "ports", "datapath_type", "fail_mode", "protocols", "controller", "other_config"));
        requests.put("Port", columns("name", "tag", "interfaces"));
        requests.put("Interface", columns("name", "type", "options", "ofport", "external_ids", "mtu", "mtu_request"));
        return requests;
    }

    private static Map<String, Object> columns(String... names) {
        return Map.of("columns", List.of(names));
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

    SwitchView view(String tenantBridge, String providerBridge) {
        return new SwitchView(bridge(tenantBridge), bridge(providerBridge));
    }

    private Optional<BridgeView> bridge(String name) {
        for (Map.Entry<String, JsonNode> entry : table("Bridge").entrySet()) {
            JsonNode row = entry.getValue();
            if (row.path("name").asString("").equals(name)) {
                return Optional.of(new BridgeView(
                        entry.getKey(),
                        row.path("datapath_type").asString(""),
                        text(row.path("fail_mode")),
                        strings(row.path("protocols")),
                        !uuids(row.path("controller")).isEmpty(),
                        map(row.path("other_config")),
                        tag(row, name),
                        interfaces(row)));
            }
        }
        return Optional.empty();
    }

    private int tag(JsonNode bridge, String name) {
        for (String id : uuids(bridge.path("ports"))) {
            JsonNode port = table("Port").get(id);
            if (port != null && port.path("name").asString("").equals(name)) {
                return port.path("tag").asInt(0);
            }
        }
        return 0;
    }

    private List<OvsInterface> interfaces(JsonNode bridge) {
        List<OvsInterface> found = new ArrayList<>();
        for (String port : uuids(bridge.path("ports"))) {
            for (String id : uuids(table("Port").getOrDefault(port, bridge).path("interfaces"))) {
                JsonNode member = table("Interface").get(id);
                if (member != null) {
                    found.add(new OvsInterface(
                            member.path("name").asString(""),
                            member.path("ofport").asInt(-1),
                            member.path("type").asString(""),
                            map(member.path("external_ids")),
                            map(member.path("options")),
                            member.path("mtu").asInt(0),
                            member.path("mtu_request").asInt(0)));
                }
            }
        }
        found.sort(Comparator.comparing(OvsInterface::name));
        return found;
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

    private static Set<String> strings(JsonNode value) {
        Set<String> strings = new TreeSet<>();
        if (value.isString()) {
            strings.add(value.asString());
        }
        for (JsonNode element : value.path(1)) {
            strings.add(element.asString(""));
        }
        return strings;
    }

    /** An optional string: itself, or the empty set. */
    private static String text(JsonNode value) {
        return value.isString() ? value.asString() : "";
    }

    /** ["map", [[key, value], ...]] */
    private static Map<String, String> map(JsonNode value) {
        Map<String, String> map = new HashMap<>();
        for (JsonNode pair : value.path(1)) {
            map.put(pair.path(0).asString(""), pair.path(1).asString(""));
        }
        return map;
    }
}
