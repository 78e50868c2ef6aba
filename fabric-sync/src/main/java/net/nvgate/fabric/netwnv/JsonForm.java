package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.FabricJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code ConvertTo-Json} writes: an array, the object itself if there is one only, and, in Windows PowerShell 5.1 now and
 * then, {@code {"value": [...], "Count": n}}.
 */
final class JsonForm {

    private static final String WRAPPED = "value";
    private static final String COUNT = "Count";

    private JsonForm() {}

    static NetWnvDocument read(String file, String text) {
        if (text.isBlank()) {
            return new NetWnvDocument(file, List.of());
        }
        try {
            return new NetWnvDocument(file, entries(file, FabricJson.mapper().readTree(text)));
        } catch (JacksonException e) {
            throw new NetWnvException(
                    file,
                    e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr(),
                    "is not JSON, or not complete: " + NetWnvRow.shortened(e.getOriginalMessage()));
        }
    }

    /** The objects of a tree, which may be that of another format. */
    static List<NetWnvDocument.Entry> entries(String file, JsonNode tree) {
        List<NetWnvDocument.Entry> entries = new ArrayList<>();
        for (JsonNode element : elements(tree)) {
            String place = "record " + (entries.size() + 1);
            if (!(element instanceof ObjectNode object)) {
                throw new NetWnvException(file, place, "must be an object with properties");
            }
            entries.add(new NetWnvDocument.Entry(place, object));
        }
        return entries;
    }

    /** A list, whether or not PowerShell unrolled or wrapped it. */
    static List<JsonNode> elements(JsonNode tree) {
        if (tree instanceof ArrayNode array) {
            return array.valueStream().flatMap(each -> elements(each).stream()).toList();
        }
        boolean wrapped = tree instanceof ObjectNode object
                && object.size() == 2
                && object.has(COUNT)
                && object.get(WRAPPED) instanceof ArrayNode;
        if (wrapped) {
            return elements(tree.get(WRAPPED));
        }
        return tree.isNull() || tree.isMissingNode() ? List.of() : List.of(tree);
    }
}
