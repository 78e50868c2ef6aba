package net.nvgate.fabric.hyperv;

import net.nvgate.fabric.model.FabricJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a host says about its last round.
 *
 * <pre>
 * {"version": "nvgate-agent/...", "revision": 42, "error": "", "done": 3, "skipped": 0,
 *  "missing": {"count": 2, "items": [{"kind": "lookup-record", "key": "lookup-record/6000/10.0.0.5/101010101105"}, ...]},
 *  "wrong": {...}, "extra": {...}, "learned": {...}, "foreign": {...}, "trouble": {...},
 *  "errors": {"count": 1, "items": [{"object": "lookup-record/...", "command": "New-...", "message": "..."}]}}
 * </pre>
 *
 * @param revision of the policy that it ran by, 0 = none
 * @param error "key: reason" of the first change that was refused, or why there was no round; empty if all went well
 * @param drift how many objects were not as they should be before the round
 * @param json all of it
 */
record HostStatus(long revision, String error, int drift, String json) {

    /** @throws IllegalArgumentException if it is not what the agent sends */
    static HostStatus parse(String body, long headRevision) {
        JsonNode tree;
        try {
            tree = FabricJson.mapper().readTree(body);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the status is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!(tree instanceof ObjectNode object)) {
            throw new IllegalArgumentException("the status is not a JSON object");
        }
        long revision = object.path("revision").asLong(0);
        if (revision < 0 || revision > headRevision) {
            throw new IllegalArgumentException("there is no revision " + revision + " of this fabric yet");
        }
        int drift = count(object, "missing") + count(object, "wrong") + count(object, "extra");
        return new HostStatus(revision, error(object), drift, object.toString());
    }

    private static int count(ObjectNode status, String list) {
        return Math.clamp(status.path(list).path("count").asLong(0), 0, 1_000_000);
    }

    private static String error(ObjectNode status) {
        String failure = status.path("error").asString("");
        if (!failure.isEmpty()) {
            return failure;
        }
        if (count(status, "errors") == 0) {
            return "";
        }
        JsonNode first = status.path("errors").path("items").path(0);
        return first.path("object").asString("?") + ": " + first.path("message").asString("refused");
    }
}
