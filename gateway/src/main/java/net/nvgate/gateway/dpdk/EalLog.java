package net.nvgate.gateway.dpdk;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings DPDK's log lines into ours: DPDK writes to a pipe, a daemon thread reads it. The pipe never blocks the writer (a
 * worker may be the one that logs), so a storm of lines loses some.
 *
 * <p>DPDK's lines carry no level. A line that speaks of failure becomes a warning, everything else is info.
 */
final class EalLog {

    private static final Logger LOG = LoggerFactory.getLogger("net.nvgate.gateway.dpdk.eal");
    private static final Pattern BAD = Pattern.compile(
            "(?i)\\b(err(or)?|fail(ed|ure|s)?|cannot|can't|could ?n[o']t|unable|invalid|fatal|panic|no free|not enough)\\b");

    private EalLog() {}

    /** Redirects DPDK's log for the rest of the process. */
    static void redirect() {
        int[] ends = Libc.pipe();
        long file = Libc.fdopen(ends[1]);
        try {
            // Opening the end anew gives one that blocks: the reader has nothing else to do.
            FileInputStream in = new FileInputStream("/proc/self/fd/" + ends[0]);
            Libc.close(ends[0]);
            Thread.ofPlatform().daemon().name("eal-log").start(() -> read(in));
        } catch (IOException e) {
            throw new DpdkException("cannot read DPDK's log: " + e.getMessage(), e);
        }
        int result = NativeCall.intCall(
                DpdkLibrary.downcall(
                        "rte_openlog_stream", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)),
                file);
        if (result != 0) {
            throw new DpdkException("rte_openlog_stream", -result);
        }
    }

    private static void read(FileInputStream pipe) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(pipe, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log(line.strip());
            }
        } catch (IOException e) {
            LOG.warn("DPDK's log ends: {}", e.getMessage());
        }
    }

    static void log(String line) {
        if (line.isEmpty()) {
            return;
        }
        if (isBad(line)) {
            LOG.warn("{}", line);
        } else {
            LOG.info("{}", line);
        }
    }

    static boolean isBad(String line) {
        return BAD.matcher(line).find();
    }
}
