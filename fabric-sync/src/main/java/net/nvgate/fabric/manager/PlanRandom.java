package net.nvgate.fabric.manager;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Randomness that depends on what is planned, and on what: the same operations on the same revision get the same ids and
 * values, so that a dry run can say what the commit will do. 128 bits of it are of this process alone, so that two
 * managers of one store do not make up the same ids.
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

    /** @param plan what is asked for */
    RandomGenerator of(long revision, Object plan) {
        SplittableRandom ofRevision = new SplittableRandom(first ^ spread(revision));
        SplittableRandom ofPlan = new SplittableRandom(second ^ spread(revision ^ (long) plan.hashCode() << 32));
        return () -> ofRevision.nextLong() ^ ofPlan.nextLong();
    }

    private static long spread(long value) {
        return Long.reverse(value * SPREAD) * SPREAD;
    }
}
