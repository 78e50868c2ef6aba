package net.nvgate.gateway.dpdk;

import java.security.SecureRandom;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts DPDK for the tests of this JVM: ordinary memory, no hardware, once; all test classes with
 * {@code @ExtendWith(EalExtension.class)} share it. They choose unique names for devices and pools, and close theirs.
 */
public final class EalExtension implements BeforeAllCallback {

    private static final int MEMORY_MIB = 384;

    /** Closed by JUnit at the end of the run. */
    private record SharedEal(Eal eal) implements AutoCloseable {
        @Override
        public void close() {
            eal.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        var _ = context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(SharedEal.class, key -> start(), SharedEal.class);
    }

    private static SharedEal start() {
        String prefix = "nvgtest-" + Integer.toHexString(new SecureRandom().nextInt());
        return new SharedEal(Eal.init(EalOptions.small(prefix, MEMORY_MIB)));
    }
}
