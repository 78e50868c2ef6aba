package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.store.ManagerBoard;
import net.nvgate.fabric.store.StoreException;

/** Notes as keys, each with its manager's lease. A note that has not changed costs a renewal of the lease, which etcd writes nowhere. */
final class EtcdBoard implements ManagerBoard {

    private static final Duration STEP_MAX = Duration.ofSeconds(2);
    private static final long NONE = 0;

    private final EtcdConnection connection;
    private final EtcdKeys keys;

    private long lease = NONE;
    private ByteSequence left = ByteSequence.EMPTY;

    EtcdBoard(EtcdConnection connection, EtcdKeys keys) {
        this.connection = connection;
        this.keys = keys;
    }

    @Override
    public synchronized void leave(UUID manager, byte[] note, Duration life) {
        if (note.length > NOTE_BYTES_MAX) {
            throw new IllegalArgumentException("a note has at most " + NOTE_BYTES_MAX + " bytes, not " + note.length);
        }
        ByteSequence next = ByteSequence.from(note);
        boolean there = renewed();
        if (!there) {
            lease = connection
                    .call(
                            "get a lease",
                            Deadline.in(STEP_MAX),
                            client -> client.getLeaseClient().grant(life.toSeconds()))
                    .getID();
        }
        if (!there || !next.equals(left)) {
            PutOption leased = PutOption.builder().withLeaseId(lease).build();
            connection.call(
                    "leave a note",
                    Deadline.in(STEP_MAX),
                    client -> client.getKVClient().put(keys.note(manager), next, leased));
            left = next;
        }
    }

    /** False if there is no lease, or none any more. */
    private boolean renewed() {
        if (lease == NONE) {
            return false;
        }
        long held = lease;
        lease = NONE;
        try {
            boolean lives = connection
                            .call(
                                    "keep a lease",
                                    Deadline.in(STEP_MAX),
                                    client -> client.getLeaseClient().keepAliveOnce(held))
                            .getTTL()
                    > 0;
            lease = lives ? held : NONE;
            return lives;
        } catch (StoreException e) {
            // Expired, or nobody answers: the next step finds out.
            return false;
        }
    }

    @Override
    public Map<UUID, byte[]> read() {
        Map<UUID, byte[]> notes = new HashMap<>();
        connection
                .call(
                        "read notes",
                        Deadline.in(STEP_MAX),
                        client -> client.getKVClient()
                                .get(
                                        keys.notes(),
                                        GetOption.builder().isPrefix(true).build()))
                .getKvs()
                .forEach(entry ->
                        notes.put(keys.noteOf(entry.getKey()), entry.getValue().getBytes()));
        return notes;
    }

    @Override
    public synchronized void remove(UUID manager) {
        long held = lease;
        lease = NONE;
        left = ByteSequence.EMPTY;
        if (held != NONE) {
            EtcdErrors.afterwards(
                    "the note of this manager stays for some seconds",
                    () -> connection.call(
                            "take a note back",
                            Deadline.in(STEP_MAX),
                            client -> client.getLeaseClient().revoke(held)));
        }
    }
}
