package net.nvgate.fabric.convergence;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.convergence.NodeConvergence.Drift;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.FollowerError;
import net.nvgate.fabric.sync.Followers.Follower;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What the agent of a Hyper-V host says of its last round, as far as it is about convergence:
 *
 * <pre>
 * {"missing": {"count": 2}, "wrong": {"count": 0}, "extra": {"count": 1},
 *  "errors": {"items": [{"object": "lookup-record/...", "message": "..."}]}}
 * </pre>
 *
 * Other followers send none of these; then both parts are empty.
 */
record HyperVStatus(Optional<Drift> drift, List<FollowerError> errors) {

    private static final int ERRORS_MAX = 16;
    private static final int OBJECTS_MAX = 1_000_000;
    private static final HyperVStatus NONE = new HyperVStatus(Optional.empty(), List.of());

    static HyperVStatus of(NodeId node, Follower follower) {
        if (node.kind() != NodeId.Kind.HOST || !follower.statusJson().contains("\"missing\"")) {
            return NONE;
        }
        try {
            JsonNode status = FabricJson.mapper().readTree(follower.statusJson());
            Drift drift = new Drift(count(status, "missing"), count(status, "wrong"), count(status, "extra"));
            return new HyperVStatus(Optional.of(drift), errors(status, follower));
        } catch (JacksonException e) {
            return NONE;
        }
    }

    private static int count(JsonNode status, String list) {
        return Math.clamp(status.path(list).path("count").asLong(0), 0, OBJECTS_MAX);
    }

    private static List<FollowerError> errors(JsonNode status, Follower follower) {
        return status.path("errors")
                .path("items")
                .valueStream()
                .limit(ERRORS_MAX)
                .map(item -> new FollowerError(
                        item.path("object").asString("?"),
                        item.path("message").asString("refused"),
                        Math.max(0, status.path("revision").asLong(0)),
                        follower.lastSeen(),
                        true))
                .toList();
    }
}
