package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.UUID;

/**
 * Keeps managers from compacting etcd's history while somebody reads the store as of one of its revisions, which may take
 * longer than the minute or two that history is kept otherwise. A key with a lease: if the reader dies, it goes by itself.
 */
final class EtcdHold implements AutoCloseable {

    static final int LEASE_SECONDS = 60;

    private static final Duration STEP_MAX = Duration.ofSeconds(10);
    private static final long RENEW_NANOS =
            Duration.ofSeconds(LEASE_SECONDS / 4).toNanos();

    private final EtcdConnection connection;
    private final long lease;
    private long renewedNanos = System.nanoTime();

    /** What is read afterwards, as of the present revision or a later one, stays while this is open. */
    EtcdHold(EtcdConnection connection, EtcdKeys keys) {
        this.connection = connection;
        lease = connection
                .call(
                        "hold etcd's history",
                        Deadline.in(STEP_MAX),
                        client -> client.getLeaseClient().grant(LEASE_SECONDS))
                .getID();
        ByteSequence key = keys.copy(UUID.randomUUID());
        PutOption leased = PutOption.builder().withLeaseId(lease).build();
        connection.call(
                "hold etcd's history",
                Deadline.in(STEP_MAX),
                client -> client.getKVClient().put(key, EtcdKeys.bytes(""), leased));
    }

    /** True if somebody holds the history. */
    static boolean any(EtcdConnection connection, EtcdKeys keys) {
        return connection
                        .call(
                                "look who reads the store",
                                Deadline.in(STEP_MAX),
                                client -> client.getKVClient()
                                        .get(
                                                keys.copies(),
                                                GetOption.builder()
                                                        .isPrefix(true)
                                                        .withCountOnly(true)
                                                        .build()))
                        .getCount()
                > 0;
    }

    /** Call it again and again while reading goes on. */
    void renew() {
        if (System.nanoTime() - renewedNanos > RENEW_NANOS) {
            connection.call(
                    "hold etcd's history",
                    Deadline.in(STEP_MAX),
                    client -> client.getLeaseClient().keepAliveOnce(lease));
            renewedNanos = System.nanoTime();
        }
    }

    @Override
    public void close() {
        EtcdErrors.afterwards(
                "etcd's history is held for another minute",
                () -> connection.call(
                        "let go of etcd's history",
                        Deadline.in(STEP_MAX),
                        client -> client.getLeaseClient().revoke(lease)));
    }
}
