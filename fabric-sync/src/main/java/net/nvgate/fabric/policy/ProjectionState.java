package net.nvgate.fabric.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;

/**
 * The projection of the model as of one revision. A revision of the model goes in, the changes for each node come out;
 * the work is proportional to these, not to the fabric. Not thread-safe.
 */
final class ProjectionState {

    /** A node, and the revision since which its name means this node. */
    private record Node(UUID id, long since) {}

    private final ModelView model = new ModelView();
    private final Sections sections = new Sections();
    private final Members members = new Members();
    private final Map<NodeId, Node> nodes = new HashMap<>();
    private final Map<UUID, NodeId> names = new HashMap<>();
    private long revision;

    ProjectionState(long revision, Collection<FabricObject> objects) {
        this.revision = revision;
        objects.forEach(model::put);
        for (FabricObject object : objects) {
            name(object);
            Contributions.of(object, model).forEach(sections::put);
            Contributions.links(object, model).forEach(members::add);
        }
    }

    /**
     * What a revision changed.
     *
     * @param renamed nodes whose names now mean another node, or none
     */
    record Update(List<Slice> slices, Set<NodeId> renamed) {}

    /** Brings the state to the next revision and returns who has to know what. */
    Update apply(RevisionChanges changes) {
        if (changes.revision() != revision + 1) {
            throw new IllegalStateException("revision " + changes.revision() + " follows " + revision);
        }
        revision = changes.revision();
        return step(changes.changes());
    }

    /**
     * What changes would do to the policy of each node; the state stays as it is.
     *
     * @param changes of objects as they are at this revision
     */
    List<PolicyDifference> preview(List<ObjectChange> changes) {
        Names now = names(changes.stream());
        Update there = step(changes);
        Names then = names(changes.stream());
        Update back = step(inverse(changes));
        restore(now);
        return Differences.of(there.slices(), back.slices(), id -> then.of(id).or(() -> name(id)));
    }

    /**
     * What the first of the last revisions did; the state stays as it is.
     *
     * @param log the revisions from there up to this one
     */
    List<PolicyDifference> difference(List<RevisionChanges> log) {
        List<RevisionChanges> later = log.subList(1, log.size());
        Names now = names(log.stream().flatMap(changes -> changes.changes().stream()));
        later.reversed().forEach(changes -> step(inverse(changes.changes())));
        List<ObjectChange> asked = log.getFirst().changes();
        Names after = names(log.stream().flatMap(changes -> changes.changes().stream()));
        Update back = step(inverse(asked));
        Names before = names(log.stream().flatMap(changes -> changes.changes().stream()));
        Update there = step(asked);
        later.forEach(changes -> step(changes.changes()));
        restore(now);
        return Differences.of(
                there.slices(),
                back.slices(),
                id -> after.of(id).or(() -> before.of(id)).or(() -> name(id)));
    }

    private static List<ObjectChange> inverse(List<ObjectChange> changes) {
        return changes.stream().map(ObjectChange::inverse).toList();
    }

    /** What names mean that some changes may touch; empty = nothing. */
    private record Names(Map<NodeId, Optional<Node>> nodes, Map<UUID, Optional<NodeId>> names) {

        Optional<NodeId> of(UUID id) {
            return names.getOrDefault(id, Optional.empty());
        }
    }

    private Names names(Stream<ObjectChange> changes) {
        Names touched = new Names(new HashMap<>(), new HashMap<>());
        changes.forEach(change -> Stream.of(change.before(), change.after())
                .flatMap(Optional::stream)
                .flatMap(object -> nodeId(object).stream())
                .forEach(name -> {
                    touched.nodes().put(name, Optional.ofNullable(nodes.get(name)));
                    touched.names().put(change.id(), name(change.id()));
                }));
        return touched;
    }

    /** Names as they were, and since when. */
    private void restore(Names now) {
        now.nodes().forEach((name, node) -> nodes.compute(name, (_, _) -> node.orElse(null)));
        now.names().forEach((id, name) -> names.compute(id, (_, _) -> name.orElse(null)));
    }

    private Update step(List<ObjectChange> changes) {
        List<FabricObject> before = side(changes, ObjectChange::before);
        List<FabricObject> after = side(changes, ObjectChange::after);
        List<Vm> others = model.ports.affected(changes);
        List<Contribution> gone = contributions(with(before, others));
        List<Link> cut = links(before);
        before.forEach(object -> model.remove(object.id()));
        after.forEach(model::put);
        Set<NodeId> renamed = rename(changes);
        List<Slice> slices = replace(gone, contributions(with(after, others)), cut, links(after));
        forgetGone(changes);
        return new Update(slices, renamed);
    }

    /** Old and new names of nodes that came, went or got another name. */
    private Set<NodeId> rename(List<ObjectChange> changes) {
        List<ObjectChange> renames = changes.stream()
                .filter(change -> !change.before()
                        .flatMap(ProjectionState::nodeId)
                        .equals(change.after().flatMap(ProjectionState::nodeId)))
                .toList();
        Set<NodeId> touched = new HashSet<>();
        for (ObjectChange change : renames) {
            change.before().flatMap(ProjectionState::nodeId).ifPresent(touched::add);
            change.before().flatMap(ProjectionState::nodeId).ifPresent(nodes::remove);
        }
        for (ObjectChange change : renames) {
            change.after().flatMap(ProjectionState::nodeId).ifPresent(touched::add);
            change.after().ifPresent(this::name);
        }
        return touched;
    }

    private static List<FabricObject> side(
            List<ObjectChange> changes, Function<ObjectChange, Optional<FabricObject>> side) {
        return changes.stream().map(side).flatMap(Optional::stream).toList();
    }

    private static List<FabricObject> with(List<FabricObject> changed, List<Vm> others) {
        return Stream.concat(changed.stream(), others.stream()).toList();
    }

    private List<Contribution> contributions(List<FabricObject> objects) {
        return objects.stream()
                .flatMap(o -> Contributions.of(o, model).stream())
                .toList();
    }

    private List<Link> links(List<FabricObject> objects) {
        return objects.stream()
                .flatMap(o -> Contributions.links(o, model).stream())
                .toList();
    }

    private List<Slice> replace(List<Contribution> gone, List<Contribution> come, List<Link> cut, List<Link> made) {
        Map<UUID, Set<UUID>> nodesBefore = new HashMap<>();
        Stream.concat(cut.stream(), made.stream())
                .map(Link::vmNetworkId)
                .forEach(domain -> nodesBefore.put(domain, members.nodes(domain)));
        // New reasons first: a node that only exchanges one reason for another neither leaves nor joins.
        Set<Link> joined = new LinkedHashSet<>();
        made.stream().filter(members::add).forEach(joined::add);
        Set<Link> left = new LinkedHashSet<>();
        cut.stream().filter(members::remove).forEach(left::add);

        List<Slice> slices = new ArrayList<>();
        left.forEach(link -> slices.add(leave(link)));
        // An object can go to another section: its node must hear that it went before it hears that it came.
        List<Slice> puts = new ArrayList<>();
        sections.replace(gone, come).forEach((section, changes) -> {
            Set<UUID> audience = audience(section, nodesBefore);
            addSlice(slices, audience, changes, PolicyChange.Remove.class);
            addSlice(puts, audience, changes, PolicyChange.Put.class);
        });
        slices.addAll(puts);
        joined.forEach(link -> slices.add(join(link)));
        return slices.stream().flatMap(this::worded).toList();
    }

    /** A slice that Hyper-V hosts read in other words becomes several. */
    private Stream<Slice> worded(Slice slice) {
        if (slice.changes().stream().noneMatch(HyperVForm::concerns)) {
            return Stream.of(slice);
        }
        Set<UUID> others = new HashSet<>(slice.audience());
        List<Slice> slices = new ArrayList<>();
        for (UUID node : slice.audience()) {
            model.hyperV(node).ifPresent(form -> {
                others.remove(node);
                slices.add(new Slice(Set.of(node), form.of(slice.changes())));
            });
        }
        if (!others.isEmpty()) {
            slices.add(new Slice(Set.copyOf(others), slice.changes()));
        }
        return slices.stream();
    }

    private static void addSlice(
            List<Slice> slices, Set<UUID> audience, List<PolicyChange> changes, Class<? extends PolicyChange> type) {
        List<PolicyChange> some = changes.stream().filter(type::isInstance).toList();
        if (!audience.isEmpty() && !some.isEmpty()) {
            slices.add(new Slice(audience, some));
        }
    }

    /** Called while the sections are as the node knew them. */
    private Slice leave(Link link) {
        List<PolicyChange> removes = new ArrayList<>();
        domainObjects(link).forEach(object -> removes.add(new PolicyChange.Remove(object.key())));
        return new Slice(Set.of(link.nodeId()), removes);
    }

    private Slice join(Link link) {
        List<PolicyChange> puts = new ArrayList<>();
        domainObjects(link).forEach(object -> puts.add(new PolicyChange.Put(object)));
        return new Slice(Set.of(link.nodeId()), puts);
    }

    private Stream<PolicyObject> domainObjects(Link link) {
        return Section.ofDomain(link.vmNetworkId()).stream()
                .filter(section -> isFor(section.type(), link.nodeId()))
                .flatMap(section -> sections.objects(section).stream());
    }

    /** Whether a node of a domain gets a section of it. */
    private boolean isFor(Section.Type type, UUID nodeId) {
        return switch (type) {
            case NODE, DOMAIN -> true;
            case DOMAIN_PA4 -> !model.hasPa6(nodeId);
            case DOMAIN_PA6 -> model.hasPa6(nodeId);
            case DOMAIN_GATEWAY -> isGateway(nodeId);
            case DOMAIN_FLOODING -> isGateway(nodeId) || model.hyperV(nodeId).isPresent();
        };
    }

    private boolean isGateway(UUID nodeId) {
        NodeId name = names.get(nodeId);
        return name != null && name.kind() == NodeId.Kind.GATEWAY;
    }

    /** Those who had the section before and still have it. */
    private Set<UUID> audience(Section section, Map<UUID, Set<UUID>> nodesBefore) {
        if (section.type() == Section.Type.NODE) {
            return Set.of(section.id());
        }
        Set<UUID> now = members.nodes(section.id());
        Set<UUID> before = nodesBefore.getOrDefault(section.id(), now);
        if (section.type() == Section.Type.DOMAIN && before.equals(now)) {
            return now;
        }
        Set<UUID> audience = new HashSet<>(now);
        audience.retainAll(before);
        audience.removeIf(id -> !isFor(section.type(), id));
        return Set.copyOf(audience);
    }

    private void name(FabricObject object) {
        nodeId(object).ifPresent(name -> {
            nodes.put(name, new Node(object.id(), revision));
            names.put(object.id(), name);
        });
    }

    /** Last of all: until then it must be known what kind of node has gone. */
    private void forgetGone(List<ObjectChange> changes) {
        changes.stream().filter(change -> change.after().isEmpty()).forEach(change -> names.remove(change.id()));
    }

    private static Optional<NodeId> nodeId(FabricObject object) {
        return switch (object) {
            case Host host -> Optional.of(new NodeId(NodeId.Kind.HOST, host.name()));
            case Gateway gateway -> Optional.of(new NodeId(NodeId.Kind.GATEWAY, gateway.name()));
            default -> Optional.empty();
        };
    }

    long revision() {
        return revision;
    }

    Set<NodeId> nodes() {
        return Set.copyOf(nodes.keySet());
    }

    Optional<UUID> id(NodeId node) {
        return Optional.ofNullable(nodes.get(node)).map(Node::id);
    }

    /** The revision since which the name means this node; what was before it belongs to another. */
    Optional<Long> since(NodeId node) {
        return Optional.ofNullable(nodes.get(node)).map(Node::since);
    }

    Optional<NodeId> name(UUID id) {
        return Optional.ofNullable(names.get(id));
    }

    List<PolicyObject> policy(UUID nodeId) {
        List<PolicyObject> policy = sharedForm(nodeId);
        model.hyperV(nodeId).ifPresent(form -> policy.replaceAll(form::of));
        return policy;
    }

    private List<PolicyObject> sharedForm(UUID nodeId) {
        List<PolicyObject> policy = new ArrayList<>(sections.objects(Section.node(nodeId)));
        for (UUID domain : members.domains(nodeId)) {
            domainObjects(new Link(nodeId, domain)).forEach(policy::add);
        }
        return policy;
    }
}
