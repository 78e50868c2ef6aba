package net.nvgate.mgmt.api;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.file.FilePlan;
import net.nvgate.fabric.file.FileStep;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyDifference;
import tools.jackson.databind.JsonNode;

/**
 * What a fabric file does, or did, as the API shows it. Field names are the contract's.
 *
 * @param revision that the file was compared with; after it was applied, the fabric's
 * @param policy absent if it is not known
 */
record FileAnswer(
        String file,
        long revision,
        boolean committed,
        boolean applicable,
        int transactions,
        List<Change> changes,
        Optional<List<NodeCount>> policy) {

    /** @param before JSON, with names for ids; {@code after} likewise */
    record Field(String field, Optional<String> before, Optional<String> after) {}

    /** @param kind singular */
    record Change(FileStep.Action action, String kind, String name, List<Field> fields, Optional<String> refused) {

        static Change of(FileStep step) {
            return new Change(
                    step.action(),
                    step.kind().label(),
                    step.key(),
                    step.fields().stream()
                            .map(field -> new Field(
                                    field.field(),
                                    field.before().map(JsonNode::toString),
                                    field.after().map(JsonNode::toString)))
                            .toList(),
                    step.refused().isEmpty() ? Optional.empty() : Optional.of(step.refused()));
        }
    }

    /** Units of policy of a node that differ. */
    record NodeCount(String kind, String name, int added, int changed, int removed) {

        static NodeCount of(PolicyDifference difference) {
            int added = (int) difference.objects().stream()
                    .filter(item -> item.before().isEmpty())
                    .count();
            int removed = (int) difference.objects().stream()
                    .filter(item -> item.after().isEmpty())
                    .count();
            return new NodeCount(
                    difference.node().kind() == NodeId.Kind.HOST ? "host" : "gateway",
                    difference.node().name(),
                    added,
                    difference.objects().size() - added - removed,
                    removed);
        }
    }

    static FileAnswer of(FilePlan plan) {
        return new FileAnswer(
                plan.file(),
                plan.revision(),
                plan.committed(),
                plan.isApplicable(),
                plan.transactions(),
                plan.steps().stream().map(Change::of).toList(),
                plan.policy().map(all -> all.stream().map(NodeCount::of).toList()));
    }
}
