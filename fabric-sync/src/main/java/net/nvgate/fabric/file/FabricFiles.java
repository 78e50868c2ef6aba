package net.nvgate.fabric.file;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.change.DryRun;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Kind;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plan, apply and export of the whole fabric as one file. Applying a file is one transaction, as long as it has at most
 * {@value FabricManager#OPERATIONS_MAX} operations, and the second time it changes nothing. Thread-safe.
 */
public final class FabricFiles {

    private static final int ATTEMPTS_MAX = 5;

    private final ChangeLog changes;
    private final int operationsMax;

    public FabricFiles(ChangeLog changes) {
        this(changes, FabricManager.OPERATIONS_MAX);
    }

    /** @param operationsMax of a transaction */
    FabricFiles(ChangeLog changes, int operationsMax) {
        this.changes = changes;
        this.operationsMax = operationsMax;
    }

    /**
     * What {@link #apply} would do now, down to the policy of each node.
     *
     * @throws FileException if the file is wrong, or the fabric would refuse it
     */
    public FilePlan plan(FabricManager actor, String yaml, FileOptions options) {
        for (int attempt = 1; ; attempt++) {
            Optional<FilePlan> plan = plan(actor, yaml, options, attempt == ATTEMPTS_MAX);
            if (plan.isPresent()) {
                return plan.get();
            }
        }
    }

    /** @param last false: empty if the fabric has changed between comparison and dry run, so that they do not match */
    private Optional<FilePlan> plan(FabricManager actor, String yaml, FileOptions options, boolean last) {
        FilePlan plan = compare(actor, yaml, options);
        Batches batches = new Batches(plan.steps(), operationsMax);
        if (plan.steps().isEmpty()) {
            return Optional.of(new FilePlan(plan.file(), plan.revision(), false, List.of(), 0, Optional.of(List.of())));
        }
        if (!plan.isApplicable()) {
            return Optional.of(plan);
        }
        try {
            DryRun run = changes.dryRun(actor, batches.requests());
            if (run.change().base() != plan.revision() && !last) {
                return Optional.empty();
            }
            return Optional.of(new FilePlan(
                    plan.file(),
                    run.change().base(),
                    false,
                    made(actor, plan.steps(), batches.owners(), run.change()),
                    batches.count(),
                    Optional.of(run.policy())));
        } catch (FabricException e) {
            if (isStale(actor, plan.revision(), e) && !last) {
                return Optional.empty();
            }
            throw refused(actor, yaml, plan, e.operation().map(batches::step), "", e);
        }
    }

    /**
     * Makes the fabric what the file says.
     *
     * @throws FileException if the file is wrong or the fabric refuses it; then nothing was changed, or with several
     *     transactions what the message says
     */
    public FilePlan apply(FabricManager actor, String yaml, FileOptions options) {
        for (int attempt = 1; ; attempt++) {
            FilePlan plan = compare(actor, yaml, options);
            Optional<FileStep> refused = plan.steps().stream()
                    .filter(step -> !step.refused().isEmpty())
                    .findFirst();
            if (refused.isPresent()) {
                throw FileException.refused(
                        "",
                        refused.get().path(),
                        refused.get().refused(),
                        FabricException.conflict(
                                refused.get().kind().label(), refused.get().refused()));
            }
            Optional<FilePlan> done = run(actor, yaml, plan, attempt == ATTEMPTS_MAX);
            if (done.isPresent()) {
                return done.get();
            }
        }
    }

    /** @param last false: empty if something was refused that may have become wrong since the comparison */
    private Optional<FilePlan> run(FabricManager actor, String yaml, FilePlan plan, boolean last) {
        Batches batches = new Batches(plan.steps(), operationsMax);
        List<FileStep> steps = plan.steps();
        long revision = plan.revision();
        for (int i = 0; i < batches.count(); i++) {
            try {
                FabricChange change = actor.run(batches.request(i));
                revision = change.revision();
                steps = made(actor, steps, batches.owners(i), change);
            } catch (FabricException e) {
                if (isStale(actor, revision, e) && !last) {
                    return Optional.empty();
                }
                String done =
                        i == 0 ? "" : "(the first " + i + " of " + batches.count() + " transactions were committed) ";
                int batch = i;
                throw refused(actor, yaml, plan, e.operation().map(place -> batches.step(batch, place)), done, e);
            }
        }
        return Optional.of(
                new FilePlan(plan.file(), revision, batches.count() > 0, steps, batches.count(), Optional.empty()));
    }

    /** Whether what was compared may be no longer so: what refuses may know a change before this manager's model does. */
    private static boolean isStale(FabricManager actor, long revision, FabricException refusal) {
        return refusal.code() == FabricException.Code.CHANGED || actor.revision() != revision;
    }

    private FilePlan compare(FabricManager fabric, String yaml, FileOptions options) {
        FabricFile file = FabricFile.read(yaml);
        for (int attempt = 1; ; attempt++) {
            Names names = Names.of(fabric);
            long revision = names.revision();
            List<FileStep> steps = new Replacing(file, names, options, revision, fabric::users).steps();
            // Who needs what is asked while objects are replaced: of the same fabric, if it can be had.
            if (!options.replace() || fabric.revision() == revision || attempt == ATTEMPTS_MAX) {
                int transactions = new Batches(steps, operationsMax).count();
                return new FilePlan(file.name(), revision, false, steps, transactions, Optional.empty());
            }
        }
    }

    /**
     * Steps with what was allocated for the objects they make.
     *
     * @param owners for each result, the place of its step
     */
    private static List<FileStep> made(
            FabricManager fabric, List<FileStep> steps, List<Integer> owners, FabricChange change) {
        List<FileStep> told = new ArrayList<>(steps);
        ObjectForm form = null;
        for (int place = 0; place < owners.size(); place++) {
            FileStep step = steps.get(owners.get(place));
            if (step.action() == FileStep.Action.CREATE) {
                form = form == null ? new ObjectForm(Names.of(fabric).with(change.changes())) : form;
                ObjectNode object = form.of(change.results().get(place));
                told.set(owners.get(place), step.withFields(Comparison.given(object)));
            }
        }
        return told;
    }

    private static FileException refused(
            FabricManager fabric,
            String yaml,
            FilePlan plan,
            Optional<FileStep> step,
            String done,
            FabricException refusal) {
        FabricFile file = FabricFile.read(yaml);
        String path = step.map(FileStep::path).orElse("");
        String place = step.map(each -> file.entries().stream()
                                .filter(entry -> entry.path().equals(path) && entry.kind() == each.kind())
                                .findFirst()
                                .map(entry -> "line " + file.text().line(entry.document(), path) + ": ")
                                .orElse("")
                        + each.describe()
                        + ": ")
                .orElse("");
        Names names = Names.of(fabric);
        plan.steps().forEach(names::announce);
        return FileException.refused(done + place, path, new FileTerms(names::key).message(refusal), refusal);
    }

    /** A file as text. The tree is what {@link #plan} and {@link #apply} take, in the order in which it is to be read. */
    public static String text(ObjectNode file) {
        return YamlText.write(file);
    }

    /**
     * The whole fabric as a file; applied to an empty fabric it makes the same objects with the same addresses, VSIDs and
     * MACs. Ids, histories, and the MAC pool that each fabric begins with are not in it.
     *
     * @param name of the file
     */
    public static String export(FabricManager fabric, String name) {
        Names names = Names.of(fabric);
        ObjectForm form = new ObjectForm(names);
        ObjectNode file = FabricJson.mapper().createObjectNode().put("name", name);
        for (Kind kind : Kind.ofFabric()) {
            ArrayNode list = FabricJson.mapper().createArrayNode();
            // VM subnets of several networks can have one name: their networks tell them apart, ids would do so at
            // random.
            names.all(kind).stream()
                    .filter(object -> !names.comesByItself(object))
                    .sorted(Comparator.comparing(
                            object -> names.key(object.id()).orElseThrow()))
                    .forEach(object -> list.add(form.of(object)));
            if (!list.isEmpty()) {
                file.set(kind.path(), list);
            }
        }
        return YamlText.write(file);
    }
}
