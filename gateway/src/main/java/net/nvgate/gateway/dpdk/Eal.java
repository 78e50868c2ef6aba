package net.nvgate.gateway.dpdk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DPDK's Environment Abstraction Layer: memory, buses, threads. Once per process: after {@link #close} it cannot start
 * again.
 */
public final class Eal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Eal.class);
    private static final AtomicReference<State> STATE = new AtomicReference<>(State.NEW);
    private static final AtomicReference<@Nullable Eal> RUNNING = new AtomicReference<>();

    private enum State {
        NEW,
        RUNNING,
        CLOSED
    }

    private final boolean hugePages;

    private Eal(boolean hugePages) {
        this.hugePages = hugePages;
    }

    /**
     * Begins to load DPDK and to look up its functions, by a thread of its own: a third of what is done until ports are up, and it needs no
     * configuration. {@link #init} waits for it and tells what went wrong.
     */
    public static void prepare() {
        Thread.ofPlatform().daemon().name("dpdk-load").start(() -> {
            try {
                DpdkLibrary.load();
            } catch (DpdkException e) {
                LOG.debug("DPDK cannot be loaded, as will be told by who starts it", e);
            }
        });
    }

    /**
     * Loads DPDK and starts it. The calling thread and later threads stay as free to run anywhere as they were.
     *
     * @throws DpdkException if DPDK is missing, of an unknown ABI, needs another CPU, or refuses to start; the reason is
     *     in its log lines
     */
    public static Eal init(EalOptions options) {
        DpdkLibrary.load();
        if (!STATE.compareAndSet(State.NEW, State.RUNNING)) {
            throw new DpdkException("EAL has been started in this process before");
        }
        EalLog.redirect();
        boolean huge = chooseMemory(options);
        List<String> arguments = options.toArguments(huge, LcoreThreads.allowedCpus());
        LOG.info("starting DPDK ABI {}: {}", DpdkAbi.current(), String.join(" ", arguments));
        int parsed = inThrowAwayThread(arguments);
        if (parsed < 0) {
            throw new DpdkException("DPDK does not start with " + arguments + "; see its log lines above");
        }
        Eal eal = new Eal(huge);
        RUNNING.set(eal);
        return eal;
    }

    /** True between {@link #init} and {@link #close}. */
    public static boolean running() {
        return RUNNING.get() != null;
    }

    /** True if memory of DPDK is hugetlb pages. */
    static boolean runningWithHugePages() {
        Eal eal = RUNNING.get();
        return eal != null && eal.hugePages;
    }

    public boolean hugePages() {
        return hugePages;
    }

    private static boolean chooseMemory(EalOptions options) {
        if (options.hugePages() == EalOptions.HugePages.OFF) {
            return false;
        }
        long freeMib = HugePagePool.freeMib();
        if (freeMib >= options.memoryMib()) {
            return true;
        }
        String lack = "free hugepages hold " + freeMib + " MiB, wanted are " + options.memoryMib() + " MiB";
        if (options.hugePages() == EalOptions.HugePages.ON) {
            throw new DpdkException(lack + "; set vm.nr_hugepages, or huge-pages: auto or off");
        }
        LOG.warn("running without hugepages, which is slower with many flows: {}", lack);
        return false;
    }

    /** rte_eal_init pins the thread that calls it, and threads born of that one inherit it: so it gets its own. */
    private static int inThrowAwayThread(List<String> arguments) {
        FutureTask<Integer> init = new FutureTask<>(() -> {
            // EAL keeps pointers into argv.
            Arena arena = Arena.global();
            MemorySegment argv = arena.allocate(ValueLayout.ADDRESS, arguments.size() + 1L);
            for (int i = 0; i < arguments.size(); i++) {
                argv.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(arguments.get(i)));
            }
            return NativeCall.intCall(
                    DpdkLibrary.downcall(
                            "rte_eal_init",
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS)),
                    arguments.size(),
                    argv);
        });
        Thread.ofPlatform().name("eal-init").start(init);
        return Waiting.uninterruptibly(init);
    }

    /** Gives everything back. Ports must be closed and workers stopped before. Idempotent. */
    @Override
    public void close() {
        if (!STATE.compareAndSet(State.RUNNING, State.CLOSED)) {
            return;
        }
        RUNNING.set(null);
        Path runtimeDirectory = runtimeDirectory();
        int result = NativeCall.intCall(
                DpdkLibrary.downcall("rte_eal_cleanup", FunctionDescriptor.of(ValueLayout.JAVA_INT)));
        if (result != 0) {
            LOG.warn("rte_eal_cleanup: {}", RteErrno.describe(-result));
        }
        removeRuntimeDirectory(runtimeDirectory);
    }

    /** E.g. /var/run/dpdk/nvgate. DPDK makes it but leaves it behind. */
    private static Path runtimeDirectory() {
        return Path.of(CStrings.read(
                NativeCall.longCall(
                        DpdkLibrary.downcall("rte_eal_get_runtime_dir", FunctionDescriptor.of(ValueLayout.JAVA_LONG))),
                4096));
    }

    private static void removeRuntimeDirectory(Path directory) {
        try {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.list(directory)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(directory);
            }
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", directory, e.toString());
        }
    }
}
