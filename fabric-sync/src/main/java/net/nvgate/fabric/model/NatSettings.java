package net.nvgate.fabric.model;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a NAT connection behaves.
 *
 * @param portBlockSize ports are given to an inside address in blocks of this size: a power of two, 64..4096; 0 = one by
 *     one
 * @param deterministicPrefixes inside prefixes whose hosts have computed port ranges (RFC 7422); empty = none
 * @param algs those that are on, in the order of the enum
 */
public record NatSettings(
        Filtering filtering,
        NatTimeouts timeouts,
        int portBlockSize,
        List<IpPrefix> deterministicPrefixes,
        Set<Alg> algs) {

    public static final int BLOCK_MIN = 64;
    public static final int BLOCK_MAX = 4096;
    /** Most deterministic prefixes of a connection. */
    public static final int DETERMINISTIC_MAX = 8;

    public static final NatSettings DEFAULT =
            new NatSettings(Filtering.ADDRESS_AND_PORT_DEPENDENT, NatTimeouts.DEFAULT, 0, List.of(), Set.of(Alg.FTP));

    private static final String OBJECT = "nat-settings";

    public NatSettings {
        Rules.required(OBJECT, "filtering", filtering);
        Rules.required(OBJECT, "timeouts", timeouts);
        portBlockSize(OBJECT, portBlockSize);
        deterministicPrefixes = Rules.list(OBJECT, "deterministicPrefixes", deterministicPrefixes);
        algs = ordered(algs);
    }

    /** @throws ModelException unless the size is 0 or a power of two, 64..4096 */
    static int portBlockSize(String object, int size) {
        boolean block = BLOCK_MIN <= size && size <= BLOCK_MAX && Integer.bitCount(size) == 1;
        if (size != 0 && !block) {
            throw new ModelException(
                    object, "portBlockSize", size, "must be 0 or a power of two, " + BLOCK_MIN + ".." + BLOCK_MAX);
        }
        return size;
    }

    /** Equal sets in the same order, so that equal settings look the same wherever they are written. */
    static Set<Alg> ordered(Collection<Alg> algs) {
        return Collections.unmodifiableSet(new TreeSet<>(algs));
    }
}
