package net.nvgate.gateway.route;

import java.lang.foreign.Arena;

/** Table memory for tests: stays until the process ends, as the real one does. */
public final class TestMemory {

    private TestMemory() {}

    public static long allocate(long bytes, int align) {
        return Arena.global().allocate(bytes, align).address();
    }
}
