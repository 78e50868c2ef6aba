package net.nvgate.fabric.file;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.policy.PolicyDifference;

/**
 * What applying a file does, or did.
 *
 * @param file name of the file
 * @param revision of the fabric it was compared with; after it was applied, the one it made
 * @param steps none if the fabric is as the file says
 * @param transactions how many revisions it takes
 * @param policy difference to each gateway and host, by all transactions together; empty if it was applied, or is not known
 *     because a step is refused
 */
public record FilePlan(
        String file,
        long revision,
        boolean committed,
        List<FileStep> steps,
        int transactions,
        Optional<List<PolicyDifference>> policy) {

    public FilePlan {
        steps = List.copyOf(steps);
    }

    /** False if a step is refused. */
    public boolean isApplicable() {
        return steps.stream().allMatch(step -> step.refused().isEmpty());
    }
}
