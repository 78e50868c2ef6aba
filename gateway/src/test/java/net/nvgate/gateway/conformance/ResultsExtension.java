package net.nvgate.gateway.conformance;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Writes down which test methods ran and whether all their runs passed, for {@link ConformanceIT}. Found by JUnit itself. */
public final class ResultsExtension implements InvocationInterceptor, BeforeAllCallback {

    static final Path FILE = Path.of("target/conformance-results.txt");

    /** Written when JUnit ends. */
    private record Results(Map<String, Boolean> passed) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (passed.isEmpty()) {
                return;
            }
            Files.createDirectories(FILE.getParent());
            Files.write(
                    FILE,
                    passed.entrySet().stream()
                            .map(e -> e.getKey() + (e.getValue() ? " passed" : " failed"))
                            .toList());
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        results(context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        note(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        note(invocation, context);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<@Nullable Void> invocation, DynamicTestInvocationContext dynamic, ExtensionContext context)
            throws Throwable {
        note(invocation, context);
    }

    private static void note(Invocation<@Nullable Void> invocation, ExtensionContext context) throws Throwable {
        boolean passed = false;
        try {
            invocation.proceed();
            passed = true;
        } finally {
            // The IT that reads the file leaves it as it is.
            if (!name(context).startsWith(ConformanceIT.class.getName())) {
                results(context).passed().merge(name(context), passed, Boolean::logicalAnd);
            }
        }
    }

    /** A dynamic test has its method further up. */
    private static String name(ExtensionContext context) {
        ExtensionContext c = context;
        while (c.getTestMethod().isEmpty()) {
            c = c.getParent().orElseThrow();
        }
        return c.getRequiredTestClass().getName() + "#"
                + c.getRequiredTestMethod().getName();
    }

    private static Results results(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(Results.class, _ -> new Results(new ConcurrentSkipListMap<>()), Results.class);
    }
}
