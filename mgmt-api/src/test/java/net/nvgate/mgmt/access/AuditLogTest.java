package net.nvgate.mgmt.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import net.nvgate.fabric.model.AuditEvent;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.mgmt.access.AuditLog.Happened;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When events of the audit log are stored, and which of them go. */
class AuditLogTest {

    private static final int EVENTS_MAX = 4;

    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock();
    private final AtomicInteger failing = new AtomicInteger();
    private FabricStore store;
    private AccessBook book;
    private AuditLog log;

    @BeforeEach
    void open() {
        store = SqliteStore.open(directory);
        book = new AccessBook(sometimesFailing(store));
        log = new AuditLog(book, clock, EVENTS_MAX);
    }

    @AfterEach
    void close() throws Exception {
        book.close();
        store.close();
    }

    private FabricStore sometimesFailing(FabricStore real) {
        return (FabricStore) Proxy.newProxyInstance(
                FabricStore.class.getClassLoader(), new Class<?>[] {FabricStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("apply") && failing.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        throw new IllegalStateException("not now");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void happened(String operation, String actor, int status) {
        clock.move(Duration.ofMillis(1));
        log.add(new Happened(operation, actor, "192.0.2.1", "r", false, status, "/", ""));
    }

    private void refusedStranger(String name) {
        log.add(new Happened("login", name, "192.0.2.9", "r", true, 401, "/", "wrong"));
    }

    private List<AuditEvent> stored() {
        return log.list(Optional.empty(), Optional.empty(), 100);
    }

    @Test
    void whatStrangersDoIsCountedForMinutesAndMakesOneEvent() {
        for (int i = 0; i < 300; i++) {
            refusedStranger("name" + i);
            log.save(false);
        }
        assertThat(stored()).isEmpty();
        clock.move(Duration.ofMinutes(10));
        log.save(false);
        assertThat(stored()).singleElement().satisfies(event -> {
            assertThat(event.times()).isEqualTo(300);
            assertThat(event.actor()).isEqualTo("several");
        });
    }

    @Test
    void whatStrangersDoIsStoredWithTheNextOtherEvent() {
        refusedStranger("mallory");
        happened("login", "alice", 200);
        log.save(false);
        assertThat(stored()).extracting(AuditEvent::actor).containsExactlyInAnyOrder("mallory", "alice");
    }

    @Test
    void refusalsGoFirstIfTheyAreMoreThanHalf() {
        for (String operation : List.of("a", "b")) {
            happened(operation, "alice", 200);
            log.save(false);
        }
        for (String operation : List.of("c", "d", "e")) {
            happened(operation, "alice", 403);
            log.save(false);
        }
        assertThat(stored()).extracting(AuditEvent::name).containsExactly("e", "d", "b", "a");
        happened("f", "alice", 200);
        log.save(false);
        assertThat(stored()).extracting(AuditEvent::name).containsExactly("f", "e", "d", "b");
    }

    @Test
    void whatCannotBeStoredWaitsWhateverIsWrong() {
        happened("login", "alice", 200);
        refusedStranger("mallory");
        failing.set(1);
        log.save(false);
        assertThat(stored()).isEmpty();
        log.save(false);
        assertThat(stored()).extracting(AuditEvent::actor).containsExactlyInAnyOrder("mallory", "alice");
    }
}
