package net.nvgate.mgmt.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import net.nvgate.fabric.convergence.NodeConvergence;
import net.nvgate.fabric.convergence.NodeConvergence.Drift;
import net.nvgate.fabric.convergence.NodeConvergence.State;
import net.nvgate.fabric.convergence.RevisionConvergence;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.FollowerError;

/** Convergence as the API shows it. Field names are the contract's. */
final class FollowerViews {

    private FollowerViews() {}

    private static String kind(NodeId node) {
        return node.kind() == NodeId.Kind.GATEWAY ? "gateways" : "hosts";
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /**
     * Who tells, and what else.
     *
     * @param manager its name
     * @param draining whether a gateway is; empty for hosts
     */
    record Teller(String manager, Function<NodeId, Optional<Boolean>> draining) {}

    record ErrorView(String object, String reason, long revision, Instant at, boolean standing) {

        static ErrorView of(FollowerError error) {
            return new ErrorView(error.key(), error.reason(), error.revision(), error.at(), error.standing());
        }
    }

    /** @param manager which it is connected to, this one or another */
    record Follower(
            String kind,
            String name,
            State state,
            long desiredRevision,
            long appliedRevision,
            long lagRevisions,
            double lagSeconds,
            Optional<Instant> unappliedSince,
            boolean connected,
            Optional<Instant> connectedSince,
            Optional<Instant> lastSeen,
            Optional<String> manager,
            Optional<String> remoteAddress,
            Optional<String> software,
            boolean forwarding,
            Optional<String> lastError,
            List<ErrorView> errors,
            Optional<Drift> drift,
            Optional<Boolean> draining) {

        static Follower of(NodeConvergence node, Teller teller) {
            String manager = teller.manager();
            return new Follower(
                    FollowerViews.kind(node.node()),
                    node.node().name(),
                    node.state(),
                    node.desiredRevision(),
                    node.appliedRevision(),
                    node.lagRevisions(),
                    node.lagSeconds(),
                    node.unappliedSince(),
                    node.connected(),
                    node.connected() ? node.since() : Optional.empty(),
                    node.lastSeen(),
                    node.connected() ? Optional.of(node.elsewhere().orElse(manager)) : Optional.empty(),
                    present(node.remoteAddress()),
                    present(node.software()),
                    node.forwarding(),
                    present(node.lastError()),
                    node.errors().stream().map(ErrorView::of).toList(),
                    node.drift(),
                    teller.draining().apply(node.node()));
        }
    }

    /** @param states how many nodes of the fabric are in each, whatever the filter */
    record FollowerList(
            String manager,
            long revision,
            double oldestUnappliedSeconds,
            Map<State, Long> states,
            List<Follower> items) {

        FollowerList sorted(ListQuery query) {
            return new FollowerList(
                    manager, revision, oldestUnappliedSeconds, states, query.apply(Follower.class, items));
        }

        static FollowerList of(Teller teller, long revision, List<NodeConvergence> all, Optional<State> only) {
            Map<State, Long> states = new TreeMap<>();
            for (State state : State.values()) {
                states.put(
                        state,
                        all.stream().filter(node -> node.state() == state).count());
            }
            return new FollowerList(
                    teller.manager(),
                    revision,
                    all.stream().mapToDouble(NodeConvergence::lagSeconds).max().orElse(0),
                    states,
                    all.stream()
                            .filter(node -> only.isEmpty() || node.state() == only.get())
                            .map(node -> Follower.of(node, teller))
                            .toList());
        }
    }

    record NodeName(String kind, String name) {}

    record Revision(long revision, boolean converged, List<NodeName> applied, List<Follower> missing) {

        static Revision of(RevisionConvergence convergence, Teller teller) {
            return new Revision(
                    convergence.revision(),
                    convergence.converged(),
                    convergence.applied().stream()
                            .map(node -> new NodeName(kind(node), node.name()))
                            .toList(),
                    convergence.missing().stream()
                            .map(node -> Follower.of(node, teller))
                            .toList());
        }
    }
}
