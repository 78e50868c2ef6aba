package net.nvgate.gateway.dpdk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds DPDK's shared libraries, checks that this code knows their ABI and that the CPU can run them, loads them once.
 *
 * <p>Directories searched: the system property {@code nvgate.dpdk.library-path}, LD_LIBRARY_PATH, then where distributions
 * and {@code ninja install} put libraries.
 */
final class DpdkLibrary {

    private static final List<String> LIBRARIES = List.of("eal", "ring", "mempool", "mbuf", "ethdev");
    private static final List<String> SYSTEM_DIRECTORIES = List.of(
            "/usr/local/lib/x86_64-linux-gnu",
            "/usr/local/lib64",
            "/usr/local/lib",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib64");
    private static final Pattern EAL_FILE = Pattern.compile("librte_eal\\.so\\.(\\d+)");

    private static boolean tried;
    /** Why it cannot be loaded, null if it has been. */
    private static @Nullable String failure;

    /** A library directory and the ABI number in its file names. */
    record Installed(Path directory, int abi) {}

    private static final class Holder {
        private static final Installed INSTALLED = choose(installed(directories()));
        private static final DpdkAbi ABI = DpdkAbi.find(INSTALLED.abi()).orElseThrow();
    }

    private static final class Loaded {
        private static final SymbolLookup SYMBOLS = open(Holder.INSTALLED);
    }

    private DpdkLibrary() {}

    /**
     * Makes sure that everything is there before the first call, and looks up the functions that every gateway calls. Later calls end as the
     * first one did.
     *
     * @throws DpdkException saying what is missing
     */
    static synchronized void load() {
        if (!tried) {
            failure = failureToLoad();
            tried = true;
        }
        if (failure != null) {
            throw new DpdkException(failure);
        }
    }

    /** A class that could not be initialized once would say later that it could not, but not why: so what is found is kept. */
    private static @Nullable String failureToLoad() {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            CpuFeatures.check();
            for (Class<?> part : List.of(Holder.class, Loaded.class, Ethdev.class, Mempool.class, FastPath.class)) {
                lookup.ensureInitialized(part);
            }
            return null;
        } catch (DpdkException e) {
            return e.getMessage();
        } catch (ExceptionInInitializerError | NoClassDefFoundError | IllegalAccessException e) {
            return e.getCause() instanceof DpdkException cause ? cause.getMessage() : "cannot load DPDK: " + e;
        }
    }

    static DpdkAbi abi() {
        return Holder.ABI;
    }

    /** Address of an exported function or variable. Of a thread-local: the calling thread's copy. */
    static long address(String symbol) {
        return Loaded.SYMBOLS
                .find(symbol)
                .orElseThrow(() -> new DpdkException("DPDK " + abi() + " does not export " + symbol))
                .address();
    }

    static MethodHandle downcall(String symbol, FunctionDescriptor type, Linker.Option... options) {
        return Linker.nativeLinker()
                .downcallHandle(java.lang.foreign.MemorySegment.ofAddress(address(symbol)), type, options);
    }

    private static List<Path> directories() {
        List<Path> directories = new ArrayList<>();
        for (String path : new String[] {
            System.getProperty("nvgate.dpdk.library-path", ""),
            Optional.ofNullable(System.getenv("LD_LIBRARY_PATH")).orElse("")
        }) {
            Stream.of(path.split(":", -1))
                    .filter(part -> !part.isBlank())
                    .map(Path::of)
                    .forEach(directories::add);
        }
        SYSTEM_DIRECTORIES.stream().map(Path::of).forEach(directories::add);
        return directories;
    }

    static List<Installed> installed(List<Path> directories) {
        List<Installed> found = new ArrayList<>();
        for (Path directory : directories) {
            if (!Files.isDirectory(directory)) {
                continue;
            }
            try (Stream<Path> files = Files.list(directory)) {
                files.map(file -> EAL_FILE.matcher(file.getFileName().toString()))
                        .filter(Matcher::matches)
                        .map(match -> new Installed(directory, Integer.parseInt(match.group(1))))
                        .sorted(Comparator.comparingInt(Installed::abi).reversed())
                        .forEach(found::add);
            } catch (IOException e) {
                throw new DpdkException("cannot list " + directory + ": " + e.getMessage(), e);
            }
        }
        return found;
    }

    /** The first one of a known ABI. */
    static Installed choose(List<Installed> found) {
        if (found.isEmpty()) {
            throw new DpdkException("DPDK is not installed: no librte_eal.so.<abi> in " + directories()
                    + "; this build supports ABI " + DpdkAbi.supported());
        }
        return found.stream()
                .filter(installed -> DpdkAbi.find(installed.abi()).isPresent())
                .findFirst()
                .orElseThrow(() -> new DpdkException("DPDK's ABI is not supported: found "
                        + found.stream()
                                .map(installed -> installed.abi() + " in " + installed.directory())
                                .toList()
                        + ", this build supports " + DpdkAbi.supported()));
    }

    private static SymbolLookup open(Installed installed) {
        return LIBRARIES.stream()
                .map(name -> installed.directory().resolve("librte_" + name + ".so." + installed.abi()))
                .map(DpdkLibrary::open)
                .reduce(SymbolLookup::or)
                .orElseThrow();
    }

    private static SymbolLookup open(Path file) {
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new DpdkException("cannot load " + file + ": " + e.getMessage(), e);
        }
    }
}
