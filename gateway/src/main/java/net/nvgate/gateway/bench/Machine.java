package net.nvgate.gateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Where figures come from.
 *
 * @param cpu as the kernel calls it
 * @param cpus that the bench might use
 * @param hugePages whether packets and tables were in hugetlb pages
 * @param transparentHugePages the kernel's setting, e.g. madvise
 * @param loadBefore processes that wanted to run in the minute before
 */
record Machine(
        String date,
        String cpu,
        int cpus,
        String kernel,
        String jvm,
        List<String> jvmFlags,
        boolean hugePages,
        String transparentHugePages,
        double loadBefore) {

    static Machine here(int cpus, boolean hugePages) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return new Machine(
                LocalDate.now(ZoneOffset.UTC).toString(),
                afterColon("/proc/cpuinfo", "model name"),
                cpus,
                System.getProperty("os.version"),
                System.getProperty("java.vm.version"),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                hugePages,
                chosen("/sys/kernel/mm/transparent_hugepage/enabled"),
                system.getSystemLoadAverage());
    }

    private static String afterColon(String file, String key) {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    /** The word in brackets. */
    private static String chosen(String file) {
        String text = Files.exists(Path.of(file)) ? read(file) : "[none]";
        return text.substring(text.indexOf('[') + 1, text.indexOf(']'));
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
