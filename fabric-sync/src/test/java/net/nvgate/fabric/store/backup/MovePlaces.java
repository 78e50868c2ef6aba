package net.nvgate.fabric.store.backup;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.store.SqlitePlace;
import net.nvgate.fabric.store.StorePlace;
import net.nvgate.fabric.store.etcd.EtcdPlace;
import net.nvgate.fabric.store.etcd.EtcdSettings;

/** The two places that a manager knows: its state directory, and a prefix in etcd. */
record MovePlaces(Path directory, String endpoint, String prefix) {

    static final String SQLITE = "sqlite";
    static final String ETCD = "etcd";

    StorePlace place(String name) {
        return name.equals(SQLITE)
                ? new SqlitePlace(directory)
                : new EtcdPlace(new EtcdSettings(
                        List.of(URI.create(endpoint)),
                        prefix,
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(10)));
    }

    String other(String name) {
        return name.equals(SQLITE) ? ETCD : SQLITE;
    }

    StoreMove.Named named(String name) {
        return new StoreMove.Named(name, place(name));
    }

    MoveJournal journal() {
        return new MoveJournal(directory);
    }

    /** The place to open at a start. */
    StorePlace inCharge(String configured) {
        return place(StoreInCharge.find(journal(), configured, this::place, Clock.systemUTC()));
    }
}
