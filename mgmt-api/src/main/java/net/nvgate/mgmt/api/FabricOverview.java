package net.nvgate.mgmt.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.FabricWarning;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.sync.Followers;
import net.nvgate.fabric.sync.Followers.Follower;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Everything the web page shows of the fabric, in one document: counts, revisions, and how each node is. */
final class FabricOverview {

    private final FabricManager fabric;
    private final PolicySource policy;
    private final Followers followers;
    private final LateNodes late;
    private final Clock clock;
    private final Manager manager;

    FabricOverview(
            FabricManager fabric,
            PolicySource policy,
            Followers followers,
            LateNodes late,
            Clock clock,
            String version) {
        this.fabric = fabric;
        this.policy = policy;
        this.followers = followers;
        this.late = late;
        this.clock = clock;
        this.manager = new Manager(version, text(clock.instant()));
    }

    record Manager(String version, String startedAt) {}

    record Overview(
            String time,
            Manager manager,
            long revision,
            long policyRevision,
            Map<String, Integer> counts,
            List<FabricWarning> warnings,
            List<NodeStatus> gateways,
            List<NodeStatus> hosts) {}

    /**
     * A gateway or host.
     *
     * @param lag revisions that its data path is behind
     * @param status the JSON object that it last sent, null before the first
     */
    record NodeStatus(
            UUID id,
            String name,
            boolean connected,
            Optional<String> remoteAddress,
            Optional<String> software,
            long desiredRevision,
            long appliedRevision,
            long lag,
            boolean forwarding,
            Optional<String> lastError,
            Optional<String> since,
            @JsonRawValue @Nullable String status) {}

    /** Blocks for as long as reading the fabric takes. */
    Overview read() {
        return new Overview(
                text(clock.instant()),
                manager,
                fabric.revision(),
                policy.revision(),
                counts(),
                Stream.concat(fabric.warnings().stream(), late.warnings().stream())
                        .toList(),
                fabric.list(Kind.GATEWAY).stream().map(this::node).toList(),
                fabric.list(Kind.HOST).stream().map(this::node).toList());
    }

    /** The same of what is a tenant's own: no hosts, no gateways, and no warnings, which are of these. */
    Overview read(TenantScope scope) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Kind kind : Kind.ofFabric()) {
            counts.put(countName(kind), scope.own(kind).size());
        }
        return new Overview(
                text(clock.instant()),
                manager,
                fabric.revision(),
                policy.revision(),
                counts,
                List.of(),
                List.of(),
                List.of());
    }

    private Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Kind kind : Kind.ofFabric()) {
            counts.put(countName(kind), fabric.count(kind));
        }
        return counts;
    }

    /** vmNetworkGateways for vm-network-gateways. */
    static String countName(Kind kind) {
        String name = ObjectHandlers.words(kind.path());
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** @param object a gateway or host */
    NodeStatus node(FabricObject object) {
        Follower follower = followers.find(nodeId(object)).orElse(null);
        if (follower == null) {
            long desired = policy.revision();
            return new NodeStatus(
                    object.id(),
                    object.name(),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    desired,
                    0,
                    desired,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    null);
        }
        return new NodeStatus(
                object.id(),
                object.name(),
                follower.connected(),
                present(follower.remoteAddress()),
                present(follower.software()),
                follower.desiredRevision(),
                follower.appliedRevision(),
                Math.max(0, follower.desiredRevision() - follower.appliedRevision()),
                follower.forwarding(),
                present(follower.lastError()),
                Optional.of(text(follower.since())),
                statusJson(follower.statusJson()));
    }

    static NodeId nodeId(FabricObject object) {
        NodeId.Kind kind = switch (object.kind()) {
            case GATEWAY -> NodeId.Kind.GATEWAY;
            case HOST -> NodeId.Kind.HOST;
            default -> throw new IllegalArgumentException(object.kind() + " follows no policy");
        };
        return new NodeId(kind, object.name());
    }

    private static Optional<String> present(@Nullable String text) {
        return text == null || text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** A node's status goes out as it came in, but only if it is a JSON object: others see no broken document. */
    private static @Nullable String statusJson(String json) {
        if (json.equals("{}")) {
            return null;
        }
        try {
            JsonNode tree = FabricJson.mapper().readTree(json);
            return tree.isObject() ? tree.toString() : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
