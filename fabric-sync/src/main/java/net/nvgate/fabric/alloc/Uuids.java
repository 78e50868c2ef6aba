package net.nvgate.fabric.alloc;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Random UUIDs (version 4, RFC 9562 §5.4) from a given generator, so that a simulation can repeat them. */
public final class Uuids {

    private Uuids() {}

    public static UUID random(RandomGenerator random) {
        long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
