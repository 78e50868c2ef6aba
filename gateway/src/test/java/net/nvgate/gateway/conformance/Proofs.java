package net.nvgate.gateway.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** What the annotations of all test classes say. */
final class Proofs {

    /**
     * A test, and a requirement that it says to prove.
     *
     * @param requirement as it stands in the annotation
     * @param method null = every test of the class
     */
    record Proof(String requirement, Class<?> type, String method) {

        /** For the table. */
        String test() {
            String name =
                    type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
            return method.isEmpty() ? name : name + "." + method;
        }
    }

    private Proofs() {}

    static List<Proof> find() {
        Path root;
        try {
            root = Path.of(Proofs.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        List<Proof> proofs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.map(root::relativize)
                    .map(Path::toString)
                    .filter(f -> f.endsWith(".class") && !f.endsWith("-info.class"))
                    .sorted()
                    .map(f -> load(f.substring(0, f.length() - 6).replace('/', '.')))
                    .forEach(type -> add(type, proofs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return proofs;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Proofs.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(Class<?> type, List<Proof> proofs) {
        Requirement onClass = type.getAnnotation(Requirement.class);
        if (onClass != null) {
            if (tests(type).isEmpty()) {
                throw new IllegalStateException(type + " has @Requirement but no test");
            }
            Arrays.stream(onClass.value()).forEach(id -> proofs.add(new Proof(id, type, "")));
        }
        for (Method method : type.getDeclaredMethods()) {
            Requirement onMethod = method.getAnnotation(Requirement.class);
            if (onMethod != null) {
                if (!isTest(method)) {
                    throw new IllegalStateException(method + " has @Requirement but is no test");
                }
                Arrays.stream(onMethod.value()).forEach(id -> proofs.add(new Proof(id, type, method.getName())));
            }
        }
    }

    /** Names of the test methods of a class. */
    static List<String> tests(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(Proofs::isTest)
                .map(Method::getName)
                .distinct()
                .toList();
    }

    private static boolean isTest(Method method) {
        return AnnotationSupport.isAnnotated(method, Testable.class);
    }
}
