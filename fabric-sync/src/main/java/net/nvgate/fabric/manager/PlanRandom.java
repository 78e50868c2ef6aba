package net.nvgate.fabric.manager;

import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Randomness that depends on what is planned, and on what: the same operations on the same revision get the same ids and
 * values, so that a dry run can say what the commit will do. With the fabric's id as seed that is so on every manager
 * of the store, and after a restart: of two managers that make up the same ids at once, the store refuses the second, which plans again.
 */
final class PlanRandom {

    /** Odd, without a pattern, and not the step of SplittableRandom. */
    private static final long SPREAD = 0xD6E8FEB86659FD93L;

    private final long first;
    private final long second;

    PlanRandom(RandomGenerator random) {
        first = random.nextLong();
        second = random.nextLong();
    }

    /** The same for all managers of a fabric. */
    PlanRandom(UUID fabricId) {
        first = fabricId.getMostSignificantBits();
        second = fabricId.getLeastSignificantBits();
    }

    /**
     * @param plan what is asked for; its text is what counts, as hash codes of enums and of what has no order differ between
     *     processes
     */
    RandomGenerator of(long revision, Object plan) {
        SplittableRandom ofRevision = new SplittableRandom(first ^ spread(revision));
        SplittableRandom ofPlan = new SplittableRandom(
                second ^ spread(revision ^ (long) plan.toString().hashCode() << 32));
        return () -> ofRevision.nextLong() ^ ofPlan.nextLong();
    }

    private static long spread(long value) {
        return Long.reverse(value * SPREAD) * SPREAD;
    }
}
