package net.nvgate.fabric.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files with certificates that somebody else keeps, read again when they change. If they change to something that cannot be
 * used, that is logged, and what was read before stays.
 */
final class WatchedFiles<T> implements AutoCloseable {

    static final Duration LOOK_DEFAULT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

    private final String what;
    private final List<Path> files;
    private final Reader<T> reader;
    private final Listeners listeners = new Listeners();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("identity-files").daemon().unstarted(task));

    private volatile T content;
    private List<String> stamps;
    private String lastLogged = "";

    /** Makes of the files what they mean. */
    interface Reader<T> {

        T read() throws IOException, GeneralSecurityException;
    }

    /**
     * @param what they are, for the log
     * @throws IOException if the files cannot be used; the message says which and why
     */
    WatchedFiles(String what, List<Path> files, Reader<T> reader, Duration look) throws IOException {
        this.what = what;
        this.files = List.copyOf(files);
        this.reader = reader;
        this.stamps = stamps();
        try {
            this.content = reader.read();
        } catch (GeneralSecurityException e) {
            throw new IOException(what + " cannot be used: " + e.getMessage(), e);
        }
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(this::look, look.toMillis(), look.toMillis(), TimeUnit.MILLISECONDS);
    }

    private List<String> stamps() throws IOException {
        List<String> now = new ArrayList<>();
        for (Path file : files) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            // The inode, too: two files of one size can take each other's place within one tick of the file system's
            // clock.
            now.add(attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey());
        }
        return now;
    }

    private void look() {
        try {
            List<String> now = stamps();
            if (!now.equals(stamps)) {
                content = reader.read();
                stamps = now;
                lastLogged = "";
                LOG.info("{} were read again, {}", what, content);
                listeners.tell();
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            String why = String.valueOf(e);
            if (!why.equals(lastLogged)) {
                lastLogged = why;
                LOG.warn("changed {} cannot be used, the ones before stay: {}", what, why);
            }
        }
    }

    T content() {
        return content;
    }

    Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
