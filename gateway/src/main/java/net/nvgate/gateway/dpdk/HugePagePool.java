package net.nvgate.gateway.dpdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The kernel's pool of hugetlb pages. */
final class HugePagePool {

    private static final Path SIZES = Path.of("/sys/kernel/mm/hugepages");

    private HugePagePool() {}

    /** MiB in free pages of all sizes. */
    static long freeMib() {
        if (!Files.isDirectory(SIZES)) {
            return 0;
        }
        try (Stream<Path> sizes = Files.list(SIZES)) {
            return sizes.mapToLong(HugePagePool::freeMib).sum();
        } catch (IOException e) {
            throw new DpdkException("cannot read " + SIZES + ": " + e.getMessage(), e);
        }
    }

    /** @param size e.g. hugepages-2048kB */
    private static long freeMib(Path size) {
        String name = size.getFileName().toString();
        long kib = Long.parseLong(name.substring("hugepages-".length(), name.length() - "kB".length()));
        try {
            return Long.parseLong(
                            Files.readString(size.resolve("free_hugepages")).strip())
                    * kib
                    / 1024;
        } catch (IOException e) {
            throw new DpdkException("cannot read " + size + ": " + e.getMessage(), e);
        }
    }
}
