package net.nvgate.fabric.convergence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.nvgate.fabric.policy.NodeId;

/**
 * Says of each node once that it is late, and once that it is level again; at most {@value #LINES_MAX} nodes by name each time. One that has
 * caught up to less than half of the time allowed counts as level: with changes all the time it never is. For one thread.
 */
final class ConvergenceAlarm {

    static final int LINES_MAX = 10;

    private final Duration after;

    /** Nodes that were said to be late. */
    private final Set<NodeId> late = new HashSet<>();

    /** @param after age of a change at which a node that has not applied it is late */
    ConvergenceAlarm(Duration after) {
        if (!after.isPositive()) {
            throw new IllegalArgumentException("alert-after must be positive, not " + after);
        }
        this.after = after;
    }

    /** @param late false if it is good news */
    record Line(boolean late, String text) {}

    Duration after() {
        return after;
    }

    /** The answer depends on nothing but the node. Any thread. */
    boolean isLate(NodeConvergence node) {
        return node.lag().compareTo(after) >= 0;
    }

    /** @param nodes every node of the fabric, as it is now */
    List<Line> check(List<NodeConvergence> nodes) {
        List<String> nowLate = new ArrayList<>();
        List<String> level = new ArrayList<>();
        Set<NodeId> present = new HashSet<>();
        for (NodeConvergence node : nodes) {
            present.add(node.node());
            if (isLate(node)) {
                if (late.add(node.node())) {
                    nowLate.add(describe(node));
                }
            } else if (node.lag().compareTo(after.dividedBy(2)) < 0 && late.remove(node.node())) {
                level.add(node.node() + " is level again, at revision " + node.appliedRevision());
            }
        }
        late.retainAll(present);
        List<Line> lines = new ArrayList<>();
        add(lines, true, nowLate, " more gateways and hosts are late");
        add(lines, false, level, " more gateways and hosts are level again");
        return lines;
    }

    private static void add(List<Line> lines, boolean late, List<String> texts, String more) {
        texts.stream().limit(LINES_MAX).forEach(text -> lines.add(new Line(late, text)));
        if (texts.size() > LINES_MAX) {
            lines.add(new Line(late, (texts.size() - LINES_MAX) + more));
        }
    }

    /** What is wrong with a node that is late, in a sentence. */
    static String describe(NodeConvergence node) {
        String what = node.node() + " has not applied a change for "
                + node.lag().toSeconds() + " s: it should have revision " + node.desiredRevision() + " and has "
                + (node.appliedRevision() == 0 ? "none known" : node.appliedRevision());
        return switch (node.state()) {
            case ERROR -> what + "; it refused " + node.lastError();
            case DISCONNECTED ->
                what + "; it is not connected"
                        + node.lastSeen()
                                .map(at -> ", last seen " + at)
                                .orElse(", and was not since this manager started");
            case BEHIND, LEVEL -> what;
        };
    }
}
