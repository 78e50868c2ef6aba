package net.nvgate.mgmt.api;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.change.DryRun;
import net.nvgate.fabric.change.HistoryEntry;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.ObjectUser;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyDifference;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;

/** Changes as the API shows them. Field names are the contract's. */
final class ChangeViews {

    /** Objects of one revision that a list of revisions names. */
    private static final int NAMED_MAX = 100;

    private ChangeViews() {}

    private static Optional<FabricObject> shown(Optional<FabricObject> object) {
        return object.map(FabricObject::shown);
    }

    enum Type {
        CREATED,
        CHANGED,
        DELETED;

        static Type of(ObjectChange change) {
            return change.before().isEmpty() ? CREATED : change.after().isEmpty() ? DELETED : CHANGED;
        }
    }

    /** An object that a change concerns, without its fields. */
    record ChangedObject(String kind, UUID id, String name, Type change) {
        static ChangedObject of(ObjectChange change) {
            FabricObject object = change.any();
            return new ChangedObject(object.kind().path(), object.id(), object.name(), Type.of(change));
        }
    }

    record ObjectDifference(
            String kind,
            UUID id,
            String name,
            Type change,
            Optional<FabricObject> before,
            Optional<FabricObject> after) {
        static ObjectDifference of(ObjectChange change) {
            FabricObject object = change.any();
            return new ObjectDifference(
                    object.kind().path(),
                    object.id(),
                    object.name(),
                    Type.of(change),
                    shown(change.before()),
                    shown(change.after()));
        }
    }

    /** @param type of policy, e.g. LookupRecord */
    record PolicyItem(String key, String type, Optional<PolicyObject> before, Optional<PolicyObject> after) {
        static PolicyItem of(PolicyDifference.Item item) {
            PolicyObject any = item.after().or(item::before).orElseThrow();
            return new PolicyItem(item.key(), any.getClass().getSimpleName(), item.before(), item.after());
        }
    }

    /** @param total units of policy that differ, also those that were cut off */
    record NodeDifference(ObjectUser node, int total, boolean truncated, List<PolicyItem> objects) {

        static List<NodeDifference> of(List<PolicyDifference> differences, int limit) {
            return differences.stream().map(difference -> of(difference, limit)).toList();
        }

        private static NodeDifference of(PolicyDifference difference, int limit) {
            Kind kind = difference.node().kind() == NodeId.Kind.HOST ? Kind.HOST : Kind.GATEWAY;
            int total = difference.objects().size();
            return new NodeDifference(
                    new ObjectUser(
                            kind.path(), difference.id(), difference.node().name()),
                    total,
                    total > limit,
                    difference.objects().stream()
                            .limit(limit)
                            .map(PolicyItem::of)
                            .toList());
        }
    }

    record DryRunAnswer(boolean dryRun, long basedOn, List<ObjectDifference> changes, List<NodeDifference> policy) {
        static DryRunAnswer of(DryRun run, int limit) {
            return new DryRunAnswer(
                    true,
                    run.change().base(),
                    run.change().changes().stream().map(ObjectDifference::of).toList(),
                    NodeDifference.of(run.policy(), limit));
        }
    }

    /** @param object as its operation left it, or as it was when it was deleted */
    record Result(String kind, FabricObject object) {}

    record ChangeAnswer(long revision, boolean committed, List<Result> results, List<ObjectDifference> changes) {
        static ChangeAnswer of(FabricChange change) {
            return new ChangeAnswer(
                    change.revision(),
                    change.committed(),
                    change.results().stream()
                            .map(object -> new Result(object.kind().path(), object))
                            .toList(),
                    change.changes().stream().map(ObjectDifference::of).toList());
        }
    }

    record RevisionSummary(
            long revision, String at, String actor, String comment, int total, List<ChangedObject> changes) {
        static RevisionSummary of(RevisionChanges revision) {
            return new RevisionSummary(
                    revision.revision(),
                    revision.at().toString(),
                    revision.origin().actor(),
                    revision.origin().comment(),
                    revision.changes().size(),
                    revision.changes().stream()
                            .limit(NAMED_MAX)
                            .map(ChangedObject::of)
                            .toList());
        }
    }

    record RevisionList(List<RevisionSummary> items) {}

    /** @param policy absent for revisions too long ago */
    record RevisionAnswer(
            long revision,
            String at,
            String actor,
            String comment,
            List<ObjectDifference> changes,
            Optional<List<NodeDifference>> policy) {
        static RevisionAnswer of(RevisionChanges revision, Optional<List<PolicyDifference>> policy, int limit) {
            return new RevisionAnswer(
                    revision.revision(),
                    revision.at().toString(),
                    revision.origin().actor(),
                    revision.origin().comment(),
                    revision.changes().stream().map(ObjectDifference::of).toList(),
                    policy.map(differences -> NodeDifference.of(differences, limit)));
        }
    }

    record HistoryItem(
            long revision,
            String at,
            String actor,
            String comment,
            Type change,
            Optional<FabricObject> before,
            Optional<FabricObject> after) {
        static HistoryItem of(HistoryEntry entry) {
            return new HistoryItem(
                    entry.revision(),
                    entry.at().toString(),
                    entry.origin().actor(),
                    entry.origin().comment(),
                    Type.of(entry.change()),
                    shown(entry.change().before()),
                    shown(entry.change().after()));
        }
    }

    record History(List<HistoryItem> items) {}
}
