package net.nvgate.fabric.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.file.FileStep.Action;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import tools.jackson.databind.node.ObjectNode;

/**
 * The steps of a file when objects are replaced. What needs a replaced object stands in the way of its deletion, so
 *
 * <ul>
 *   <li>what names it in a setting that can do without it is changed twice: it lets go, and then names the new one;
 *   <li>anything else in the file that needs it is replaced too, and what needs that;
 *   <li>what is not in the file is nobody's to replace: the step is refused with the names of what stands in the way.
 * </ul>
 */
final class Replacing {

    private static final int NAMED_MAX = 10;

    private final FabricFile file;
    private final Names names;
    private final FileOptions options;
    private final long revision;
    private final Function<UUID, Set<UUID>> users;
    private final Set<UUID> forced = new HashSet<>();
    private final Map<UUID, FabricObject> detached = new HashMap<>();

    /** @param users ids of the objects that need one */
    Replacing(FabricFile file, Names names, FileOptions options, long revision, Function<UUID, Set<UUID>> users) {
        this.file = file;
        this.names = names;
        this.options = options;
        this.revision = revision;
        this.users = users;
    }

    /** As {@link Comparison#steps}. */
    List<FileStep> steps() {
        while (true) {
            Set<UUID> also = Set.copyOf(forced);
            Map<UUID, FabricObject> apart = Map.copyOf(detached);
            Comparison comparison = new Comparison(file, names, options, revision, also, apart);
            List<FileStep> steps = comparison.steps();
            if (!options.replace()) {
                return steps;
            }
            provide(comparison);
            if (forced.equals(also) && detached.equals(apart)) {
                return withRoom(checked(steps, comparison), comparison);
            }
        }
    }

    /** For what needs the objects that are replaced, as far as the file has it. */
    private void provide(Comparison comparison) {
        detached.clear();
        comparison
                .replaced()
                .forEach((old, fresh) -> needing(old, comparison)
                        .filter(user -> !comparison.replaced().containsKey(user.id()))
                        .forEach(user ->
                                comparison.wanted(user.id()).ifPresent(wanted -> provide(user, wanted, old, fresh))));
    }

    private void provide(FabricObject user, ObjectNode wanted, UUID old, UUID fresh) {
        boolean names = Detaching.names(user, old);
        if (names && !wanted.toString().contains(fresh.toString())) {
            return; // the file has it name something else
        }
        Optional<FabricObject> apart =
                names ? Detaching.from(detached.getOrDefault(user.id(), user), old) : Optional.empty();
        apart.ifPresentOrElse(object -> detached.put(user.id(), object), () -> forced.add(user.id()));
    }

    /** What needs an object; in place of what comes and goes with the object, what needs that. */
    private Stream<FabricObject> needing(UUID id, Comparison comparison) {
        Set<UUID> seen = new HashSet<>(Set.of(id));
        List<FabricObject> needing = new ArrayList<>();
        collect(id, comparison, seen, needing);
        return needing.stream();
    }

    private void collect(UUID id, Comparison comparison, Set<UUID> seen, List<FabricObject> needing) {
        users.apply(id).stream()
                .filter(seen::add)
                .flatMap(user -> names.object(user).stream())
                .forEach(user -> {
                    if (names.comesByItself(user) || comparison.comesWithEntry(user)) {
                        collect(user.id(), comparison, seen, needing);
                    } else {
                        needing.add(user);
                    }
                });
    }

    /** What goes and needs a replaced object goes right before that, in case the steps are cut into transactions. */
    private List<FileStep> withRoom(List<FileStep> steps, Comparison comparison) {
        Map<String, FileStep> going = steps.stream()
                .filter(step -> step.action() == Action.DELETE)
                .collect(Collectors.toMap(FileStep::describe, step -> step));
        Set<FileStep> first = new LinkedHashSet<>();
        comparison.replaced().keySet().forEach(id -> collectGoing(id, comparison, going, first));
        int place = 0;
        while (place < steps.size() && steps.get(place).early() == 0) {
            place++;
        }
        List<FileStep> ordered = new ArrayList<>(steps);
        ordered.removeAll(first);
        // Nothing that goes stands before the first that is replaced, but the default MAC pool, which nothing needs.
        ordered.addAll(
                Math.min(place, ordered.size()),
                steps.stream().filter(first::contains).toList());
        return ordered;
    }

    private void collectGoing(UUID id, Comparison comparison, Map<String, FileStep> going, Set<FileStep> first) {
        needing(id, comparison).forEach(user -> {
            FileStep step =
                    going.get(user.kind().label() + " '" + names.key(user.id()).orElseThrow() + "'");
            if (step != null && first.add(step)) {
                collectGoing(user.id(), comparison, going, first);
            }
        });
    }

    /** Refuses the replacement of what somebody else's objects need. */
    private List<FileStep> checked(List<FileStep> steps, Comparison comparison) {
        Set<String> gone = steps.stream()
                .filter(step -> step.action() == Action.DELETE)
                .map(FileStep::describe)
                .collect(Collectors.toSet());
        return steps.stream()
                .map(step -> step.action() == Action.REPLACE ? checked(step, gone, comparison) : step)
                .toList();
    }

    private FileStep checked(FileStep step, Set<String> gone, Comparison comparison) {
        UUID id = names.find(step.kind(), step.key()).orElseThrow().id();
        List<String> strangers = needing(id, comparison)
                .filter(user -> comparison.wanted(user.id()).isEmpty())
                // A PA of a VSID goes with the VMs.
                .filter(user -> user.kind() != Kind.PROVIDER_ADDRESS)
                .map(user -> user.kind().label() + " '" + names.key(user.id()).orElseThrow() + "'")
                .filter(user -> !gone.contains(user))
                .sorted()
                .toList();
        if (strangers.isEmpty()) {
            return step;
        }
        String named = strangers.stream().limit(NAMED_MAX).collect(Collectors.joining(", "));
        String more = strangers.size() > NAMED_MAX ? " and " + (strangers.size() - NAMED_MAX) + " more" : "";
        return step.refusedFor(step.describe()
                + " cannot be replaced, because objects that this file does not have need it: " + named + more);
    }
}
