package net.nvgate.appliance;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Classes that a program names in its constant pools, directly or through classes of its own, sought in a directory of jars.
 * Libraries are not followed: they name many classes that are optional.
 */
final class NamedClasses {

    private static final String OWN = "net/nvgate/";

    private final Map<String, byte[]> own = new HashMap<>();
    private final Set<String> all = new HashSet<>();

    NamedClasses(Path jars) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(jars)) {
            files = listed.toList();
        }
        for (Path file : files) {
            try (JarFile jar = new JarFile(file.toFile())) {
                for (JarEntry entry : jar.stream().toList()) {
                    take(jar, entry);
                }
            }
        }
    }

    private void take(JarFile jar, JarEntry entry) throws IOException {
        if (!entry.getName().endsWith(".class")) {
            return;
        }
        String name = entry.getName().substring(0, entry.getName().length() - ".class".length());
        all.add(name);
        if (name.startsWith(OWN)) {
            try (var in = jar.getInputStream(entry)) {
                own.put(name, in.readAllBytes());
            }
        }
    }

    /**
     * @param start internal name of the program's main class
     * @param platform packages of the Java platform that are there, with dots
     * @return what is named and is nowhere, with who names it
     */
    Set<String> missing(String start, Set<String> platform) {
        Set<String> missing = new TreeSet<>();
        Set<String> seen = new HashSet<>(Set.of(start));
        Deque<String> next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            String reader = next.remove();
            for (String name : named(Objects.requireNonNull(own.get(reader), reader))) {
                if (own.containsKey(name) && seen.add(name)) {
                    next.add(name);
                } else if (!all.contains(name) && !platform.contains(packageOf(name))) {
                    missing.add(name + ", named by " + reader);
                }
            }
        }
        return missing;
    }

    private static String packageOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/'))).replace('/', '.');
    }

    private static Set<String> named(byte[] bytes) {
        Set<String> names = new HashSet<>();
        for (PoolEntry entry : ClassFile.of().parse(bytes).constantPool()) {
            if (entry instanceof ClassEntry named) {
                String name = named.asInternalName().replaceFirst("^\\[+L?", "").replaceFirst(";$", "");
                if (name.length() > 1) { // not the B of byte[]
                    names.add(name);
                }
            }
        }
        return names;
    }
}
